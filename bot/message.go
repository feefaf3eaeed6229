package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// message sees to what was typed, or clicked in a client that has no
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
		return nil // people talking among themselves
	}
	t.Said, t.Quoted = words.Typed(a.Text)
	return b.commanded(ctx, t)
}

// submitted answers a click that came as a message. What it shows takes the place of a
// message that everybody sees only where the click names a message of the card's own
// post: the sender chooses what replyToId says. Where it does not, what stands of the card
// is drawn by its job, and the sender is told so. A card that has no post is sent below.
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
