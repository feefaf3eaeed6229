package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// message sees to what was typed, or clicked in a client that has no
// Action.Execute.
func (b *Bot) message(ctx context.Context, a *connector.Activity) error {
	t, err := b.enter(ctx, a)
	if err != nil {
		return err
	}
	if click, ok := a.Click(); ok {
		return b.submitted(ctx, t, click)
	}
	if !t.personal() && !a.Mentioned {
		return nil // people talking among themselves
	}
	t.said, t.quoted = words.Typed(a.Text)
	c := parseCommand(t.said)
	if t.personal() {
		return b.personalCommand(ctx, t, c)
	}
	return b.channelCommand(ctx, t, c)
}

// submitted answers a click that came as a message. What it shows takes the place of a
// message that everybody sees only where the click names a message of the card's own
// post: the sender chooses what replyToId says. Where it does not, what stands of the card
// is drawn by its job, and the sender is told so. A card that has no post is sent below.
func (b *Bot) submitted(ctx context.Context, t turn, c connector.Click) error {
	s, err := b.click(ctx, t, c)
	if err != nil {
		return err
	}
	if s.post != "" {
		ours, err := b.posts.Carries(ctx, t.source(), s.post)
		if err != nil {
			return err
		}
		if ours {
			b.reply(ctx, func(ctx context.Context) error { return b.posts.Show(ctx, s.post, t.source(), t.texts, s.card) })
			return nil
		}
		s = shown{text: t.texts.Say("answer.elsewhere", nil)}
	}
	switch {
	case s.text != "" && !t.personal():
		b.whisper(ctx, t, s.text)
	case s.text != "" || !s.card.None():
		b.say(ctx, t, cards.Message{Text: s.text, Card: s.card})
	}
	return nil
}

// say answers in the conversation that the turn came from.
func (b *Bot) say(ctx context.Context, t turn, m cards.Message) {
	m.Card = m.Card.Refreshing(t.From.ID)
	out := post.Outgoing(m, t.texts)
	if !t.personal() {
		out.ReplyTo = t.ID
	}
	b.reply(ctx, func(ctx context.Context) error {
		id, err := b.Teams.Send(ctx, t.Conversation, out)
		if err != nil {
			return err
		}
		if !t.personal() {
			return nil
		}
		return b.posts.KeepStatus(ctx, t.by.ID, t.Conversation, m.Card.Of(), id)
	})
}

// whisper tells somebody in a channel what only they need to know: in their own
// chat or, where there is none, below what they pressed. A button that does nothing is
// pressed again and again.
func (b *Bot) whisper(ctx context.Context, t turn, text string) {
	if t.chat.Conversation.ID == "" || t.chat.Gone {
		b.say(ctx, t, cards.Message{Text: text})
		return
	}
	b.reply(ctx, func(ctx context.Context) error {
		_, err := b.Teams.Send(ctx, t.chat.Conversation, post.Outgoing(cards.Message{Text: text}, t.texts))
		return err
	})
}
