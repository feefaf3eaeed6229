package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
)

// isGuest reports whether the person of a personal chat is a guest of the tenant: no
// activity tells, so that Teams is asked, once for each member. While it does not
// answer nobody is taken for a guest; what they ask for is still decided by others.
func (b *Bot) isGuest(ctx context.Context, t turn) bool {
	if !t.personal() || t.chat.Role == recipient.RoleMember {
		return false
	}
	bounded, cancel := context.WithTimeout(ctx, askMember)
	defer cancel()
	m, err := b.Teams.Member(bounded, t.Conversation, t.From.ID)
	if err != nil {
		b.Log.WarnContext(ctx, "not known whether a guest", "person", t.by.ID, "err", err)
		return t.chat.Role == recipient.RoleGuest
	}
	role := recipient.RoleMember
	if profileOf(m).Guest(b.TenantID) {
		role = recipient.RoleGuest
	}
	if err := b.keepRole(ctx, t.by.ID, role); err != nil {
		b.Log.WarnContext(ctx, "role not kept", "person", t.by.ID, "err", err)
	}
	return role == recipient.RoleGuest
}

func (b *Bot) keepRole(ctx context.Context, person, role string) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		return b.recipients.Change(tx, person, func(c *recipient.Person) { c.Role = role })
	})
}

// profileOf is what Teams tells of a member.
func profileOf(m connector.Member) provisioning.Profile {
	return provisioning.Profile{Role: m.UserRole, TenantID: m.TenantID, Name: m.UserPrincipalName}
}
