package letter

import (
	"context"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// Issue issues a letter. What stops one is logged at each try: its request waits for an answer.
func (ls *Letters) Issue(ctx context.Context, j job.Job) error {
	err := ls.Letters.Issue(ctx, j)
	if err != nil {
		ls.Log.ErrorContext(ctx, "letter not issued", "folio", j.Key, "err", err)
	}
	return err
}

// Refresh updates the cards of a request's letters in the office's channel, and posts that of one
// that is new.
func (ls *Letters) Refresh(ctx context.Context, f provisioning.Folio) error {
	var all []letter.Letter
	err := ls.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		all, err = letter.Of(tx, f)
		return err
	})
	failed := []error{err}
	for _, l := range all {
		if err := ls.show(ctx, f, l.Serial); err != nil {
			failed = append(failed, fmt.Errorf("card of letter %d of %s: %w", l.Serial, f, err))
		}
	}
	return errors.Join(failed...)
}

func (ls *Letters) show(ctx context.Context, f provisioning.Folio, serial int) error {
	key := post.OfLetter(f, serial)
	return ls.Posts.OneAtATime(ctx, key, func() error {
		var v cards.LetterView
		err := ls.Store.View(ctx, func(tx provisioning.Tx) (err error) {
			v, _, err = ls.View.LetterIn(tx, f, serial)
			return err
		})
		if err != nil {
			return err
		}
		to, err := ls.Recipients.Find(ctx, string(ls.Letters.Settings.Stage))
		if err != nil {
			return err
		}
		return ls.Posts.EnsureAt(ctx, key, to, asks(v.Letter), to.Texts.Letter(v))
	})
}

// asks reports whether the office has to do something with the letter.
func asks(l letter.Letter) bool {
	return l.State == letter.StateWaiting || l.Valid() && l.SentAt.IsZero()
}
