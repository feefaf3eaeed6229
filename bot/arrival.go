package bot

import (
	"context"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// conversation handles conversationUpdate: the bot, channels and teams being added or removed.
func (b *Bot) conversation(ctx context.Context, a *connector.Activity) error {
	if a.Conversation.Type != connector.Personal {
		return b.recipients.PlaceChanged(ctx, a)
	}
	if a.BotAdded() && a.From.AADObjectID != "" {
		return b.welcome(ctx, a)
	}
	return nil
}

// installation handles installationUpdate in a personal chat.
func (b *Bot) installation(ctx context.Context, a *connector.Activity) error {
	if a.Conversation.Type != connector.Personal || a.From.AADObjectID == "" {
		return nil
	}
	person := strings.ToLower(a.From.AADObjectID)
	if strings.HasPrefix(a.Action, "remove") {
		b.seen.Forget("welcome/" + person)
		return b.recipients.MarkLeft(ctx, person)
	}
	return b.welcome(ctx, a)
}

// welcome sends the welcome card once, though Teams reports an installation by two activities. A
// guest gets the reason why Altas is not available to them.
func (b *Bot) welcome(ctx context.Context, a *connector.Activity) error {
	t, err := b.turns.Enter(ctx, a)
	if err != nil || !b.seen.First("welcome/"+t.By.ID) {
		return err
	}
	b.turns.Reply(ctx, func(ctx context.Context) error {
		m := cards.Message{Card: t.Texts.Welcome()}
		if b.turns.IsGuest(ctx, t) {
			m = cards.Message{Text: t.Texts.Reason(access.ErrGuest)}
		}
		_, err := b.teams.Send(ctx, t.Conversation, post.Outgoing(m, t.Texts))
		return err
	})
	return nil
}
