package bot

import (
	"context"
	"errors"
	"slices"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/provisioning"
)

// tidyPage is how many records one transaction looks at.
const tidyPage = 100

// Tidy lets go of what has lost its reason: what was typed into a form that nobody
// sends, in time all that is kept of a form, and what was asked and not answered.
func (b *Bot) Tidy(ctx context.Context) error {
	return errors.Join(
		b.eachKey(ctx, drafts.Kind, b.tidyDraft),
		b.eachKey(ctx, provisioning.InquiryKind, b.tidyInquiries),
		b.eachKey(ctx, questions.Kind, b.tidyQuestion),
	)
}

// eachKey does something to every record of a kind, a page a transaction. One that
// cannot be done does not keep the others from it.
func (b *Bot) eachKey(ctx context.Context, kind string, do func(provisioning.Tx, string) error) error {
	var keys []string
	err := b.Store.View(ctx, func(tx provisioning.Tx) error {
		keys = nil
		for key, err := range tx.Keys(kind, "") {
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		return nil
	})
	for page := range slices.Chunk(keys, tidyPage) {
		if ctx.Err() != nil {
			break
		}
		if b.together(ctx, page, do) == nil {
			continue
		}
		for _, key := range page {
			err = errors.Join(err, b.together(ctx, []string{key}, do))
		}
	}
	return err
}

// together does something to several records in one transaction, to all or to none.
func (b *Bot) together(ctx context.Context, keys []string, do func(provisioning.Tx, string) error) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		for _, key := range keys {
			if err := do(tx, key); err != nil {
				return err
			}
		}
		return nil
	})
}

// tidyDraft closes a form that was left lying, and forgets one that was over for as
// long. Those of earlier versions bear no time, and are given the whole of it.
func (b *Bot) tidyDraft(tx provisioning.Tx, key string) error {
	d, found, err := drafts.Get(tx, key)
	if err != nil || !found {
		return err
	}
	ended, err := ended(tx, d)
	late := !d.At.IsZero() && b.Now().Sub(d.At) >= b.Rules.Limits.DraftFor
	switch {
	case err != nil:
		return err
	case d.over() && late:
		return errors.Join(drafts.Drop(tx, key), b.letGo(tx, d))
	case !d.over() && (late || ended):
		d.Dropped, d.Expired = true, true
		d.Version++
		return b.keep(tx, d, b.Now())
	case d.At.IsZero():
		d.At = b.Now()
		return drafts.Put(tx, key, d.kept())
	}
	return nil
}

// ended reports whether the request that a form corrects is not to be corrected any more.
func ended(tx provisioning.Tx, d draft) (bool, error) {
	if d.Folio == "" {
		return false, nil
	}
	r, err := tx.Request(d.Folio)
	if provisioning.CodeOf(err) == provisioning.CodeNotFound {
		return true, nil
	}
	return r.State != provisioning.StateReturned, err
}

// letGo forgets where the card of a discarded form stands: it says so, for good. The
// card of a form that was sent is the request's.
func (b *Bot) letGo(tx provisioning.Tx, d draft) error {
	if !d.Dropped {
		return nil
	}
	return b.posts.Forget(tx, post.OfDraft(d.ID))
}
