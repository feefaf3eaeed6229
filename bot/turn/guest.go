package turn

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
)

// askMember bounds the question who a person is.
const askMember = 5 * time.Second

// IsGuest reports whether the person of a personal chat is a guest of the tenant: no
// activity tells, so that Teams is asked, once for each member. While it does not
// answer nobody is taken for a guest; what they ask for is still decided by others.
func (r *Responder) IsGuest(ctx context.Context, t Context) bool {
	if !t.Personal() || t.Person.Role == recipient.RoleMember {
		return false
	}
	bounded, cancel := context.WithTimeout(ctx, askMember)
	defer cancel()
	m, err := r.Teams.Member(bounded, t.Conversation, t.From.ID)
	if err != nil {
		r.Log.WarnContext(ctx, "not known whether a guest", "person", t.By.ID, "err", err)
		return t.Person.Role == recipient.RoleGuest
	}
	role := recipient.RoleMember
	if ProfileOf(m).Guest(r.TenantID) {
		role = recipient.RoleGuest
	}
	if err := r.keepRole(ctx, t.By.ID, role); err != nil {
		r.Log.WarnContext(ctx, "role not kept", "person", t.By.ID, "err", err)
	}
	return role == recipient.RoleGuest
}

func (r *Responder) keepRole(ctx context.Context, person, role string) error {
	return r.Store.Update(ctx, func(tx provisioning.Tx) error {
		return r.Recipients.Change(tx, person, func(c *recipient.Person) { c.Role = role })
	})
}

// ProfileOf is what Teams tells of a member.
func ProfileOf(m connector.Member) provisioning.Profile {
	return provisioning.Profile{Role: m.UserRole, TenantID: m.TenantID, Name: m.UserPrincipalName}
}
