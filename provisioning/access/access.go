package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Policy decides who may request, see, correct and decide, by the rules, the substitutes and the
// group memberships.
type Policy struct {
	Rules       *provisioning.Rules
	Memberships provisioning.Membership
	Now         func() time.Time
}

// askGroups is the timeout of a group membership lookup.
const askGroups = 5 * time.Second

// Authority returns the Authority of now.
func (a *Policy) Authority(tx provisioning.Tx) (provisioning.Authority, error) {
	named, err := namedSubstitutes(tx)
	return a.Rules.Authority(a.Now(), named), err
}

// Proven returns what the verified activity proves: the person, the stage whose channel it came
// from ("" for none), and their groups if that stage has an approver group.
func (a *Policy) Proven(ctx context.Context, by provisioning.Actor, channel provisioning.StageName) (provisioning.Click, error) {
	click := provisioning.Click{By: by, Channel: channel}
	stage, ok := a.Rules.Stages.Get(channel)
	if !ok || stage.ApproverGroup == "" || slices.Contains(stage.Approvers, by.ID) {
		return click, nil
	}
	groups, err := a.groupsOf(ctx, by, stage.ApproverGroup)
	click.Groups = groups
	return click, err
}

// groupsOf returns the group if the person belongs to it, else none.
func (a *Policy) groupsOf(ctx context.Context, who provisioning.Actor, group string) ([]string, error) {
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), askGroups)
	defer cancel()
	groups, err := a.Memberships.MemberOf(bounded, who.ID, []string{group})
	if err != nil {
		return nil, fmt.Errorf("ask whether %s belongs to %s: %w", who.ID, group, err)
	}
	return groups, nil
}

// InApproverGroup reports whether the person is a member of the approver group of any stage.
func (a *Policy) InApproverGroup(ctx context.Context, objectID string) (bool, error) {
	for _, stage := range a.Rules.Stages {
		if stage.ApproverGroup == "" {
			continue
		}
		groups, err := a.groupsOf(ctx, provisioning.Actor{ID: objectID}, stage.ApproverGroup)
		if err != nil || len(groups) > 0 {
			return len(groups) > 0, err
		}
	}
	return false, nil
}

// MayAsk returns nil if the person may request accounts: every member of the tenant, or the members
// of the configured group. It is CodeForbidden for others.
func (a *Policy) MayAsk(ctx context.Context, who provisioning.Actor) error {
	if a.Rules.RequesterGroup == "" {
		return nil
	}
	groups, err := a.groupsOf(ctx, who, a.Rules.RequesterGroup)
	if err == nil && len(groups) == 0 {
		return problem.Refuse(problem.CodeForbidden, "authority.asking")
	}
	return err
}

// MayAskOrAdministers is MayAsk that allows administrators too, who need not be in the group of
// requesters.
func (a *Policy) MayAskOrAdministers(ctx context.Context, who provisioning.Actor) error {
	if a.Rules.Authority(a.Now(), nil).Administrator(who) {
		return nil
	}
	return a.MayAsk(ctx, who)
}

// ErrGuest is the error of a guest of the tenant, who may neither request accounts nor be a
// substitute.
var ErrGuest = problem.Refuse(problem.CodeForbidden, "authority.guest")

// Profile is what Teams returns about a member of a conversation; fields are "" if absent.
type Profile struct {
	Role     string // "user", "guest"
	TenantID string
	Name     string // user principal name
}

// Guest reports whether the person is not of the tenant: by the role, by the tenant id, or by the
// user principal name with which Entra marks invited guests, ana_example.com#EXT#@….
func (p Profile) Guest(tenant string) bool {
	return strings.EqualFold(p.Role, "guest") ||
		p.TenantID != "" && !strings.EqualFold(p.TenantID, tenant) ||
		strings.Contains(strings.ToUpper(p.Name), "#EXT#")
}

