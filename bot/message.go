package bot

import (
	"context"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
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
	c := parseCommand(a.Text)
	if t.personal() {
		return b.personalCommand(ctx, t, c)
	}
	return b.channelCommand(ctx, t, c)
}

// submitted answers a click that came as a message: what it shows is sent, or
// drawn by the job that the click caused.
func (b *Bot) submitted(ctx context.Context, t turn, c connector.Click) error {
	shown, err := b.click(ctx, t, c)
	if err != nil {
		return err
	}
	switch {
	case shown.text != "" && t.personal():
		b.say(ctx, t, cards.Message{Text: shown.text})
	case shown.text != "":
		b.whisper(ctx, t, shown.text)
	case shown.fresh:
		b.say(ctx, t, cards.Message{Card: shown.card})
	case !shown.card.None() && t.ReplyToID != "":
		b.reply(ctx, func(ctx context.Context) error {
			return b.Teams.Update(ctx, t.Conversation, t.ReplyToID, outgoing(cards.Message{Card: shown.card}, t.texts))
		})
	}
	return nil
}

// say answers in the conversation that the turn came from.
func (b *Bot) say(ctx context.Context, t turn, m cards.Message) {
	out := outgoing(m, t.texts)
	if !t.personal() {
		out.ReplyTo = t.ID
	}
	b.reply(ctx, func(ctx context.Context) error {
		_, err := b.Teams.Send(ctx, t.Conversation, out)
		return err
	})
}

// whisper tells somebody in a channel what only they need to know: in their own
// chat, where there is one.
func (b *Bot) whisper(ctx context.Context, t turn, text string) {
	if t.chat.Conversation.ID == "" || t.chat.Gone {
		return
	}
	b.reply(ctx, func(ctx context.Context) error {
		_, err := b.Teams.Send(ctx, t.chat.Conversation, outgoing(cards.Message{Text: text}, t.texts))
		return err
	})
}

// outgoing returns a message as the connector sends it.
func outgoing(m cards.Message, texts *cards.Texts) connector.Message {
	if m.Card.None() {
		return connector.Message{Text: m.Text, Locale: texts.Locale()}
	}
	return connector.Message{Card: m.Card, Summary: m.Card.Summary, Locale: texts.Locale()}
}

// conversation sees to people, the bot, channels and teams coming and going.
func (b *Bot) conversation(ctx context.Context, a *connector.Activity) error {
	if a.Conversation.Type != connector.Personal {
		return b.placeChanged(ctx, a)
	}
	if names(a.MembersAdded, a.Recipient) && a.From.AADObjectID != "" {
		return b.welcome(ctx, a)
	}
	return nil
}

// installation sees to the app being installed for a person, or taken away.
func (b *Bot) installation(ctx context.Context, a *connector.Activity) error {
	if a.Conversation.Type != connector.Personal || a.From.AADObjectID == "" {
		return nil
	}
	person := strings.ToLower(a.From.AADObjectID)
	if strings.HasPrefix(a.Action, "remove") {
		b.seen.forget("welcome/" + person)
		return b.left(ctx, person)
	}
	return b.welcome(ctx, a)
}

// welcome greets a person once: Teams announces an installation in two ways. A
// guest is told that Altas is not for them.
func (b *Bot) welcome(ctx context.Context, a *connector.Activity) error {
	t, err := b.enter(ctx, a)
	if err != nil || !b.seen.first("welcome/"+t.by.ID) {
		return err
	}
	b.reply(ctx, func(ctx context.Context) error {
		m := cards.Message{Card: t.texts.Welcome()}
		if b.isGuest(ctx, t) {
			m = cards.Message{Text: t.texts.Reason(errGuest)}
		}
		_, err := b.Teams.Send(ctx, t.Conversation, outgoing(m, t.texts))
		return err
	})
	return nil
}

// left marks that a person took the app away; their notices are kept.
func (b *Bot) left(ctx context.Context, person string) error {
	return b.mark(ctx, person, func(_ provisioning.Tx, c chat) (chat, error) {
		c = c.found()
		c.Gone = true
		return c, nil
	})
}

// lost marks that Teams refuses to take anything to a person; their notices are kept.
// Nobody said that they left, so that they are tried again: after a while, then after
// as long as it has lasted.
func (b *Bot) lost(ctx context.Context, person string) error {
	return b.mark(ctx, person, func(tx provisioning.Tx, c chat) (chat, error) {
		now := b.Now()
		if c.Gone && !c.reachable(now) {
			return c, nil
		}
		if !c.Gone {
			c.Gone, c.Lost = true, now
		}
		c.Retry = now.Add(max(tryAgain, now.Sub(c.Lost)))
		return c, tx.Enqueue(provisioning.Job{Kind: provisioning.JobNotices, Key: person, Due: c.Retry})
	})
}

// regained marks that a person who was lost was reached, and sets going what they missed.
func (b *Bot) regained(ctx context.Context, person string) error {
	return b.mark(ctx, person, func(tx provisioning.Tx, c chat) (chat, error) {
		if !c.Gone {
			return c, nil
		}
		return c.found(), b.reunite(tx, person)
	})
}

// mark changes what is known of reaching a person, if anything is.
func (b *Bot) mark(ctx context.Context, person string, change func(provisioning.Tx, chat) (chat, error)) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		c, found, err := chats.get(tx, person)
		if err != nil || !found {
			return err
		}
		now, err := change(tx, c)
		if err != nil || now == c {
			return err
		}
		return chats.put(tx, person, now)
	})
}
