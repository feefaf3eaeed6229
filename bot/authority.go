package bot

import (
	"context"
	"fmt"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// askGroups bounds the question whether somebody belongs to a stage's group.
const askGroups = 5 * time.Second

// proven returns what the verified activity proves about who clicks: themselves,
// the stage whose channel it came from, and their groups where a stage asks.
func (b *Bot) proven(ctx context.Context, t turn) (provisioning.Click, error) {
	click := provisioning.Click{By: t.by, Channel: t.stage}
	stage, ok := b.Rules.Stages.Get(t.stage)
	if !ok || stage.ApproverGroup == "" || slices.Contains(stage.Approvers, t.by.ID) {
		return click, nil
	}
	groups, err := b.groupsOf(ctx, t.by, stage.ApproverGroup)
	click.Groups = groups
	return click, err
}

// groupsOf returns the group, if the person belongs to it.
func (b *Bot) groupsOf(ctx context.Context, who provisioning.Actor, group string) ([]string, error) {
	bounded, cancel := context.WithTimeout(provisioning.Urgent(ctx), askGroups)
	defer cancel()
	groups, err := b.Memberships.MemberOf(bounded, who.ID, []string{group})
	if err != nil {
		return nil, fmt.Errorf("ask whether %s belongs to %s: %w", who.ID, group, err)
	}
	return groups, nil
}

// mayAsk returns nil for whoever may ask for accounts: everybody of the tenant, or
// the members of the group that the rules name.
func (b *Bot) mayAsk(ctx context.Context, t turn) error {
	if b.Rules.RequesterGroup == "" {
		return nil
	}
	groups, err := b.groupsOf(ctx, t.by, b.Rules.RequesterGroup)
	if err == nil && len(groups) == 0 {
		return provisioning.Refuse(provisioning.CodeForbidden, "authority.asking")
	}
	return err
}
