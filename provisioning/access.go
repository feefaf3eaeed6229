package provisioning

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Access answers who may ask, see, correct and decide, from the rules, the substitutes
// named and the groups that people belong to.
type Access struct {
	Rules       *Rules
	Memberships Membership
	Now         func() time.Time
}

// askGroups bounds the question whether somebody belongs to a group.
const askGroups = 5 * time.Second

// Authority returns who may decide now.
func (a *Access) Authority(tx Tx) (Authority, error) {
	named, err := namedSubstitutes(tx)
	return a.Rules.Authority(a.Now(), named), err
}

// Proven returns what the verified activity proves about who clicks: themselves, the stage
// whose channel it came from ("" for none), and their groups where that stage asks.
func (a *Access) Proven(ctx context.Context, by Actor, channel StageName) (Click, error) {
	click := Click{By: by, Channel: channel}
	stage, ok := a.Rules.Stages.Get(channel)
	if !ok || stage.ApproverGroup == "" || slices.Contains(stage.Approvers, by.ID) {
		return click, nil
	}
	groups, err := a.groupsOf(ctx, by, stage.ApproverGroup)
	click.Groups = groups
	return click, err
}

// groupsOf returns the group, if the person belongs to it.
func (a *Access) groupsOf(ctx context.Context, who Actor, group string) ([]string, error) {
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
func (a *Access) MayAsk(ctx context.Context, who Actor) error {
	if a.Rules.RequesterGroup == "" {
		return nil
	}
	groups, err := a.groupsOf(ctx, who, a.Rules.RequesterGroup)
	if err == nil && len(groups) == 0 {
		return Refuse(CodeForbidden, "authority.asking")
	}
	return err
}

// ErrGuest refuses a guest of the tenant, who asks for nothing and stands in for nobody.
var ErrGuest = Refuse(CodeForbidden, "authority.guest")

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
func (a *Access) Own(tx Tx, by Actor, f Folio) (Request, error) {
	r, err := tx.Request(f)
	if CodeOf(err) == CodeNotFound {
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

func notFound(f Folio) error { return Refuse(CodeNotFound, "request.not_found", "folio", string(f)) }

// Reads reports whether a person may read a request in their own chat: its requester, or an
// administrator.
func (a *Access) Reads(tx Tx, r Request, by Actor) (bool, error) {
	if r.Requester.ID == by.ID {
		return true, nil
	}
	auth, err := a.Authority(tx)
	return err == nil && auth.Administrator(by), err
}

// Correctable returns a request that was returned to its requester, who alone corrects it:
// an administrator sees it, and is refused with CodeForbidden. In any other state it is
// CodeConflict.
func (a *Access) Correctable(tx Tx, by Actor, f Folio) (Request, error) {
	r, err := a.Own(tx, by, f)
	switch {
	case err != nil:
		return r, err
	case r.Requester.ID != by.ID:
		return r, Refuse(CodeForbidden, "authority.requester")
	case r.State != StateReturned:
		return r, conflict(r)
	}
	return r, nil
}

// Search returns a search for lines as a person may make it: through everybody's for an
// administrator, whose Requester is "" then, and through their own for anybody else.
func (a *Access) Search(tx Tx, by Actor, q AccountSearch) (AccountSearch, error) {
	auth, err := a.Authority(tx)
	switch {
	case err != nil:
		return q, err
	case by.ID == "":
		return q, Refuse(CodeForbidden, "authority.unknown")
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
func (a *Access) BindChannel(tx Tx, by Actor, stage, serves StageName, channel string) (bound bool, err error) {
	auth, err := a.Authority(tx)
	switch {
	case err != nil:
		return false, err
	case !auth.Administrator(by):
		return false, Refuse(CodeForbidden, "authority.administrator")
	case channel == "":
		return false, Refuse(CodeForbidden, "authority.channel")
	case serves != "" && serves != stage:
		return false, nil
	}
	return true, tx.Record(Entered{At: a.Now(), By: by, Act: "channel.register", Detail: map[string]string{
		"stage": string(stage), "channel": channel,
	}})
}
