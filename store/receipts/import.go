package receipts

import (
	"context"
	"hash/maphash"
	"iter"

	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Outcome is the result of importing a line; in a dry run, what it would have been.
type Outcome string

// The outcomes.
const (
	OutcomeAdded    Outcome = "agregada"
	OutcomeSame     Outcome = "igual"       // the row exists
	OutcomeUpdated  Outcome = "actualizada" // the row exists and differed
	OutcomeOurs     Outcome = "de_altas"    // Altas created the account; its row is not changed
	OutcomeTaken    Outcome = "ocupada"     // the address is another holder's; the row is not changed
	OutcomeRepeated Outcome = "repetida"    // an earlier line of the list has the address
	OutcomeRefused  Outcome = "rechazada"   // Err says why
)

// ImportResult is the result of one line. Warnings are remarks on the line and values that were
// left out.
type ImportResult struct {
	Line     int
	Outcome  Outcome
	Address  identity.Address
	Earlier  int // the number of an earlier line with the same address or holder; 0 for none
	Err      error
	Warnings []error
}

// ImportOptions are the options of Import. Report, if set, is called with each line's result, in
// order; an error from it ends the import.
type ImportOptions struct {
	DryRun  bool
	Domains map[string]identity.AccountType // by domain of the address: the type of a line that has none
	Report  func(ImportResult) error
}

// ImportSummary counts the lines by outcome.
type ImportSummary map[Outcome]int

// Import adds the list of addresses from before Altas to the receipts, as ReceiptImported rows
// without a stamp. Importing it again changes nothing; a longer list adds the new lines. A dry
// run only reads. About 16 bytes per line are held in memory, to find duplicates.
func (db *DB) Import(ctx context.Context, lines iter.Seq2[ListLine, error], o ImportOptions) (ImportSummary, error) {
	if err := db.ready(ctx); err != nil {
		return nil, err
	}
	im := importer{db: db, options: o, summary: ImportSummary{}, seen: newSeen()}
	for l, err := range lines {
		if err == nil {
			err = im.add(ctx, l)
		}
		if err != nil {
			return im.summary, err
		}
	}
	return im.summary, im.flush(ctx)
}

type importer struct {
	db      *DB
	options ImportOptions
	summary ImportSummary
	seen    *seen
	batch   []entry
}

// entry is a line with its result so far.
type entry struct {
	result ImportResult
	want   record
}

func (im *importer) add(ctx context.Context, l ListLine) error {
	e := entry{result: ImportResult{Line: l.Number}}
	r, warnings, err := l.receipt(im.options.Domains)
	e.result.Address, e.result.Warnings = r.Address, warnings
	if err == nil {
		e.want, err = im.db.table().settle(toRecord(r))
	}
	if err != nil {
		e.result.Outcome, e.result.Err = OutcomeRefused, err
	} else {
		im.compareEarlier(&e)
	}
	im.batch = append(im.batch, e)
	if len(im.batch) < manyLookedUp {
		return nil
	}
	return im.flush(ctx)
}

func (im *importer) compareEarlier(e *entry) {
	if n := im.seen.before("address", e.want.address, e.result.Line); n > 0 {
		e.result.Outcome, e.result.Earlier = OutcomeRepeated, n
		return
	}
	if id := e.want.identity(); id != "" {
		e.result.Earlier = im.seen.before("holder", string(id), e.result.Line)
	}
}

// seen stores the line on which a value occurred first, by a 64-bit keyed hash: among a million
// values, two collide in less than one of ten million lists.
type seen struct {
	seed  maphash.Seed
	lines map[uint64]int32
}

func newSeen() *seen { return &seen{maphash.MakeSeed(), map[uint64]int32{}} }

// before returns the line on which the value occurred first; 0 if that is this line.
func (s *seen) before(kind, value string, line int) int {
	key := maphash.String(s.seed, kind+"\x00"+value)
	if first, ok := s.lines[key]; ok {
		return int(first)
	}
	s.lines[key] = int32(line) //nolint:gosec // no file has 2³¹ lines
	return 0
}
