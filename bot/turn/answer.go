package turn

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Answer is the response to a click, for the person who clicked: a card in place of the clicked
// one, a new message (Fresh), or a text. Aside is a text that is shown only where the client
// shows the response to an invoke. Post is the key of the post that the card belongs to; "" for
// a card that is not kept up to date, such as a list.
type Answer struct {
	Card  cards.Card
	Post  string
	Text  string
	Aside string
	Fresh bool
}

// ErrNoReply is the result of a command whose reply is sent by a job.
var ErrNoReply = errors.New("the reply is sent by a job")

// Answer sends the result of a command. A *problem.Error is sent to the person as a text;
// any other error is returned, except ErrNoReply.
func (r *Responder) Answer(ctx context.Context, t Context, do func() (cards.Message, error)) error {
	m, err := do()
	switch {
	case errors.Is(err, ErrNoReply):
		return nil
	case err != nil:
		return r.explain(ctx, t, err)
	}
	r.Say(ctx, t, m)
	return nil
}

// explain sends the reason of a *problem.Error to the person; any other error is returned.
func (r *Responder) explain(ctx context.Context, t Context, err error) error {
	if _, ok := errors.AsType[*problem.Error](err); !ok {
		return err
	}
	r.Say(ctx, t, cards.Message{Text: t.Texts.Reason(err)})
	return nil
}

// Say replies in the conversation of the turn, in the background.
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

// SayPrivately sends a text that concerns only the person in a channel: to their personal chat
// or, if there is none, as a reply in the channel. A click without any response is repeated.
func (r *Responder) SayPrivately(ctx context.Context, t Context, text string) {
	if t.Person.Conversation.ID == "" || t.Person.Gone {
		r.Say(ctx, t, cards.Message{Text: text})
		return
	}
	r.Reply(ctx, func(ctx context.Context) error {
		_, err := r.Teams.Send(ctx, t.Person.Conversation, post.Outgoing(cards.Message{Text: text}, t.Texts))
		return err
	})
}

// AtInput returns the error at an input of a card, if err is one.
func AtInput(err error) (*problem.Error, bool) {
	wrong, ok := errors.AsType[*problem.Error](err)
	return wrong, ok && wrong.Code == problem.CodeInvalid
}