// Own returns a request to its requester or an administrator. For others it is CodeNotFound, as for
// a folio that does not exist.
func (a *Policy) Own(tx provisioning.Tx, by provisioning.Actor, f provisioning.Folio) (provisioning.Request, error) {
	r, err := tx.Request(f)
	if problem.CodeOf(err) == problem.CodeNotFound {
		return r, notFound(f)
	}
	if err != nil {
		return r, err
	}
	reads, err := a.Reads(tx, r, by)
	if err == nil && !reads {
		err = notFound(f)
	}
	return r, err
}

func notFound(f provisioning.Folio) error {
	return problem.Refuse(problem.CodeNotFound, "request.not_found", "folio", string(f))
}

// Reads reports whether a person may read a request in their personal chat: its requester, or an
// administrator.
func (a *Policy) Reads(tx provisioning.Tx, r provisioning.Request, by provisioning.Actor) (bool, error) {
	if r.Requester.ID == by.ID {
		return true, nil
	}
	auth, err := a.Authority(tx)
	return err == nil && auth.Administrator(by), err
}

// Correctable returns a returned request to its requester. It is CodeForbidden for an
// administrator, who may only see it, CodeNotFound for others, and CodeConflict in any other state.
func (a *Policy) Correctable(tx provisioning.Tx, by provisioning.Actor, f provisioning.Folio) (provisioning.Request, error) {
	r, err := a.Own(tx, by, f)
	switch {
	case err != nil:
		return r, err
	case r.Requester.ID != by.ID:
		return r, problem.Refuse(problem.CodeForbidden, "authority.requester")
	case r.State != provisioning.StateReturned:
		return r, problem.Refuse(problem.CodeConflict, "state.request", "folio", string(f), "state", string(r.State))
	}
	return r, nil
}

// Search returns the search restricted to what the person may find, and their Reach: for those
// without one, their own lines (Requester); for others all lines (Requester ""), of which the caller
// leaves out what is neither within reach nor their own.
func (a *Policy) Search(tx provisioning.Tx, by provisioning.Actor, groups []string, q provisioning.AccountSearch) (provisioning.AccountSearch, Reach, error) {
	reach, err := a.Reach(tx, by, groups)
	switch {
	case err != nil:
		return q, reach, err
	case by.ID == "":
		return q, reach, problem.Refuse(problem.CodeForbidden, "authority.unknown")
	}
	if q.Requester = by.ID; !reach.None() {
		q.Requester = ""
	}
	return q, reach, nil
}

// MayReport returns nil if the person may see the figures of all requests there: an administrator in
// their personal chat or a stage's channel, anybody in the platform's, which is their department's. It
// is CodeForbidden for others, and in a channel of no stage, whoever asks: its members are unknown.
func (a *Policy) MayReport(by provisioning.Actor, personal bool, channel provisioning.StageName) error {
	administers := a.Rules.Authority(a.Now(), nil).Administrator(by)
	if by.ID != "" && (channel == provisioning.Platform || administers && (personal || channel != "")) {
		return nil
	}
	return problem.Refuse(problem.CodeForbidden, "authority.report")
}

// BindChannel records that an administrator binds a channel, by its id, to a stage. The caller
// stores the binding in the same transaction if bound is true. serves is the stage that the channel
// is bound to already: bound is false if that is another, because a channel belongs to one stage
// and its clicks are judged by that. It is CodeForbidden for others than administrators, and if
// there is no channel.
func (a *Policy) BindChannel(tx provisioning.Tx, by provisioning.Actor, stage, serves provisioning.StageName, channel string) (bound bool, err error) {
	auth, err := a.Authority(tx)
	switch {
	case err != nil:
		return false, err
	case !auth.Administrator(by):
		return false, problem.Refuse(problem.CodeForbidden, "authority.administrator")
	case channel == "":
		return false, problem.Refuse(problem.CodeForbidden, "authority.channel")
	case serves != "" && serves != stage:
		return false, nil
	}
	return true, tx.Record(provisioning.Entered{At: a.Now(), By: by, Act: "channel.register", Detail: map[string]string{
		"stage": string(stage), "channel": channel,
	}})
}
