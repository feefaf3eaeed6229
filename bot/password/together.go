package password

import (
	"context"
	"errors"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// list sends the card of all accounts of a request that are to be handed over, as the last message.
func (ps *Passwords) list(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	h, err := ps.handover(ctx, t, c.Folio)
	return turn.Answer{Card: t.Texts.Handover(h), Fresh: true}, err
}

// handover reads what a person still has to hand over of their own request.
func (ps *Passwords) handover(ctx context.Context, t turn.Context, f provisioning.Folio) (cards.Handover, error) {
	h, err := ps.cfg.View.Handover(ctx, f)
	if err == nil && h.Request.Requester.ID != t.By.ID {
		return cards.Handover{}, problem.Refuse(problem.CodeForbidden, "authority.requester")
	}
	return h, err
}

// revealAll is reveal for all accounts of a request: they are shown in the response to the click and
// nowhere else, and a copy of the click sets none.
func (ps *Passwords) revealAll(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if !t.InPlace() {
		h, err := ps.handover(ctx, t, c.Folio)
		h.OnComputer = true
		return turn.Answer{Card: t.Texts.Handover(h)}, err
	}
	if ps.seen.Seen(clickKey(t)) {
		return ps.stillShown(t), nil
	}
	all, err := ps.together.do(job.Urgent(ctx), allKey(t, c.Folio), func(ctx context.Context) ([]provisioning.Revealed, error) {
		return ps.cfg.Revealer.RevealTogether(ctx, c.Folio, t.By)
	})
	if err != nil {
		return ps.noneRevealed(ctx, t, c, err)
	}
	return ps.showAll(ctx, t, c, all)
}

// showAll answers with the passwords. If none could be set, the list says why.
func (ps *Passwords) showAll(ctx context.Context, t turn.Context, c cards.Click, all []provisioning.Revealed) (turn.Answer, error) {
	h, err := ps.handover(ctx, t, c.Folio)
	if err != nil {
		return turn.Answer{}, err
	}
	if !slices.ContainsFunc(all, func(one provisioning.Revealed) bool { return one.Err == nil }) {
		return ps.noneRevealed(ctx, t, c, all[0].Err)
	}
	reference := ps.logFailures(ctx, c.Folio, all)
	ps.seen.First(clickKey(t))
	ps.seen.First(allViewKey(t, c.Folio))
	var tried []provisioning.Stamp
	for _, one := range all {
		tried = append(tried, one.Account.Stamp)
	}
	later := 0
	for _, d := range h.Open {
		if !slices.Contains(tried, d.Account.Stamp) {
			later++
		}
	}
	card := t.Texts.Passwords(h, all, later, reference)
	return turn.Answer{Card: card}, ps.redrawAll(ctx, t, c, tried, visibleFor)
}

// redrawAll is redrawAccount for several. Only the card of the account whose button was pressed is
// where the click came from.
func (ps *Passwords) redrawAll(ctx context.Context, t turn.Context, c cards.Click, lines []provisioning.Stamp, in time.Duration) error {
	return ps.cfg.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, s := range lines {
			if s == c.Stamp {
				errs = append(errs, ps.cfg.Posts.Adopt(tx, post.OfAccount(s), t.Source()))
			}
			errs = append(errs, tx.Enqueue(job.Job{Kind: post.JobAccount, Key: string(s), Urgent: true, Due: ps.cfg.Now().Add(in)}))
		}
		if c.Stamp == "" && in > 0 {
			errs = append(errs, ps.keepList(tx, t, c.Folio))
		}
		return errors.Join(errs...)
	})
}

// keepList makes the list of a request, in whose place passwords are shown, come back after visibleFor.
func (ps *Passwords) keepList(tx provisioning.Tx, t turn.Context, f provisioning.Folio) error {
	return errors.Join(
		ps.cfg.Posts.KeepHandover(tx, f, t.Source()),
		tx.Enqueue(job.Job{Kind: post.JobHandover, Key: string(f), Urgent: true, Due: ps.cfg.Now().Add(visibleFor)}),
	)
}

