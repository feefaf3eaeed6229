package receipts

import (
	"context"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Recovered ensures that the row of the address names the request f, which renewed its account's
// password at the given time, unless the row has a later time. Of two requests whose times are
// stored as the same, the row has the one that was written last. An address without a row, and a
// mapped table without columns recovered_at and recovery_folio, change nothing and are no error.
//
// Its errors are CodeUnavailable, or ReasonRefused and Permanent if a value is empty or cannot be
// stored.
func (db *DB) Recovered(ctx context.Context, address identity.Address, f provisioning.Folio, at time.Time) error {
	if db.plan.Load().recovered == "" {
		return nil
	}
	return db.again(ctx, "write the recovery of "+string(f), func(ctx context.Context) error {
		want, err := db.table().recovery(record{address: string(address), recoveryFolio: string(f), recoveredAt: at.UTC()})
		if err != nil {
			return err
		}
		return db.ensureRecovery(ctx, want)
	})
}

// recovery is settle for the fields that Recovered writes.
func (t *table) recovery(rec record) (record, error) {
	switch {
	case rec.address == "":
		return record{}, refuse("address", "empty")
	case rec.recoveryFolio == "":
		return record{}, refuse("recovery_folio", "empty")
	case rec.recoveredAt.IsZero():
		return record{}, refuse("recovered_at", "empty")
	}
	var out record
	for i := range t.columns {
		c := &t.columns[i]
		if !c.recovery && c.name != "address" {
			continue
		}
		if err := c.settle(rec, &out); err != nil {
			return record{}, err
		}
	}
	return out, nil
}

// ensureRecovery reads and writes until nothing is left to be written: another process may change the row
// in between. Three failures are no coincidence: see errContended.
func (db *DB) ensureRecovery(ctx context.Context, want record) error {
	for range 3 {
		if settled, err := db.tryRecovery(ctx, want); settled || err != nil {
			return err
		}
	}
	return unreachable(errContended)
}

// tryRecovery returns settled false if the row was changed after it was read. Its transaction has
// one timeout for all statements.
func (db *DB) tryRecovery(ctx context.Context, want record) (settled bool, err error) {
	ctx, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	p := db.plan.Load()
	err = db.transact(ctx, []string{p.byAddress, p.recovered}, func(s session) error {
		found, err := s.query(ctx, p.byAddress, p.keys(want))
		if err != nil {
			return err
		}
		if !slices.ContainsFunc(found, want.recovers) {
			settled = true
			return nil
		}
		want.upAt = db.now().UTC().Truncate(time.Microsecond)
		n, err := s.exec(ctx, p.recovered, p.table.args(want))
		settled = n > 0
		return err
	})
	return settled, err
}

// recovers reports whether the existing row has the same address, byte by byte, and another
// recovery that is not later. Without a column of the time, none is later.
func (rec record) recovers(there record) bool {
	if there.address != rec.address || there.recoveredAt.After(rec.recoveredAt) {
		return false
	}
	return there.recoveredAt != rec.recoveredAt || there.recoveryFolio != rec.recoveryFolio
}
