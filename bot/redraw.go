package bot

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// showDraft makes the person's form show its present step. Once it is sent its
// card is the request's, which showRequester keeps.
func (b *Bot) showDraft(ctx context.Context, j job.Job) error {
	d, err := drafts.Read(ctx, b.Store, j.Key)
	if err != nil || d.ID == "" {
		return err
	}
	return b.posts.OneAtATime(ctx, post.OfDraft(d.ID), func() error {
		d, err := drafts.Read(ctx, b.Store, j.Key) // as it is by now
		if err != nil || d.Sent != "" {
			return err
		}
		to, err := b.recipients.Find(ctx, d.Person)
		if err != nil || to.Chat.ID == "" {
			return err
		}
		return b.posts.EnsureFor(ctx, post.OfDraft(d.ID), to, b.formCard(ctx, to.Texts, d))
	})
}

// showRequest makes every card of a request show what is true: the requester's,
// one for each stage and round, one for each line in attention. One that cannot be
// drawn does not keep the others from it.
func (b *Bot) showRequest(ctx context.Context, j job.Job) error {
	d, err := b.view.Request(ctx, provisioning.Folio(j.Key))
	if err != nil {
		return job.Permanent(err)
	}
	own := make(chan error, 1) // whoever decides does not wait for the requester's chat, nor the other way round
	go func() {
		own <- job.Safely(func() error {
			return errors.Join(b.showRequester(ctx, d.Request.Folio), b.showOwn(ctx, d.Request.Folio))
		})
	}()
	return errors.Join(
		b.showStages(ctx, d),
		b.showAttention(ctx, d),
		b.answerThread(ctx, d),
		<-own,
	)
}

func (b *Bot) showRequester(ctx context.Context, f provisioning.Folio) error {
	id, err := b.posts.FormOf(ctx, f)
	if err != nil || id == "" {
		return err
	}
	draw := func() error {
		d, err := b.view.Request(ctx, f) // as it is by now
		if err != nil {
			return err
		}
		to, err := b.recipients.Find(ctx, d.Request.Requester.ID)
		if err != nil || to.Chat.ID == "" {
			return err
		}
		return b.posts.EnsureFor(ctx, post.OfDraft(id), to, to.Texts.Sent(d))
	}
	return b.posts.OneAtATime(ctx, post.OwnOf(f), func() error { return b.posts.OneAtATime(ctx, post.OfDraft(id), draw) })
}

// showAccount makes the card of an account made show whether a password can still
// be shown for it. It has several dates, which its one job cannot keep: what is next follows
// from the line, each time.
func (b *Bot) showAccount(ctx context.Context, j job.Job) error {
	s := provisioning.Stamp(j.Key)
	p, err := b.posts.Read(ctx, post.OfAccount(s))
	if err != nil || !p.Stands() {
		return err
	}
	a, r, err := b.view.Account(ctx, s)
	if err != nil {
		return err
	}
	if next := b.nextDrawing(a, r); !next.IsZero() {
		again := job.Job{Kind: post.JobAccount, Key: j.Key, Due: next}
		if err := b.Store.Update(ctx, func(tx provisioning.Tx) error { return tx.Enqueue(again) }); err != nil {
			return err
		}
	}
	to, err := b.recipients.Find(ctx, r.Requester.ID)
	if err != nil || to.Chat.ID == "" || b.isRead(a) {
		return err
	}
	return b.posts.EnsureFor(ctx, post.OfAccount(s), to, to.Texts.Ready(b.view.Delivery(a, r)))
}

// nextDrawing returns when the account's card is to be looked at again: once a password was
// read, and when none can be shown any more; zero for never.
func (b *Bot) nextDrawing(a provisioning.Account, r provisioning.Request) time.Time {
	d := b.view.Delivery(a, r)
	switch {
	case b.isRead(a):
		return a.Handover.ShownAt.Add(readFor)
	case d.Closed == nil:
		return d.Until.Add(time.Second) // until then a click may come
	}
	return time.Time{}
}

// isRead reports whether a password of the account may stand in its reader's view, from
// where any update of the card would take it.
func (b *Bot) isRead(a provisioning.Account) bool {
	h := a.Handover
	return !h.Done && !h.Used && b.Now().Sub(h.ShownAt) < readFor
}
