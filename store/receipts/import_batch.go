package receipts

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// flush writes the batch in one transaction. If the database refuses a row, or another process
// writes the same rows, each line is written on its own.
func (im *importer) flush(ctx context.Context) error {
	p := im.db.plan.Load()
	needed := []string{p.insertMany, p.insert, p.adopt}
	if im.options.DryRun {
		needed = nil // a read-only login suffices, and writers are not blocked
	}
	err := im.db.transact(ctx, needed, func(s session) error { return im.together(ctx, s) })
	if f := classify(im.db.dialect, err); err != nil && f != away {
		err = im.oneByOne(ctx)
	}
	if err != nil {
		return translate("import", im.db.dialect, err)
	}
	for _, e := range im.batch {
		im.summary[e.result.Outcome]++
		if im.options.Report == nil {
			continue
		}
		if err := im.options.Report(e.result); err != nil {
			return err
		}
	}
	im.batch = im.batch[:0]
	return nil
}

// open yields the entries that are neither refused nor repeated.
func (im *importer) open(yield func(*entry) bool) {
	for i := range im.batch {
		if o := im.batch[i].result.Outcome; o != OutcomeRefused && o != OutcomeRepeated && !yield(&im.batch[i]) {
			return
		}
	}
}

// together writes the rows of the batch, with one lookup for all and multi-row inserts.
func (im *importer) together(ctx context.Context, s session) error {
	there, err := im.lookup(ctx, s)
	if err != nil {
		return err
	}
	var added []record
	for e := range im.open {
		want, text := im.judge(e, there[e.want.address])
		switch text {
		case "":
		case im.db.plan.Load().insert:
			added = append(added, want)
		default:
			if _, err := s.exec(ctx, text, im.db.table().args(want)); err != nil {
				return err
			}
		}
	}
	return insertAll(ctx, s, added)
}

// lookup returns the rows of the batch's addresses, by address. Unused parameters of the
// statement are set to the first address.
func (im *importer) lookup(ctx context.Context, s session) (map[string][]record, error) {
	p, args, n := im.db.plan.Load(), map[string]any{}, 0
	there := map[string][]record{}
	for e := range im.open {
		args[rowName("address", n)] = e.want.address
		n++
	}
	if n == 0 {
		return there, nil
	}
	for ; n < manyLookedUp; n++ {
		args[rowName("address", n)] = args["address"]
	}
	found, err := s.queryAnew(ctx, p.byAddresses, args)
	for _, rec := range found {
		there[rec.address] = append(there[rec.address], rec)
	}
	return there, err
}

func insertAll(ctx context.Context, s session, added []record) error {
	p := s.db.plan.Load()
	for len(added) >= manyInserted {
		args := map[string]any{}
		for row, rec := range added[:manyInserted] {
			for name, value := range p.table.args(rec) {
				args[rowName(name, row)] = value
			}
		}
		if _, err := s.exec(ctx, p.insertMany, args); err != nil {
			return err
		}
		added = added[manyInserted:]
	}
	for _, rec := range added {
		if _, err := s.exec(ctx, p.insert, p.table.args(rec)); err != nil {
			return err
		}
	}
	return nil
}

// oneByOne writes each row of the batch on its own, and sets the outcome of those that the
// database refuses.
func (im *importer) oneByOne(ctx context.Context) error {
	for e := range im.open {
		err := im.ensure(ctx, e)
		if classify(im.db.dialect, err) == refused {
			e.result.Outcome, e.result.Err, err = OutcomeRefused, translate("import", im.db.dialect, err), nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// ensure writes the row of one line, unless judge decides that nothing is to be written.
func (im *importer) ensure(ctx context.Context, e *entry) error {
	p, s := im.db.plan.Load(), session{db: im.db}
	found, err := s.query(ctx, p.byAddress, p.keys(e.want))
	if err != nil {
		return err
	}
	want, text := im.judge(e, found)
	if text == "" {
		return nil
	}
	_, err = s.exec(ctx, text, p.table.args(want))
	return err
}

// judge sets the outcome of a line from the rows of its address, and returns the row to be
// written and the statement; "" if nothing is to be written.
func (im *importer) judge(e *entry, found []record) (want record, text string) {
	p := im.db.plan.Load()
	want, text = e.want, p.insert
	e.result.Outcome = OutcomeAdded
	for _, there := range found {
		if there.address != want.address {
			continue
		}
		want = want.filledFrom(there)
		e.result.Outcome, text = compare(there, want), p.adopt
	}
	if im.options.DryRun || e.result.Outcome != OutcomeAdded && e.result.Outcome != OutcomeUpdated {
		return want, ""
	}
	want.upAt = im.db.now().UTC().Truncate(time.Microsecond)
	return want, text
}

func compare(there, want record) Outcome {
	switch {
	case there.stamp != "":
		return OutcomeOurs
	case there.isErased(), there.identity() != "" && there.identity() != want.identity(),
		identity.Apart(there.holder().DisplayName(), want.holder().DisplayName()):
		return OutcomeTaken
	case same(there, want):
		return OutcomeSame
	}
	return OutcomeUpdated
}

// filledFrom returns rec with its empty fields, except the stamp, set from the existing row.
func (rec record) filledFrom(there record) record {
	for _, f := range fields() {
		switch {
		case f.sort == text && f.name != "stamp" && *f.str(&rec) == "":
			*f.str(&rec) = *f.str(&there)
		case f.sort != text && f.at(&rec).IsZero():
			*f.at(&rec) = *f.at(&there)
		}
	}
	return rec
}
