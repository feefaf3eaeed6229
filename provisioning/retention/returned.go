package retention

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Remembered is when people were erased, by Archive.Digest of their CURP.
type Remembered map[string]time.Time

// before reports whether the person was erased after that time, so that what is of it should be gone.
func (r Remembered) before(digest string, t time.Time) bool {
	at, erased := r[digest]
	return erased && t.Before(at)
}

// Rows yields every row of the receipts.
type Rows func(context.Context) iter.Seq2[provisioning.Receipt, error]

// Returned returns those who were erased and are in the lines or the rows again, since a backup was restored
// or the erasure was interrupted. Only what was asked for before counts: they may ask for an account anew.
func (ar *Archive) Returned(ctx context.Context, erased Remembered, rows Rows) ([]Subject, error) {
	found := map[string]Subject{}
	if len(erased) == 0 {
		return nil, nil
	}
	for line, err := range provisioning.AllLines(ar.Store)(ctx) {
		if err == nil {
			err = ar.returned(ctx, erased, line, found)
		}
		if err != nil {
			return nil, err
		}
	}
	for row, err := range rows(ctx) {
		if err != nil {
			return nil, err
		}
		if !row.Holder.HasCURP() {
			continue
		}
		digest := ar.Digest(row.Holder.Person.CURP)
		if _, is := found[digest]; is || erased.before(digest, askedAt(row)) {
			found[digest] = Subject{CURP: row.Holder.Person.CURP}
		}
	}
	return slices.Collect(maps.Values(found)), nil
}

// returned adds the holder of a line.
func (ar *Archive) returned(ctx context.Context, erased Remembered, a provisioning.Account, found map[string]Subject) error {
	digest := a.HolderDigest
	if a.Holder.HasCURP() {
		digest = ar.Digest(a.Holder.Person.CURP)
	}
	if _, is := erased[digest]; !is {
		return nil
	}
	var r provisioning.Request
	err := ar.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		r, err = tx.Request(a.Folio())
		return err
	})
	if err != nil || !erased.before(digest, r.SubmittedAt) {
		return err
	}
	switch _, is := found[digest]; {
	case a.Holder.HasCURP():
		found[digest] = Subject{CURP: a.Holder.Person.CURP}
	case !is:
		found[digest] = Subject{Digest: digest}
	}
	return nil
}

// askedAt is when a row's account was asked for; of one that was imported, when it was made.
func askedAt(row provisioning.Receipt) time.Time {
	if row.RequestedAt.IsZero() {
		return row.CreatedAt
	}
	return row.RequestedAt
}

// Withholds reports whether some line does not say any more whose it is.
func Withholds(ctx context.Context, s provisioning.Store) (bool, error) {
	for a, err := range provisioning.AllLines(s)(ctx) {
		if err != nil || a.Withheld() {
			return err == nil, err
		}
	}
	return false, nil
}
