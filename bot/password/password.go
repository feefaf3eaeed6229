package password

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// readFor is how long a password may stand in its reader's view. An update of the
// message takes it away in every client, so none is sent before; then one is.
const readFor = 10 * time.Minute

// setWithin bounds how long a click waits for the directory to take the password:
// Teams shows its own error after 15 seconds, and nobody would see what comes then.
const setWithin = 12 * time.Second

// Routes are the buttons of an account's card.
func (ps *Passwords) Routes() turn.Routes {
	return turn.Routes{Personal: map[string]turn.Verb{
		cards.PasswordReveal: ps.reveal, cards.PasswordHide: ps.hide, cards.PasswordDone: ps.handedOver,
	}}
}

// reveal shows its requester a fresh temporary password, in the answer to the click
// and nowhere else. Copies of the click that come while it is handled show the same; one
// that comes later leaves what is shown as it is, for a fresh password would end the one
// that stands in the reader's view.
func (ps *Passwords) reveal(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if !t.InPlace() {
		return ps.onComputer(ctx, t, c)
	}
	if ps.seen.Seen(clickOn(t)) {
		return ps.stillShown(t), nil
	}
	a, password, err := ps.revealing.do(job.Urgent(ctx), readerOf(t, c.Stamp), func(ctx context.Context) (provisioning.Account, provisioning.Password, error) {
		return ps.Setter.Reveal(ctx, c.Stamp, t.By)
	})
	if err != nil {
		return ps.notRevealed(ctx, t, c, err)
	}
	ps.seen.First(clickOn(t))
	ps.seen.First(viewOf(t, c.Stamp))
	d := ps.View.Delivery(a, provisioning.Request{Requester: t.By, Mark: c.Mark})
	return turn.Answer{Card: t.Texts.Password(d, password)}, ps.redrawAccount(ctx, t, c.Stamp, readFor)
}

// onComputer answers who asks for a password by a message, where the answer would stay in
// the chat: it says to use a computer, and offers the button that works there.
func (ps *Passwords) onComputer(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	a, r, err := ps.View.Account(ctx, c.Stamp)
	if err != nil {
		return turn.Answer{}, err
	}
	if r.Requester.ID != t.By.ID {
		return turn.Answer{}, provisioning.Refuse(provisioning.CodeForbidden, "authority.requester")
	}
	d := ps.View.Delivery(a, r)
	d.OnComputer = true
	return turn.Answer{Card: t.Texts.Ready(d), Post: post.OfAccount(c.Stamp)}, nil
}

// readerOf names who is to see the password of which account; viewOf the message where they
// saw it; clickOn the click that asked for it.
func readerOf(t turn.Context, s provisioning.Stamp) string {
	return "reveal/" + string(s) + "/" + t.By.ID
}

func viewOf(t turn.Context, s provisioning.Stamp) string { return readerOf(t, s) + "/" + t.ReplyToID }

func clickOn(t turn.Context) string { return "reveal/" + t.Conversation.ID + "/" + t.Activity.ID }

// stillShown leaves the card as it is, with a sentence where the client has a place for it.
func (ps *Passwords) stillShown(t turn.Context) turn.Answer {
	return turn.Answer{Aside: t.Texts.Say("answer.shown", nil)}
}

// notRevealed shows why there is no password: on the card where that will stay so,
// in a sentence where it may change.
func (ps *Passwords) notRevealed(ctx context.Context, t turn.Context, c cards.Click, why error) (turn.Answer, error) {
	if provisioning.ReasonOf(why) == "password.wait" && ps.seen.Seen(viewOf(t, c.Stamp)) {
		return ps.stillShown(t), nil
	}
	refused, ok := errors.AsType[*provisioning.Error](why)
	if !ok || refused.Reason == "password.wait" {
		return turn.Answer{}, why
	}
	a, r, err := ps.View.Account(ctx, c.Stamp)
	if err != nil || r.Requester.ID != t.By.ID {
		return turn.Answer{}, why
	}
	d := ps.View.Delivery(a, r)
	if d.Closed == nil {
		d.Refused = why
	}
	return turn.Answer{Card: t.Texts.Ready(d), Post: post.OfAccount(c.Stamp)}, ps.redrawAccount(ctx, t, c.Stamp, 0)
}

// hide puts the account's card back in place of the password.
func (ps *Passwords) hide(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	a, r, err := ps.View.Account(ctx, c.Stamp)
	if err != nil {
		return turn.Answer{}, err
	}
	if r.Requester.ID != t.By.ID {
		return turn.Answer{}, provisioning.Refuse(provisioning.CodeForbidden, "authority.requester")
	}
	ps.seen.Forget(viewOf(t, c.Stamp))
	return turn.Answer{Card: t.Texts.Ready(ps.View.Delivery(a, r)), Post: post.OfAccount(c.Stamp)}, nil
}

// handedOver closes the showing of passwords for the account.
func (ps *Passwords) handedOver(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if _, err := ps.Setter.Done(ctx, c.Stamp, t.By); err != nil {
		return turn.Answer{}, err
	}
	s, err := ps.hide(ctx, t, c)
	return s, errors.Join(err, ps.redrawAccount(ctx, t, c.Stamp, 0))
}

// redrawAccount has the account's card redrawn; the one that its requester clicked on
// is known from then on, if it was not.
func (ps *Passwords) redrawAccount(ctx context.Context, t turn.Context, s provisioning.Stamp, in time.Duration) error {
	return ps.Store.Update(ctx, func(tx provisioning.Tx) error {
		return errors.Join(
			ps.Posts.Adopt(tx, post.OfAccount(s), t.Source()),
			tx.Enqueue(job.Job{Kind: post.JobAccount, Key: string(s), Urgent: true, Due: ps.Now().Add(in)}),
		)
	})
}
