package recipient

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Find returns the place of a stage, by name, or of a person, by Entra object id, and the texts
// in its language. The place is empty if unknown or unreachable.
func (reg *Registry) Find(ctx context.Context, to string) (Place, error) {
	var p Place
	var c Person
	err := reg.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if stage := provisioning.StageName(to); reg.Rules.Stages.Known(stage) {
			p.Stage = stage
			p.Channel, err = reg.channelWithURL(tx, stage)
			p.Users = reg.approvers(tx, stage)
			p.Deciders = reg.deciders(tx, stage)
			return err
		}
		if c, _, err = chats.Get(tx, to); err == nil && c.reachable(reg.Now()) {
			p.Chat, p.Person, p.ID, p.Users = c.Conversation, c, to, []string{c.UserID}
		}
		return err
	})
	p.Texts = reg.Texts(c)
	p.Deciders = named(p.Deciders, p.Texts.Stage(p.Stage))
	return p, err
}

// approvers returns the Teams user ids (29:…) of those who decide at a stage and have written to
// Altas: the refresh.userIds of the stage's card. It is nil for a stage with an approver group;
// Teams then refreshes the card for the users that it chooses.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/up-to-date-views
func (reg *Registry) approvers(tx provisioning.Tx, stage provisioning.StageName) []string {
	if s, ok := reg.Rules.Stages.Get(stage); ok && s.ApproverGroup != "" {
		return nil
	}
	var users []string
	for _, person := range reg.deciders(tx, stage) {
		if c, _, err := chats.Get(tx, person.ID); err == nil && c.UserID != "" {
			users = append(users, c.UserID)
		}
	}
	return users
}

// Place is where a post goes, a personal chat or a channel, and the texts in its language.
type Place struct {
	Chat    connector.Conversation
	Person  Person   // of the chat
	ID      string   // that person's Entra object id
	Users   []string // refresh.userIds of the card: Teams user ids (29:…)
	Channel Channel
	// Deciders are those who decide at the stage now, with the names by which a message may mention them.
	Deciders []provisioning.Actor
	Stage    provisioning.StageName // of the channel
	Texts    *cards.Texts
}

// Nowhere reports whether the place is unknown or unreachable.
func (p Place) Nowhere() bool { return p.Chat.ID == "" && p.Channel.ChannelID == "" }
