package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// message handles a message activity: a typed text, or a click in a client without
// Action.Execute.
func (b *Bot) message(ctx context.Context, a *connector.Activity) error {
	t, err := b.turns.Enter(ctx, a)
	if err != nil {
		return err
	}
	if click, ok := a.Click(); ok {
		return b.submitted(ctx, t, click)
	}
	if !t.Personal() && !a.Mentioned {
		return nil // not addressed to the bot
	}
	t.Said, t.Quoted = words.Typed(a.Text)
	return b.runCommand(ctx, t)
}

// submitted answers a click that came as a message (Action.Submit). The card is updated for
// everybody only if the clicked message belongs to its own post, since the sender chooses
// replyToId. Otherwise the job updates the card, and the sender is told so. A card without a
// post is sent as a new message.
func (b *Bot) submitted(ctx context.Context, t turn.Context, c connector.Click) error {
	s, err := b.click(ctx, t, c)
	if err != nil {
		return err
	}
	if s.Post != "" {
		ours, err := b.posts.Carries(ctx, t.Source(), s.Post)
		if err != nil {
			return err
		}
		if ours {
			b.turns.Reply(ctx, func(ctx context.Context) error { return b.posts.Show(ctx, s.Post, t.Source(), t.Texts, s.Card) })
			return nil
		}
		s = turn.Answer{Text: t.Texts.Say("answer.elsewhere", nil)}
	}
	switch {
	case s.Text != "" && !t.Personal():
		b.turns.SayPrivately(ctx, t, s.Text)
	case s.Text != "" || !s.Card.None():
		b.turns.Say(ctx, t, cards.Message{Text: s.Text, Card: s.Card})
	}
	return nil
}
