package provisioning

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"
)

// FolioSource knows folios that our own store may have forgotten: stamps of them stand in
// the receipts, and on the accounts of the directory.
type FolioSource interface {
	// LastFolio returns the greatest folio of after's year in a stamp that it has and that
	// counts, if that is greater than after; else after. odd is one of those that do not
	// count, "" for none. With an error comes what it knows so far.
	LastFolio(ctx context.Context, after Folio) (last Folio, odd Stamp, err error)
}

// FolioLimit is the first number of a folio that does not count where it is found outside of
// our store. The property and the column are others' to write as well: one slip, or an import,
// with a number near the last of the year would leave no folio to give. 900,000 are 2,500
// requests on each day of a year, and leave the store 100,000 of its own to go on with.
const FolioLimit = 900_000

// Counts reports whether the stamp, found outside of our store, tells that its folio was given.
func (s Stamp) Counts() bool {
	_, n := s.Folio().Number()
	return s.Valid() && n < FolioLimit
}

// Folios keeps the store from giving a folio that was given before it was lost, or
// restored from a backup.
type Folios struct {
	Store   Store
	Sources map[string]FolioSource // by what the log calls them
	Rules   *Rules
	Now     func() time.Time
	Log     *slog.Logger
}

// CountOn has the store count past the greatest folio of the present year that a source
// has. All are asked at once, and what one tells counts though another is away; the
// error says which were. It may run while folios are given.
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
		f.Log.WarnContext(ctx, "a stamp is not counted: its number is beyond those that are given", "source", name, "stamp", odd, "limit", FolioLimit)
	}
	if last <= own {
		return err
	}
	f.Log.WarnContext(ctx, "folios were given that the store does not know: it counts on after them", "source", name, "own", own, "last", last)
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
