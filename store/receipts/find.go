package receipts

import (
	"context"
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Find returns the rows of the stamp, of the holder and of the address, without duplicates.
func (db *DB) Find(ctx context.Context, q provisioning.ReceiptQuery) ([]provisioning.Receipt, error) {
	want := record{
		stamp: string(q.Stamp), address: canonical("address", string(q.Address)), kind: string(q.Type),
		curp: canonical("curp", string(q.CURP)), cct: canonical("cct", string(q.CCT)),
	}
	var found []provisioning.Receipt
	err := db.again(ctx, "find", func(ctx context.Context) error {
		found = nil
		seen := map[identity.Address]bool{}
		return db.lookups(ctx, want, func(rec record) {
			if r := rec.receipt(); !seen[r.Address] {
				seen[r.Address] = true
				found = append(found, r)
			}
		})
	})
	return found, err
}

// lookups queries once for each given key. A database's collation may treat different keys as
// equal, such as "ñ" and "n"; only rows with exactly equal keys are passed on.
func (db *DB) lookups(ctx context.Context, want record, each func(record)) error {
	p := db.plan.Load()
	for _, l := range []struct {
		text  string
		given bool
		equal func(record) bool
	}{
		{p.byStamp, want.stamp != "", func(r record) bool { return r.stamp == want.stamp }},
		{p.byCURP, identity.CURP(want.curp).Identifies() && want.kind != "", func(r record) bool { return r.curp == want.curp && r.kind == want.kind }},
		{p.byCCT, want.cct != "" && want.kind == string(identity.WorkCentre), func(r record) bool { return r.cct == want.cct && r.kind == want.kind }},
		{p.byAddress, want.address != "", func(r record) bool { return r.address == want.address }},
	} {
		if !l.given {
			continue
		}
		found, err := session{db: db}.query(ctx, l.text, p.keys(want))
		if err != nil {
			return err
		}
		for _, rec := range found {
			if l.equal(rec) {
				each(rec)
			}
		}
	}
	return nil
}

// Rows yields every row once, unordered, streamed from the database. It ends at the first error.
func (db *DB) Rows(ctx context.Context) iter.Seq2[provisioning.Receipt, error] {
	return func(yield func(provisioning.Receipt, error) bool) {
		err := db.ready(ctx)
		if err == nil {
			err = db.readAll(ctx, yield)
		}
		if err != nil {
			yield(provisioning.Receipt{}, translate("read all rows", db.dialect, err))
		}
	}
}

func (db *DB) readAll(ctx context.Context, yield func(provisioning.Receipt, error) bool) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	p := db.plan.Load()
	stmt, err := session{db: db}.statement(ctx, p.all)
	if err != nil {
		return err
	}
	rows, err := stmt.QueryContext(ctx, map[string]any{})
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var rec record
		if err := rows.Scan(p.table.scan(&rec)...); err != nil {
			return err
		}
		if !yield(rec.receipt(), nil) {
			return nil
		}
	}
	return rows.Err()
}
