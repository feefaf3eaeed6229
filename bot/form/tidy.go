package form

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Tidy closes expired forms, and drops those that were over for as long.
func (fs *Forms) Tidy(ctx context.Context) error { return drafts.Each(ctx, fs.Store, fs.tidyDraft) }

// tidyDraft closes a form that expired or whose request can no longer be corrected, and drops
// one that was over for as long. Drafts of earlier versions have no time and get the full
// period.
func (fs *Forms) tidyDraft(tx provisioning.Tx, key string) error {
	d, found, err := drafts.Get(tx, key)
	if err != nil || !found {
		return err
	}
	closed, err := correctionClosed(tx, d)
	late := !d.At.IsZero() && fs.Now().Sub(d.At) >= fs.Rules.Limits.DraftFor
	switch {
	case err != nil:
		return err
	case d.over() && late:
		return errors.Join(drafts.Drop(tx, key), fs.forgetDiscarded(tx, d))
	case !d.over() && (late || closed):
		d.Dropped, d.Expired = true, true
		d.Version++
		return fs.keep(tx, d, fs.Now())
	case d.At.IsZero():
		d.At = fs.Now()
		return drafts.Put(tx, key, d.kept())
	}
	return nil
}

// correctionClosed reports whether the request that a form corrects can no longer be corrected.
func correctionClosed(tx provisioning.Tx, d draft) (bool, error) {
	if d.Folio == "" {
		return false, nil
	}
	r, err := tx.Request(d.Folio)
	if problem.CodeOf(err) == problem.CodeNotFound {
		return true, nil
	}
	return r.State != provisioning.StateReturned, err
}

// forgetDiscarded drops the post of a discarded form, whose card needs no more updates. The card
// of a submitted form is the request's.
func (fs *Forms) forgetDiscarded(tx provisioning.Tx, d draft) error {
	if !d.Dropped {
		return nil
	}
	return fs.Posts.Forget(tx, post.OfDraft(d.ID))
}
