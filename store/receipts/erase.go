package receipts

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Erased is what Erase did.
type Erased struct {
	Rows int                    // rows of our own table that were blanked
	Left []provisioning.Receipt // rows of a mapped table that have the CURP; they are unchanged
}

// Erase blanks the holder in every row of our own table that has exactly this CURP, of any account
// type, in one transaction. Such a row keeps its stamp, folio, type, directory user, petition,
// requester, officials and times, but for a requester's name that is the holder's own, and a document's
// number that names them. Its state is
// ReceiptErased, and its address one that nobody can have; Put does not change it any more. A CURP
// without a row is no error. The former values may stay in the database's files until Compact.
//
// A mapped table is not changed: its rows are returned, for the people whose table it is.
//
// A CURP that identifies nobody (empty, generic or masked) is ReasonRefused and Permanent, and no
// row is read. Other errors are as those of Put; after one, no row is blanked, or all are.
func (db *DB) Erase(ctx context.Context, curp identity.CURP) (Erased, error) {
	want := record{curp: canonical("curp", string(curp))}
	if !identity.CURP(want.curp).Identifies() {
		return Erased{}, job.Permanent(&problem.Error{Code: problem.CodeInvalid, Reason: ReasonRefused, Field: "curp", Err: errNobody})
	}
	var e Erased
	err := db.again(ctx, "erase a holder", func(ctx context.Context) (err error) {
		if db.table().mapped {
			e.Left, err = db.left(ctx, want)
			return err
		}
		rows, err := db.erase(ctx, want)
		e.Rows = max(e.Rows, rows) // a repetition after a lost answer finds all of them, or none
		return err
	})
	return e, err
}

var (
	errNobody = errors.New("the CURP identifies nobody: it is empty, generic or masked")
	errMoved  = errors.New("a row was changed after it was read")
)

// left returns the rows of a mapped table that have the CURP.
func (db *DB) left(ctx context.Context, want record) (left []provisioning.Receipt, err error) {
	found, err := session{db: db}.ofPerson(ctx, want)
	for _, rec := range found {
		left = append(left, rec.receipt())
	}
	return left, err
}

// ofPerson returns the rows that have the CURP, exactly: see lookups.
func (s session) ofPerson(ctx context.Context, want record) ([]record, error) {
	p := s.db.plan.Load()
	found, err := s.query(ctx, p.byPerson, p.keys(want))
	return slices.DeleteFunc(found, func(rec record) bool { return rec.curp != want.curp }), err
}

// erase reads and writes until no row was changed in between: see put. It returns the number of rows
// that it blanked, or may have blanked if the answer was lost.
func (db *DB) erase(ctx context.Context, want record) (rows int, err error) {
	for range 3 {
		if rows, err = db.tryErase(ctx, want); !errors.Is(err, errMoved) {
			return rows, err
		}
	}
	return 0, unreachable(errContended)
}

// tryErase has one timeout for all statements of its transaction.
func (db *DB) tryErase(ctx context.Context, want record) (rows int, err error) {
	ctx, cancel := context.WithTimeout(ctx, db.timeout)
	defer cancel()
	p := db.plan.Load()
	err = db.transact(ctx, []string{p.byPerson, p.erase}, func(s session) error {
		found, err := s.ofPerson(ctx, want)
		if err != nil {
			return err
		}
		for _, rec := range found {
			n, err := s.exec(ctx, p.erase, db.erasing(rec, found))
			if err != nil {
				return err
			}
			if n == 0 {
				return errMoved
			}
		}
		rows = len(found)
		return nil
	})
	return rows, err
}

// erasing returns the named values of the statement that blanks the row; all is every row of its
// holder.
func (db *DB) erasing(rec record, all []record) map[string]any {
	blank := rec.blank(all)
	blank.upAt = db.now().UTC().Truncate(time.Microsecond)
	args := db.table().args(blank)
	args[formerAddress], args[formerCURP] = rec.address, rec.curp
	return args
}

// blank returns the row without its holder; all is every row of that holder.
func (rec record) blank(all []record) record {
	own := func(other record) bool { return sameWords(other.holder().DisplayName(), rec.requesterName) }
	if slices.ContainsFunc(all, own) {
		rec.requesterName = ""
	}
	if slices.ContainsFunc(all, func(other record) bool { return namesHolder(rec.petitionNumber, other) }) {
		rec.petitionNumber = ""
	}
	for _, f := range fields() {
		if f.holder {
			*f.str(&rec) = ""
		}
	}
	rec.address, rec.state = nobody(rec.stamp), string(provisioning.ReceiptErased)
	return rec
}

// namesHolder reports whether what was typed as a document's number has a CURP, a mail address, or two words
// of the holder's name.
func namesHolder(number string, rec record) bool {
	if identity.ContainsCURP(number) || strings.Contains(number, "@") {
		return true
	}
	apart := func(r rune) bool { return !unicode.IsLetter(r) }
	name := strings.FieldsFunc(input.Fold(rec.holder().DisplayName()), apart)
	both := 0
	for _, w := range strings.FieldsFunc(input.Fold(number), apart) {
		if len(w) > 2 && slices.Contains(name, w) {
			both++
		}
	}
	return both > 1
}

// sameWords reports whether two names have the same words, in any order: directories write the
// surnames first.
func sameWords(a, b string) bool {
	words := func(name string) []string { return slices.Sorted(slices.Values(strings.Fields(input.Fold(name)))) }
	return slices.Equal(words(a), words(b))
}

// erasedDomain is that of the addresses of erased rows. Nobody can have one: RFC 6761, section 6.4.
const erasedDomain = "suprimida.invalid"

// nobody returns the address of an erased row, which is unique: by the stamp, or by chance.
func nobody(stamp string) string {
	return canonical("address", "suprimida."+cmp.Or(stamp, rand.Text())+"@"+erasedDomain)
}

// isErased reports whether the row's holder was erased.
func (rec record) isErased() bool { return rec.state == string(provisioning.ReceiptErased) }
