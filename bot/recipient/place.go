package recipient

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Find returns where a person, or a stage, is reached and in which language;
// an empty place where nowhere yet.
func (reg *Registry) Find(ctx context.Context, to string) (Place, error) {
	var p Place
	var c Person
	err := reg.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if stage := provisioning.StageName(to); reg.Rules.Stages.Known(stage) {
			p.Stage = stage
			p.Channel, err = reg.workplace(tx, stage)
			p.Users = reg.officers(tx, stage)
			return err
		}
		if c, _, err = chats.Get(tx, to); err == nil && c.reachable(reg.Now()) {
			p.Chat, p.Person, p.ID, p.Users = c.Conversation, c, to, []string{c.UserID}
		}
		return err
	})
	p.Texts = reg.Texts(c)
	return p, err
}

// officers returns those who decide at a stage, by Teams' own ids as far as they talked
// with Altas: the card of the stage is drawn anew for them when they open it. Where a whole
// group decides it is nil, and Teams asks for whom it will.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/up-to-date-views
func (reg *Registry) officers(tx provisioning.Tx, stage provisioning.StageName) []string {
	people := slices.Clone(reg.Rules.Administrators)
	if s, ok := reg.Rules.Stages.Get(stage); ok {
		if s.ApproverGroup != "" {
			return nil
		}
		people = slices.Clone(s.Approvers)
	}
	if auth, err := reg.Access.Authority(tx); err == nil {
		for _, substitute := range auth.Substitutes {
			if substitute.Stage == stage {
				people = append(people, substitute.To.ID)
			}
		}
	}
	var users []string
	for _, person := range people {
		if c, _, err := chats.Get(tx, person); err == nil && c.UserID != "" {
			users = append(users, c.UserID)
		}
	}
	return users
}

// Place is where a post goes, a chat or a channel, and the language that is read there.
type Place struct {
	Chat    connector.Conversation
	Person  Person   // whose the chat is
	ID      string   // and their Entra object id
	Users   []string // who asks for the card anew on opening it: Teams' ids, as far as known
	Channel Channel
	Stage   provisioning.StageName // whose the channel is
	Texts   *cards.Texts
}

// Nowhere reports whether the place is not known.
func (p Place) Nowhere() bool { return p.Chat.ID == "" && p.Channel.ChannelID == "" }
