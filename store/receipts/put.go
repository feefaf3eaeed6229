package receipts

import (
	"context"
	"errors"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Put makes the row of r.Stamp say what r says. The same again changes nothing,
// not even updated_at; other values update the row. A row that was imported for
// the same holder and address becomes r's. A row of the stamp that is another holder's
// is ReasonStampTaken, and stays as it was: a store that was lost gives stamps again. An
// address that any other row has is ReasonAddressTaken, a value that cannot be stored
// ReasonRefused; all Permanent.
// Times are kept to the microsecond, or as exactly as a mapped table can.
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

// put looks and acts until what it saw was still so when it acted. Somebody else
// who writes the same rows makes it look again; three times is beyond chance:
// then the key takes for equal what is not, as a collation does "ñ" and "n".
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
		err = &provisioning.Error{Code: provisioning.CodeUnavailable, Reason: ReasonUnavailable, Err: errContended}
	}
	return err
}

// alike names the row whose address the database takes for the same.
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

// tryPut reports false where the row was not as it had been read, with the error
// by which the database said so.
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

// pick returns the row of the stamp, and another that has the address.
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

func taken(by record) error {
	return job.Permanent(provisioning.Refuse(provisioning.CodeConflict, ReasonAddressTaken,
		"address", by.address, "stamp", by.stamp))
}

func stamped(by record) error {
	h := by.holder()
	return job.Permanent(provisioning.Refuse(provisioning.CodeConflict, ReasonStampTaken,
		"holder", strings.TrimSpace(h.DisplayName()+" "+h.Key()), "stamp", by.stamp))
}

// keys are the named values of a lookup.
func (p *plan) keys(rec record) map[string]any {
	args := map[string]any{}
	for i := range p.table.columns {
		if c := &p.table.columns[i]; c.key || c.name == "type" {
			args[c.name] = c.write(*c.str(&rec))
		}
	}
	return args
}

// same compares what the table holds of both, but for when the row was last
// changed.
func same(a, b record) bool {
	a.upAt, b.upAt = time.Time{}, time.Time{}
	return a == b
}
