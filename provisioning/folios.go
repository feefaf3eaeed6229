package provisioning

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// FolioSource finds folios that our store may have lost: their stamps are in the receipts, and on
// the accounts of the directory.
type FolioSource interface {
	// LastFolio returns the greatest folio, of after's year, of the stamps that count; after if
	// none is greater. odd is a stamp that does not count, "" if there is none. With an error it
	// returns what was found so far.
	LastFolio(ctx context.Context, after Folio) (last Folio, odd Stamp, err error)
}

// FolioLimit is the first number of a folio that does not count if found outside our store. Others
// can write the property and the column too: one error, or an import, with a number near the last
// of the year would leave no folios to give. 900,000 are 2,500 requests on each day of a year, and
// leave 100,000 for the store.
const FolioLimit = 900_000

// Counts reports whether the stamp, found outside our store, proves that its folio was given.
func (s Stamp) Counts() bool {
	_, n := s.Folio().Number()
	return s.Valid() && n < FolioLimit
}

// Folios prevents the store from giving a folio again that was given before the store was lost or
// restored from a backup.
type Folios struct {
	Store   Store
	Sources map[string]FolioSource // by their names in the log
	Rules   *Rules
	Now     func() time.Time
	Log     *slog.Logger
}

// CountOn makes the store continue after the greatest folio of the present year that a source has.
// Sources are asked concurrently, and each result counts even if another source is unavailable; the
// error names those. It may run while folios are given.
func (f *Folios) CountOn(ctx context.Context) error {
	own, err := f.pass(ctx, NewFolio(f.Rules.Calendar.Local(f.Now()).Year(), 0))
	if err != nil {
		return err
	}
	var (
		asked  sync.WaitGroup
		mu     sync.Mutex
		failed error
	)
	for name, source := range f.Sources {
		asked.Go(func() {
			if err := f.countPast(ctx, name, source, own); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = errors.Join(failed, fmt.Errorf("last folio of the %s: %w", name, err))
			}
		})
	}
	asked.Wait()
	return failed
}

func (f *Folios) countPast(ctx context.Context, name string, source FolioSource, own Folio) error {
	last, odd, err := source.LastFolio(ctx, own)
	if odd.Folio() > own {
		f.Log.WarnContext(ctx, "stamp ignored: its folio is at or above the limit", "source", name, "stamp", odd, "limit", FolioLimit)
	}
	if last <= own {
		return err
	}
	f.Log.WarnContext(ctx, "folios given that the store does not have: numbering continues after them", "source", name, "own", own, "last", last)
	_, passed := f.pass(ctx, last)
	return errors.Join(err, passed)
}

func (f *Folios) pass(ctx context.Context, to Folio) (last Folio, err error) {
	err = f.Store.Update(ctx, func(tx Tx) error {
		last, err = tx.PassFolio(to)
		return err
	})
	return last, err
}
