package password

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// OpenedAccount draws the card of an account for its requester, unless that would take a
// password from their view.
func (ps *Passwords) OpenedAccount(ctx context.Context, t turn.Context, s provisioning.Stamp) (card cards.Card, keys []string, err error) {
	a, r, err := ps.View.Account(ctx, s)
	if err != nil || r.Requester.ID != t.By.ID || ps.isRead(a) {
		return card, nil, err
	}
	return t.Texts.Ready(ps.View.Delivery(a, r)), []string{post.OfAccount(s)}, nil
}

// ShowAccount makes the card of an account made show whether a password can still
// be shown for it. It has several dates, which its one job cannot keep: what is next follows
// from the line, each time.
func (ps *Passwords) ShowAccount(ctx context.Context, j job.Job) error {
	s := provisioning.Stamp(j.Key)
	p, err := ps.Posts.Read(ctx, post.OfAccount(s))
	if err != nil || !p.Stands() {
		return err
	}
	a, r, err := ps.View.Account(ctx, s)
	if err != nil {
		return err
	}
	if next := ps.nextDrawing(a, r); !next.IsZero() {
		again := job.Job{Kind: post.JobAccount, Key: j.Key, Due: next}
		if err := ps.Store.Update(ctx, func(tx provisioning.Tx) error { return tx.Enqueue(again) }); err != nil {
			return err
		}
	}
	to, err := ps.Recipients.Find(ctx, r.Requester.ID)
	if err != nil || to.Chat.ID == "" || ps.isRead(a) {
		return err
	}
	return ps.Posts.EnsureFor(ctx, post.OfAccount(s), to, to.Texts.Ready(ps.View.Delivery(a, r)))
}

// nextDrawing returns when the account's card is to be looked at again: once a password was
// read, and when none can be shown any more; zero for never.
func (ps *Passwords) nextDrawing(a provisioning.Account, r provisioning.Request) time.Time {
	d := ps.View.Delivery(a, r)
	switch {
	case ps.isRead(a):
		return a.Handover.ShownAt.Add(readFor)
	case d.Closed == nil:
		return d.Until.Add(time.Second) // until then a click may come
	}
	return time.Time{}
}

// isRead reports whether a password of the account may stand in its reader's view, from
// where any update of the card would take it.
func (ps *Passwords) isRead(a provisioning.Account) bool {
	h := a.Handover
	return !h.Done && !h.Used && ps.Now().Sub(h.ShownAt) < readFor
}
