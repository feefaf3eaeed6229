package receipts

import (
	"context"
	"hash/maphash"
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Outcome is what became of a line of the list; in a dry run, what would have.
type Outcome string

// The outcomes.
const (
	OutcomeAdded    Outcome = "agregada"
	OutcomeSame     Outcome = "igual"       // the row was there
	OutcomeUpdated  Outcome = "actualizada" // the row was there, and lacked something
	OutcomeOurs     Outcome = "de_altas"    // Altas made the account; its row is left alone
	OutcomeTaken    Outcome = "ocupada"     // the address is another holder's; left alone
	OutcomeRepeated Outcome = "repetida"    // an earlier line of the list has the address
	OutcomeRefused  Outcome = "rechazada"   // Err says why
)

// ImportResult is what became of one line. Warnings are values that were left
// out, or a holder that an earlier line had.
type ImportResult struct {
	Line     int
	Outcome  Outcome
	Address  provisioning.Address
	Earlier  int // the line that has the same address, or the same holder; 0 for none
	Err      error
	Warnings []error
}

// ImportOptions say how to import. Report, where set, is given each line's
// result in order; an error of it ends the import.
type ImportOptions struct {
	DryRun  bool
	Domains map[string]provisioning.AccountType // the type of a line without one, by the domain of its address
	Report  func(ImportResult) error
}

// ImportSummary counts the lines by outcome.
type ImportSummary map[Outcome]int

// Import brings the list of addresses that was kept before Altas into the
// receipts, as ReceiptImported rows without a stamp. Doing it again changes
// nothing; a longer list adds what is new. A dry run reads, and writes nothing.
// It keeps 16 bytes or so of each line, to find those that come twice.
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

// entry is a line on its way into the table.
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

// seen remembers on which line a value came first, by 64 bits of a keyed hash:
// among a million values two are taken for one less than once in ten million lists.
type seen struct {
	seed  maphash.Seed
	lines map[uint64]int32
}

func newSeen() *seen { return &seen{maphash.MakeSeed(), map[uint64]int32{}} }

// before returns the line on which the value came first, 0 where it is now.
func (s *seen) before(kind, value string, line int) int {
	key := maphash.String(s.seed, kind+"\x00"+value)
	if first, ok := s.lines[key]; ok {
		return int(first)
	}
	s.lines[key] = int32(line) //nolint:gosec // no file has 2³¹ lines
	return 0
}
