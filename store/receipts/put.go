package receipts

import (
	"context"
	"errors"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Put ensures that the row of r.Stamp has the values of r. The same values change nothing, not
// even updated_at. A row imported for the same holder and address becomes r's.
//
// If the row of the stamp is another holder's, the error is ReasonStampTaken and the row is not
// changed: a store that was lost assigns stamps again. If another row has the address, it is
// ReasonAddressTaken; if a value cannot be stored, ReasonRefused. All three are Permanent.
// Times are stored to the microsecond, or with a mapped table's precision. The recovery of an
// existing row is not changed: see Recovered.
//
// The row of a holder who was erased is not changed, and that is no error, because a repetition could
// not succeed either. It is ReasonStampTaken if the row is of another directory user or another type:
// then the stamp was assigned again.
func (db *DB) Put(ctx context.Context, r provisioning.Receipt) error {
	return db.again(ctx, "put "+string(r.Stamp), func(ctx context.Context) error {
		want, err := db.table().settle(toRecord(r))
		if err != nil {
			return err
		}
		if name := want.lacks(); name != "" {
			return refuse(name, "empty")
		}
		return db.put(ctx, want)
	})
}

// put reads and writes with optimistic concurrency: it retries if another process changed the
// rows in between. Three failures are no coincidence: then the unique key treats different
// values as equal, as a collation does "ñ" and "n".
func (db *DB) put(ctx context.Context, want record) error {
	var err error
	for range 3 {
		var settled bool
		settled, err = db.tryPut(ctx, want)
		if settled {
			return err
		}
	}
	switch {
	case err != nil && classify(db.dialect, err) == duplicate:
		err = db.alike(ctx, want, err)
	case err == nil:
		err = &problem.Error{Code: problem.CodeUnavailable, Reason: ReasonUnavailable, Err: errContended}
	}
	return err
}

// alike returns ReasonAddressTaken with the row whose address the database treats as equal.
func (db *DB) alike(ctx context.Context, want record, err error) error {
	p := db.plan.Load()
	found, looking := session{db: db}.query(ctx, p.byAddress, p.keys(want))
	if looking != nil {
		return looking
	}
	for _, rec := range found {
		if rec.stamp != want.stamp {
			return taken(rec)
		}
	}
	return err
}

var errContended = errors.New("the row is not there as it was written, three times over: somebody else writes it too, or a trigger or policy of the table lets no write through")

// tryPut returns settled false if the row was changed after it was read, with the database's
// duplicate key error, if that showed it.
func (db *DB) tryPut(ctx context.Context, want record) (settled bool, err error) {
	p := db.plan.Load()
	s := session{db: db}
	found, err := s.query(ctx, p.byKey, p.keys(want))
	if err != nil {
		return true, err
	}
	mine, holder := pick(found, want)
	text := p.insert
	switch {
	case mine != nil && mine.isErased():
		return true, mine.leftAlone(want)
	case holder != nil && (mine != nil || holder.stamp != "" || !holder.sameHolder(want)):
		return true, taken(*holder)
	case mine != nil && !mine.sameAccount(want):
		return true, stamped(*mine)
	case mine != nil && same(*mine, want):
		return true, nil
	case mine != nil:
		text = p.update
	case holder != nil:
		text = p.adopt
	}
	want.upAt = db.now().UTC().Truncate(time.Microsecond)
	n, err := s.exec(ctx, text, p.table.args(want))
	if err != nil {
		return classify(db.dialect, err) != duplicate, err
	}
	return n > 0, nil
}

// pick returns the row of the stamp, and another row with the address.
func pick(found []record, want record) (mine, holder *record) {
	for i := range found {
		switch rec := &found[i]; {
		case rec.stamp == want.stamp:
			mine = rec
		case rec.address == want.address:
			holder = rec
		}
	}
	return mine, holder
}

// leftAlone returns the error of a row that is to be written in the place of an erased one; nil if it
// may be of the same account.
func (rec record) leftAlone(want record) error {
	another := rec.objectID != "" && want.objectID != "" && rec.objectID != want.objectID
	if rec.kind != want.kind || another {
		return stamped(rec)
	}
	return nil
}

func taken(by record) error {
	return job.Permanent(problem.Refuse(problem.CodeConflict, ReasonAddressTaken,
		"address", by.address, "stamp", by.stamp))
}

func stamped(by record) error {
	h := by.holder()
	return job.Permanent(problem.Refuse(problem.CodeConflict, ReasonStampTaken,
		"holder", strings.TrimSpace(h.DisplayName()+" "+h.Key()), "stamp", by.stamp))
}

// keys returns the named values of a lookup.
func (p *plan) keys(rec record) map[string]any {
	args := map[string]any{}
	for i := range p.table.columns {
		if c := &p.table.columns[i]; c.key || c.name == "type" {
			args[c.name] = c.write(*c.str(&rec))
		}
	}
	return args
}

// same reports whether both records are equal except for updated_at and the recovery, which an
// update does not set.
func same(a, b record) bool {
	a.upAt, a.recoveredAt, a.recoveryFolio = b.upAt, b.recoveredAt, b.recoveryFolio
	return a == b
}
