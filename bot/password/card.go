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

// OpenedAccount renders the card of an account for its requester, on a refresh. While a password
// may be visible the card is empty, since an update would remove it.
func (ps *Passwords) OpenedAccount(ctx context.Context, t turn.Context, s provisioning.Stamp) (card cards.Card, keys []string, err error) {
	a, r, err := ps.cfg.View.Account(ctx, s)
	if err != nil || r.Requester.ID != t.By.ID || ps.mayBeVisible(a) {
		return card, nil, err
	}
	return t.Texts.Ready(ps.cfg.View.Delivery(a, r)), []string{post.OfAccount(s)}, nil
}

// ShowAccount updates the card of a created account to whether a password can still be shown.
// One job cannot have several due dates, so the next one is computed from the line each time.
func (ps *Passwords) ShowAccount(ctx context.Context, j job.Job) error {
	s := provisioning.Stamp(j.Key)
	p, err := ps.cfg.Posts.Read(ctx, post.OfAccount(s))
	if err != nil || !p.Stands() {
		return err
	}
	a, r, err := ps.cfg.View.Account(ctx, s)
	if err != nil {
		return err
	}
	if next := ps.nextUpdate(a, r); !next.IsZero() {
		again := job.Job{Kind: post.JobAccount, Key: j.Key, Due: next}
		if err := ps.cfg.Store.Update(ctx, func(tx provisioning.Tx) error { return tx.Enqueue(again) }); err != nil {
			return err
		}
	}
	to, err := ps.cfg.Recipients.Find(ctx, r.Requester.ID)
	if err != nil || to.Chat.ID == "" || ps.mayBeVisible(a) {
		return err
	}
	return ps.cfg.Posts.EnsureFor(ctx, post.OfAccount(s), to, to.Texts.Ready(ps.cfg.View.Delivery(a, r)))
}

// nextUpdate returns when the account's card is to be updated next: visibleFor after a password
// was shown, and when none can be shown any more; zero for never.
func (ps *Passwords) nextUpdate(a provisioning.Account, r provisioning.Request) time.Time {
	d := ps.cfg.View.Delivery(a, r)
	switch {
	case ps.mayBeVisible(a):
		return a.Handover.ShownAt.Add(visibleFor)
	case d.Closed == nil:
		return d.Until.Add(time.Second) // a click is accepted until then
	}
	return time.Time{}
}

// mayBeVisible reports whether a password of the account may still be visible in a client, where
// an update of the card would remove it.
func (ps *Passwords) mayBeVisible(a provisioning.Account) bool {
	h := a.Handover
	return a.ErasedAt.IsZero() && !h.Done && !h.Used && ps.cfg.Now().Sub(h.ShownAt) < visibleFor
}
