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
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// visibleFor is how long a password stays visible in a client. An update of the message removes
// it in every client, so none is sent before; then one is.
const visibleFor = 10 * time.Minute

// revealTimeout bounds how long a click waits for the directory to set the password: Teams shows
// its own error after 15 seconds and ignores a later response.
const revealTimeout = 12 * time.Second

// Routes returns the action verbs of an account's card.
func (ps *Passwords) Routes() turn.Routes {
	return turn.Routes{Personal: map[string]turn.Verb{
		cards.PasswordReveal: ps.reveal, cards.PasswordHide: ps.hide, cards.PasswordDone: ps.handedOver,
		cards.PasswordList: ps.list, cards.PasswordRevealAll: ps.revealAll, cards.PasswordHideAll: ps.hideAll, cards.PasswordDoneAll: ps.doneAll,
	}}
}

// reveal sets a temporary password and shows it to the requester, in the response to the click
// and nowhere else. Copies of the click that arrive meanwhile get the same response. A later
// copy does not change what is shown: another password would invalidate the one that is visible.
func (ps *Passwords) reveal(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if c.Stamp == "" && c.Number > 0 { // chosen on the card of a whole request
		c.Stamp = provisioning.NewStamp(c.Folio, c.Number)
	}
	if !t.InPlace() {
		return ps.onComputer(ctx, t, c)
	}
	if ps.seen.Seen(clickKey(t)) {
		return ps.stillShown(t), nil
	}
	got, err := ps.revealing.do(job.Urgent(ctx), readerKey(t, c.Stamp), func(ctx context.Context) (shown, error) {
		a, p, err := ps.cfg.Revealer.Reveal(ctx, c.Stamp, t.By)
		return shown{a, p}, err
	})
	if err != nil {
		return ps.notRevealed(ctx, t, c, err)
	}
	ps.seen.First(clickKey(t))
	ps.seen.First(viewKey(t, c.Stamp))
	d := ps.cfg.View.Delivery(got.account, provisioning.Request{Requester: t.By, Mark: c.Mark})
	d.Listed = c.Number > 0
	return turn.Answer{Card: t.Texts.Password(d, got.secret)}, ps.redrawAccount(ctx, t, c, visibleFor)
}

// onComputer answers a click by Action.Submit, whose response would stay in the chat: the card
// says to use a computer, and has an Action.Execute button.
func (ps *Passwords) onComputer(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	a, r, err := ps.cfg.View.Account(ctx, c.Stamp)
	if err != nil {
		return turn.Answer{}, err
	}
	if r.Requester.ID != t.By.ID {
		return turn.Answer{}, problem.Refuse(problem.CodeForbidden, "authority.requester")
	}
	d := ps.cfg.View.Delivery(a, r)
	d.OnComputer = true
	return turn.Answer{Card: t.Texts.Ready(d), Post: post.OfAccount(c.Stamp)}, nil
}

// readerKey identifies the call of a person for an account; viewKey the message in which the
// password was shown; clickKey the click.
func readerKey(t turn.Context, s provisioning.Stamp) string {
	return "reveal/" + string(s) + "/" + t.By.ID
}

func viewKey(t turn.Context, s provisioning.Stamp) string { return readerKey(t, s) + "/" + t.ReplyToID }

func clickKey(t turn.Context) string { return "reveal/" + t.Conversation.ID + "/" + t.Activity.ID }

// stillShown leaves the card as it is, with an Aside.
func (ps *Passwords) stillShown(t turn.Context) turn.Answer {
	return turn.Answer{Aside: t.Texts.Say("answer.shown", nil)}
}

// notRevealed shows why there is no password: on the card or, if it is only for a short time
// ("password.wait"), by the error.
func (ps *Passwords) notRevealed(ctx context.Context, t turn.Context, c cards.Click, why error) (turn.Answer, error) {
	if problem.ReasonOf(why) == "password.wait" && ps.seen.Seen(viewKey(t, c.Stamp)) {
		return ps.stillShown(t), nil
	}
	refused, ok := errors.AsType[*problem.Error](why)
	if !ok || refused.Reason == "password.wait" {
		return turn.Answer{}, why
	}
	a, r, err := ps.cfg.View.Account(ctx, c.Stamp)
	if err != nil || r.Requester.ID != t.By.ID {
		return turn.Answer{}, why
	}
	d := ps.cfg.View.Delivery(a, r)
	if d.Closed == nil {
		d.Refused = why
	}
	return turn.Answer{Card: t.Texts.Ready(d), Post: post.OfAccount(c.Stamp)}, ps.redrawAccount(ctx, t, c, 0)
}

// hide replaces the password by the account's card, or by that of its request, where it was chosen.
func (ps *Passwords) hide(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	a, r, err := ps.cfg.View.Account(ctx, c.Stamp)
	if err != nil {
		return turn.Answer{}, err
	}
	if r.Requester.ID != t.By.ID {
		return turn.Answer{}, problem.Refuse(problem.CodeForbidden, "authority.requester")
	}
	ps.seen.Forget(viewKey(t, c.Stamp))
	if c.Number > 0 {
		return ps.hideAll(ctx, t, c)
	}
	return turn.Answer{Card: t.Texts.Ready(ps.cfg.View.Delivery(a, r)), Post: post.OfAccount(c.Stamp)}, nil
}

// handedOver ends the showing of passwords for the account.
func (ps *Passwords) handedOver(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if _, err := ps.cfg.Revealer.Done(ctx, c.Stamp, t.By); err != nil {
		return turn.Answer{}, err
	}
	s, err := ps.hide(ctx, t, c)
	return s, errors.Join(err, ps.redrawAccount(ctx, t, c, 0), ps.redrawRequest(ctx, c.Stamp.Folio()))
}

// redrawRequest enqueues the update of the cards of a request, whose requester is offered what is to
// be handed over.
func (ps *Passwords) redrawRequest(ctx context.Context, f provisioning.Folio) error {
	return ps.cfg.Store.Update(ctx, func(tx provisioning.Tx) error {
		return tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(f), Urgent: true, Due: ps.cfg.Now()})
	})
}

// redrawAccount enqueues the update of the account's card, and adopts the clicked message if it
// is an unacknowledged one.
func (ps *Passwords) redrawAccount(ctx context.Context, t turn.Context, c cards.Click, in time.Duration) error {
	from := t.Source()
	if c.Number > 0 { // the card of a whole request
		from.ID = ""
	}
	return ps.cfg.Store.Update(ctx, func(tx provisioning.Tx) error {
		var kept error
		if c.Number > 0 && in > 0 {
			kept = ps.keepList(tx, t, c.Stamp.Folio())
		}
		return errors.Join(
			kept,
			ps.cfg.Posts.Adopt(tx, post.OfAccount(c.Stamp), from),
			tx.Enqueue(job.Job{Kind: post.JobAccount, Key: string(c.Stamp), Urgent: true, Due: ps.cfg.Now().Add(in)}),
		)
	})
}
