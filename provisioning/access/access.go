package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Policy answers who may ask, see, correct and decide, from the rules, the substitutes
// named and the groups that people belong to.
type Policy struct {
	Rules       *provisioning.Rules
	Memberships provisioning.Membership
	Now         func() time.Time
}

// askGroups bounds the question whether somebody belongs to a group.
const askGroups = 5 * time.Second

// Authority returns who may decide now.
func (a *Policy) Authority(tx provisioning.Tx) (provisioning.Authority, error) {
	named, err := namedSubstitutes(tx)
	return a.Rules.Authority(a.Now(), named), err
}

// Proven returns what the verified activity proves about who clicks: themselves, the stage
// whose channel it came from ("" for none), and their groups where that stage asks.
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

// groupsOf returns the group, if the person belongs to it.
func (a *Policy) groupsOf(ctx context.Context, who provisioning.Actor, group string) ([]string, error) {
	bounded, cancel := context.WithTimeout(job.Urgent(ctx), askGroups)
	defer cancel()
	groups, err := a.Memberships.MemberOf(bounded, who.ID, []string{group})
	if err != nil {
		return nil, fmt.Errorf("ask whether %s belongs to %s: %w", who.ID, group, err)
	}
	return groups, nil
}

// MayAsk returns nil for whoever may ask for accounts: everybody of the tenant, or the
// members of the group that the rules name. It is CodeForbidden for others.
func (a *Policy) MayAsk(ctx context.Context, who provisioning.Actor) error {
	if a.Rules.RequesterGroup == "" {
		return nil
	}
	groups, err := a.groupsOf(ctx, who, a.Rules.RequesterGroup)
	if err == nil && len(groups) == 0 {
		return provisioning.Refuse(provisioning.CodeForbidden, "authority.asking")
	}
	return err
}

// ErrGuest refuses a guest of the tenant, who asks for nothing and stands in for nobody.
var ErrGuest = provisioning.Refuse(provisioning.CodeForbidden, "authority.guest")

// Profile is what Teams tells of a member of a conversation; "" where it does not.
type Profile struct {
	Role     string // "user", "guest"
	TenantID string
	Name     string // the user principal name
}

// Guest reports whether the person is of another tenant than this, as their own or, as
// Entra marks those whom it invited, by the name: ana_example.com#EXT#@….
func (p Profile) Guest(tenant string) bool {
	return strings.EqualFold(p.Role, "guest") ||
		p.TenantID != "" && !strings.EqualFold(p.TenantID, tenant) ||
		strings.Contains(strings.ToUpper(p.Name), "#EXT#")
}

// Own returns a request to its requester, or to an administrator. To others there is none:
// CodeNotFound, as where the folio is nobody's.
func (a *Policy) Own(tx provisioning.Tx, by provisioning.Actor, f provisioning.Folio) (provisioning.Request, error) {
	r, err := tx.Request(f)
	if provisioning.CodeOf(err) == provisioning.CodeNotFound {
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
	return provisioning.Refuse(provisioning.CodeNotFound, "request.not_found", "folio", string(f))
}

// Reads reports whether a person may read a request in their own chat: its requester, or an
// administrator.
func (a *Policy) Reads(tx provisioning.Tx, r provisioning.Request, by provisioning.Actor) (bool, error) {
	if r.Requester.ID == by.ID {
		return true, nil
	}
	auth, err := a.Authority(tx)
	return err == nil && auth.Administrator(by), err
}

// Correctable returns a request that was returned to its requester, who alone corrects it:
// an administrator sees it, and is refused with CodeForbidden. In any other state it is
// CodeConflict.
func (a *Policy) Correctable(tx provisioning.Tx, by provisioning.Actor, f provisioning.Folio) (provisioning.Request, error) {
	r, err := a.Own(tx, by, f)
	switch {
	case err != nil:
		return r, err
	case r.Requester.ID != by.ID:
		return r, provisioning.Refuse(provisioning.CodeForbidden, "authority.requester")
	case r.State != provisioning.StateReturned:
		return r, provisioning.Refuse(provisioning.CodeConflict, "state.request", "folio", string(f), "state", string(r.State))
	}
	return r, nil
}

// Search returns a search for lines as a person may make it: through everybody's for an
// administrator, whose Requester is "" then, and through their own for anybody else.
func (a *Policy) Search(tx provisioning.Tx, by provisioning.Actor, q provisioning.AccountSearch) (provisioning.AccountSearch, error) {
	auth, err := a.Authority(tx)
	switch {
	case err != nil:
		return q, err
	case by.ID == "":
		return q, provisioning.Refuse(provisioning.CodeForbidden, "authority.unknown")
	}
	if q.Requester = by.ID; auth.Administrator(by) {
		q.Requester = ""
	}
	return q, nil
}

// BindChannel has a channel, by its id, work for a stage, on an administrator's word, and
// writes that down; who keeps where channels are does so in the same transaction. serves is
// the stage that the channel works for already: of another it is not bound, for a channel
// serves one stage, and who clicks in it is judged by that. It is CodeForbidden for others
// than administrators, and where there is no channel.
func (a *Policy) BindChannel(tx provisioning.Tx, by provisioning.Actor, stage, serves provisioning.StageName, channel string) (bound bool, err error) {
	auth, err := a.Authority(tx)
	switch {
	case err != nil:
		return false, err
	case !auth.Administrator(by):
		return false, provisioning.Refuse(provisioning.CodeForbidden, "authority.administrator")
	case channel == "":
		return false, provisioning.Refuse(provisioning.CodeForbidden, "authority.channel")
	case serves != "" && serves != stage:
		return false, nil
	}
	return true, tx.Record(provisioning.Entered{At: a.Now(), By: by, Act: "channel.register", Detail: map[string]string{
		"stage": string(stage), "channel": channel,
	}})
}
