package form

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Tidy closes the forms that were left lying, and forgets those long over.
func (fs *Forms) Tidy(ctx context.Context) error { return drafts.Each(ctx, fs.Store, fs.tidyDraft) }

// tidyDraft closes a form that was left lying, and forgets one that was over for as
// long. Those of earlier versions bear no time, and are given the whole of it.
func (fs *Forms) tidyDraft(tx provisioning.Tx, key string) error {
	d, found, err := drafts.Get(tx, key)
	if err != nil || !found {
		return err
	}
	ended, err := ended(tx, d)
	late := !d.At.IsZero() && fs.Now().Sub(d.At) >= fs.Rules.Limits.DraftFor
	switch {
	case err != nil:
		return err
	case d.over() && late:
		return errors.Join(drafts.Drop(tx, key), fs.letGo(tx, d))
	case !d.over() && (late || ended):
		d.Dropped, d.Expired = true, true
		d.Version++
		return fs.keep(tx, d, fs.Now())
	case d.At.IsZero():
		d.At = fs.Now()
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
func (fs *Forms) letGo(tx provisioning.Tx, d draft) error {
	if !d.Dropped {
		return nil
	}
	return fs.Posts.Forget(tx, post.OfDraft(d.ID))
}
