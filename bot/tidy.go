package bot

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Tidy lets go of what has lost its reason: what was typed into a form that nobody
// sends, in time all that is kept of a form, and what was asked and not answered.
func (b *Bot) Tidy(ctx context.Context) error {
	return errors.Join(
		b.tidyDrafts(ctx),
		b.inquiries.Tidy(ctx),
		b.questions.Tidy(ctx),
	)
}

// tidyDrafts closes the forms that were left lying, and forgets those long over.
func (b *Bot) tidyDrafts(ctx context.Context) error { return drafts.Each(ctx, b.Store, b.tidyDraft) }

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
