package notify

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// overtaken reports whether a held notice says less than the notices after it.
func overtaken(n cards.News) bool {
	return n.Notice.Overtaken(n.View.Request, n.View.Tally, n.View.Place > 0)
}

// reviewHeld drops an addressee's held notices that were overtaken meanwhile, and enqueues the
// delivery of the others when the first of them is due: the present job may be for a later notice.
func (nt *Notifier) reviewHeld(ctx context.Context, to string) error {
	held, err := nt.held(ctx, to)
	if err != nil {
		return err
	}
	var first time.Time
	for _, n := range held {
		news, err := nt.news(ctx, n)
		if err != nil {
			return err
		}
		if overtaken(news) {
			if err := nt.drop(ctx, n); err != nil {
				return err
			}
			continue
		}
		if first.IsZero() || n.Due.Before(first) {
			first = n.Due
		}
	}
	if first.IsZero() {
		return nil
	}
	return nt.Store.Update(ctx, func(tx provisioning.Tx) error {
		return tx.Enqueue(job.Job{Kind: provisioning.JobNotices, Key: to, Urgent: true, Due: first})
	})
}

// held returns the notices of an addressee that are not due yet.
func (nt *Notifier) held(ctx context.Context, to string) (held []provisioning.Notice, err error) {
	err = nt.Store.View(ctx, func(tx provisioning.Tx) error {
		held = nil
		for n, err := range tx.Pending(to) {
			if err != nil {
				return err
			}
			if n.Held(nt.Now()) > 0 {
				held = append(held, n)
			}
		}
		return nil
	})
	return held, err
}
