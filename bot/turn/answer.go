package turn

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Answer is what a click comes to for whoever clicked: a card in place of the one
// clicked, a fresh card below it, or a line of text. An aside is told only where
// the client shows the answer to a click. post is the key of the post that the card
// belongs to; "" for a card that is not kept true, such as a list.
type Answer struct {
	Card  cards.Card
	Post  string
	Text  string
	Aside string
	Fresh bool
}

// Answer sends what a command came to; a refusal is told to the person, anything
// else fails the activity.
func (r *Responder) Answer(ctx context.Context, t Context, do func() (cards.Message, error)) error {
	m, err := do()
	if err != nil {
		return r.Explain(ctx, t, err)
	}
	if m.Text != "" || !m.Card.None() {
		r.Say(ctx, t, m)
	}
	return nil
}

// Explain tells the person why they were refused; any other error is returned.
func (r *Responder) Explain(ctx context.Context, t Context, err error) error {
	if _, ok := errors.AsType[*provisioning.Error](err); !ok {
		return err
	}
	r.Say(ctx, t, cards.Message{Text: t.Texts.Reason(err)})
	return nil
}

// Say answers in the conversation that the turn came from.
func (r *Responder) Say(ctx context.Context, t Context, m cards.Message) {
	m.Card = m.Card.Refreshing(t.From.ID)
	out := post.Outgoing(m, t.Texts)
	if !t.Personal() {
		out.ReplyTo = t.ID
	}
	r.Reply(ctx, func(ctx context.Context) error {
		id, err := r.Teams.Send(ctx, t.Conversation, out)
		if err != nil {
			return err
		}
		if !t.Personal() {
			return nil
		}
		return r.Posts.KeepStatus(ctx, t.By.ID, t.Conversation, m.Card.Of(), id)
	})
}

// Whisper tells somebody in a channel what only they need to know: in their own
// chat or, where there is none, below what they pressed. A button that does nothing is
// pressed again and again.
func (r *Responder) Whisper(ctx context.Context, t Context, text string) {
	if t.Person.Conversation.ID == "" || t.Person.Gone {
		r.Say(ctx, t, cards.Message{Text: text})
		return
	}
	r.Reply(ctx, func(ctx context.Context) error {
		_, err := r.Teams.Send(ctx, t.Person.Conversation, post.Outgoing(cards.Message{Text: text}, t.Texts))
		return err
	})
}

// AtInput returns what is wrong at an input of a card, if that is what the error says.
func AtInput(err error) (*provisioning.Error, bool) {
	wrong, ok := errors.AsType[*provisioning.Error](err)
	return wrong, ok && wrong.Code == provisioning.CodeInvalid
}
