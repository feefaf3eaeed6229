package turn

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// memberTimeout bounds the look-up of a member in Teams' roster.
const memberTimeout = 5 * time.Second

// IsGuest reports whether the person of a personal chat is a guest of the tenant. Activities do
// not tell, so Teams' roster is read, until the person is known to be a member. If that fails,
// the last known role counts, by default member: others still decide on what they request.
func (r *Responder) IsGuest(ctx context.Context, t Context) bool {
	if !t.Personal() || t.Person.Role == recipient.RoleMember {
		return false
	}
	bounded, cancel := context.WithTimeout(ctx, memberTimeout)
	defer cancel()
	m, err := r.Teams.Member(bounded, t.Conversation, t.From.ID)
	if err != nil {
		r.Log.WarnContext(ctx, "member not looked up", "person", t.By.ID, "err", err)
		return t.Person.Role == recipient.RoleGuest
	}
	role := recipient.RoleMember
	if ProfileOf(m).Guest(r.TenantID) {
		role = recipient.RoleGuest
	}
	if err := r.keepRole(ctx, t.By.ID, role); err != nil {
		r.Log.WarnContext(ctx, "role not stored", "person", t.By.ID, "err", err)
	}
	return role == recipient.RoleGuest
}

func (r *Responder) keepRole(ctx context.Context, person, role string) error {
	return r.Store.Update(ctx, func(tx provisioning.Tx) error {
		return r.Recipients.Change(tx, person, func(c *recipient.Person) { c.Role = role })
	})
}

// ProfileOf converts a member of Teams' roster.
func ProfileOf(m connector.Member) access.Profile {
	return access.Profile{Role: m.UserRole, TenantID: m.TenantID, Name: m.UserPrincipalName}
}