// ShowList is the handler of JobHandover: it replaces the passwords that were shown in place of a
// request's list, visibleFor after the last of them.
func (ps *Passwords) ShowList(ctx context.Context, j job.Job) error {
	f := provisioning.Folio(j.Key)
	p, err := ps.cfg.Posts.Read(ctx, post.OfHandover(f))
	if err != nil || !p.Stands() {
		return err
	}
	h, err := ps.cfg.View.Handover(ctx, f)
	if err != nil {
		return err
	}
	if until := ps.visibleUntil(h); until.After(ps.cfg.Now()) {
		again := job.Job{Kind: post.JobHandover, Key: j.Key, Due: until}
		return ps.cfg.Store.Update(ctx, func(tx provisioning.Tx) error { return tx.Enqueue(again) })
	}
	to, err := ps.cfg.Recipients.Find(ctx, h.Request.Requester.ID)
	if err != nil || to.Chat.ID == "" {
		return err
	}
	key := post.OfHandover(f)
	if err := ps.cfg.Posts.EnsureFor(ctx, key, to, to.Texts.Handover(h)); err != nil {
		return err
	}
	return errors.Join(ps.cfg.Posts.Retire(ctx, key, to, cards.Data{}), ps.cfg.Posts.ForgetOwned(ctx, key, true))
}

// visibleUntil returns until when a password of the request's accounts may be visible in a client.
func (ps *Passwords) visibleUntil(h cards.Handover) (last time.Time) {
	for _, d := range h.Open {
		if until := d.Account.Handover.ShownAt.Add(visibleFor); ps.mayBeVisible(d.Account) && until.After(last) {
			last = until
		}
	}
	return last
}

// logFailures logs the causes of failures that people are not told, and returns the reference.
func (ps *Passwords) logFailures(ctx context.Context, f provisioning.Folio, all []provisioning.Revealed) (reference string) {
	for _, one := range all {
		if code := problem.CodeOf(one.Err); one.Err == nil || code != problem.CodeInternal {
			continue
		}
		if reference == "" {
			reference = problem.NewReference()
		}
		ps.cfg.Log.ErrorContext(ctx, "password not set", "ref", reference, "folio", f, "line", one.Account.Number, "err", one.Err)
	}
	return reference
}

// noneRevealed is notRevealed for all accounts of a request.
func (ps *Passwords) noneRevealed(ctx context.Context, t turn.Context, c cards.Click, why error) (turn.Answer, error) {
	waits := problem.ReasonOf(why) == "password.wait"
	if waits && ps.seen.Seen(allViewKey(t, c.Folio)) {
		return ps.stillShown(t), nil
	}
	if _, ok := errors.AsType[*problem.Error](why); !ok || waits {
		return turn.Answer{}, why
	}
	h, err := ps.handover(ctx, t, c.Folio)
	if err != nil {
		return turn.Answer{}, why
	}
	h.Refused = why
	return turn.Answer{Card: t.Texts.Handover(h)}, nil
}

// hideAll replaces the passwords by the list of what is still to be handed over.
func (ps *Passwords) hideAll(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	h, err := ps.handover(ctx, t, c.Folio)
	if err != nil {
		return turn.Answer{}, err
	}
	ps.seen.Forget(allViewKey(t, c.Folio))
	return turn.Answer{Card: t.Texts.Handover(h)}, nil
}

// doneAll ends the showing of passwords for the accounts that the card showed; not for one that
// became ready since, or whose password could not be set.
func (ps *Passwords) doneAll(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	numbers, readable := c.Shown()
	if !readable || len(numbers) > provisioning.MostTogether {
		return t.Outdated(), nil
	}
	var over []provisioning.Stamp
	for _, n := range numbers {
		s := provisioning.NewStamp(c.Folio, n)
		if _, err := ps.cfg.Revealer.Done(ctx, s, t.By); err != nil {
			return turn.Answer{}, errors.Join(err, ps.redrawAll(ctx, t, c, over, 0))
		}
		over = append(over, s)
	}
	s, err := ps.hideAll(ctx, t, c)
	return s, errors.Join(err, ps.redrawAll(ctx, t, c, over, 0), ps.redrawRequest(ctx, c.Folio))
}

// allKey identifies the call of a person for a request; allViewKey the message in which the passwords
// were shown.
func allKey(t turn.Context, f provisioning.Folio) string {
	return "reveal/" + string(f) + "/" + t.By.ID
}

func allViewKey(t turn.Context, f provisioning.Folio) string { return allKey(t, f) + "/" + t.ReplyToID }
