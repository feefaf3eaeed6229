package retention

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Person is what Altas keeps about one person.
type Person struct {
	CURP     identity.CURP
	Lines    []provisioning.Account                      // of which they are the holder, by stamp
	Requests map[provisioning.Folio]provisioning.Request // of those lines
	Letters  []letter.Letter                             // of those requests, by folio
	Acts     []provisioning.Entered                      // on those lines, oldest first
	Rows     []provisioning.Receipt                      // of the receipts
}

// Empty reports whether nothing is kept.
func (p Person) Empty() bool { return len(p.Lines) == 0 && len(p.Rows) == 0 }

// ActShow is the audit entry of a look at all that is kept about the holder of a line.
const ActShow = "person.show"

// Subject is who is asked about: by their CURP, by the digest that a line has whose CURP was masked, or as
// the holder of one line, who may have no CURP.
type Subject struct {
	CURP   identity.CURP
	Digest string
	Line   provisioning.Stamp
}

// ErrGeneric is the error of a CURP that identifies nobody.
var ErrGeneric = errors.New("a generic CURP is nobody's")

// ErrNoLine is the error of a stamp that no line has.
var ErrNoLine = errors.New("there is no line")

// Person returns what is kept about a person, and records in the audit that it was looked at. Its errors
// are ErrGeneric, ErrNoLine and ErrReference.
func (ar *Archive) Person(ctx context.Context, s Subject, act Act) (Person, error) {
	s, rows, err := ar.resolve(ctx, s)
	if err != nil {
		return Person{}, err
	}
	var p Person
	err = ar.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if p, err = collect(tx, s, rows); err != nil {
			return err
		}
		if err := p.checkReference(act.Reference); err != nil {
			return err
		}
		return p.record(tx, ActShow, act, ar.Now())
	})
	return p, err
}

// resolve completes a subject by what its line and the row of that say, and returns the rows of the receipts.
func (ar *Archive) resolve(ctx context.Context, s Subject) (Subject, []provisioning.Receipt, error) {
	if s.Line != "" {
		var err error
		if s, err = ar.holderOf(ctx, s); err != nil {
			return s, nil, err
		}
	}
	if !s.CURP.Identifies() {
		if s.CURP != "" || s.Line == "" && s.Digest == "" {
			return s, nil, ErrGeneric
		}
		return s, nil, nil
	}
	s.Digest = ar.Digest(s.CURP)
	var all []provisioning.Receipt
	for _, t := range people {
		rows, err := ar.find(ctx, provisioning.ReceiptQuery{Type: t, CURP: s.CURP})
		if err != nil {
			return s, nil, err
		}
		all = append(all, rows...)
	}
	return s, all, nil
}

// holderOf completes the subject of a line: by its CURP or, where that was masked, by that of its row.
func (ar *Archive) holderOf(ctx context.Context, s Subject) (Subject, error) {
	var line provisioning.Account
	err := ar.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		line, err = tx.Account(s.Line)
		return err
	})
	switch {
	case problem.CodeOf(err) == problem.CodeNotFound:
		return s, fmt.Errorf("%w %s", ErrNoLine, s.Line)
	case err != nil:
		return s, err
	}
	if s.Digest = line.HolderDigest; line.Holder.HasCURP() {
		s.CURP = line.Holder.Person.CURP
	}
	if s.CURP != "" || s.Digest == "" {
		return s, nil
	}
	rows, err := ar.find(ctx, provisioning.ReceiptQuery{Stamp: s.Line})
	for _, row := range rows {
		if row.Holder.HasCURP() && ar.Digest(row.Holder.Person.CURP) == s.Digest {
			s.CURP = row.Holder.Person.CURP
		}
	}
	return s, err
}

func (ar *Archive) find(ctx context.Context, q provisioning.ReceiptQuery) ([]provisioning.Receipt, error) {
	rows, err := ar.Receipts.Find(ctx, q)
	if err != nil {
		return nil, fmt.Errorf("read the receipts: %w", err)
	}
	return rows, nil
}

// people are the types of account whose holder is a person.
var people = []identity.AccountType{identity.Teacher, identity.Student}

// collect reads what is kept: the lines with the CURP or its digest, those of the rows, and those about the
// same accounts that were requested without a CURP.
func collect(tx provisioning.Tx, s Subject, rows []provisioning.Receipt) (Person, error) {
	p := Person{CURP: s.CURP, Requests: map[provisioning.Folio]provisioning.Request{}, Rows: rows}
	found := map[provisioning.Stamp]provisioning.Account{}
	for _, add := range []func() error{
		func() error { return addKnown(tx, s, found) },
		func() error { return addOfRows(tx, rows, found) },
		func() error { return addMasked(tx, s, found) },
		func() error { return addUnnamed(tx, found) },
	} {
		if err := add(); err != nil {
			return p, err
		}
	}
	p.Lines = slices.SortedFunc(maps.Values(found), func(a, b provisioning.Account) int { return cmp.Compare(a.Stamp, b.Stamp) })
	return p, p.readRequests(tx)
}

// addKnown adds the lines with the CURP, and the one that was named.
func addKnown(tx provisioning.Tx, s Subject, found map[provisioning.Stamp]provisioning.Account) error {
	if s.Line != "" {
		a, err := tx.Account(s.Line)
		if err != nil {
			return err
		}
		if a.ErasedAt.IsZero() {
			found[a.Stamp] = a
		}
	}
	if s.CURP == "" {
		return nil
	}
	for _, t := range people {
		h := identity.Holder{Type: t, Person: identity.Person{CURP: s.CURP}}
		for a, err := range tx.AccountsFor(h.Identity()) {
			if err != nil {
				return err
			}
			found[a.Stamp] = a
		}
	}
	return nil
}

// addOfRows adds the lines of the rows that do not say whose they are.
func addOfRows(tx provisioning.Tx, rows []provisioning.Receipt, found map[provisioning.Stamp]provisioning.Account) error {
	for _, row := range rows {
		a, err := tx.Account(row.Stamp)
		if problem.CodeOf(err) == problem.CodeNotFound {
			continue
		}
		if err != nil {
			return err
		}
		if !a.Holder.Known() && a.ErasedAt.IsZero() && (a.ObjectID == "" || a.ObjectID == row.ObjectID) {
			found[a.Stamp] = a
		}
	}
	return nil
}

// addMasked adds the lines with the digest.
func addMasked(tx provisioning.Tx, s Subject, found map[provisioning.Stamp]provisioning.Account) error {
	for a, err := range allLines(tx) {
		if err != nil {
			return err
		}
		if s.Digest != "" && a.HolderDigest == s.Digest {
			found[a.Stamp] = a
		}
	}
	return nil
}

// addUnnamed adds the lines about the accounts of the lines found that do not say whose they are.
func addUnnamed(tx provisioning.Tx, found map[provisioning.Stamp]provisioning.Account) error {
	accounts := map[string]bool{}
	for _, a := range found {
		accounts[a.ObjectID] = true
	}
	delete(accounts, "")
	if len(accounts) == 0 {
		return nil
	}
	for a, err := range allLines(tx) {
		if err != nil {
			return err
		}
		if accounts[a.ObjectID] && !a.Holder.Known() && a.ErasedAt.IsZero() {
			found[a.Stamp] = a
		}
	}
	return nil
}

// record writes an audit entry for each line; one without a stamp for a person who has rows only.
func (p *Person) record(tx provisioning.Tx, name string, act Act, at time.Time) error {
	if len(p.Lines) == 0 && len(p.Rows) > 0 {
		return tx.Record(provisioning.Entered{At: at, By: act.By, Act: name, Detail: act.detail()})
	}
	for _, a := range p.Lines {
		err := tx.Record(provisioning.Entered{
			At: at, By: act.By, Act: name, Folio: a.Folio(), Stamp: a.Stamp, Before: string(a.State), After: string(a.State), Detail: act.detail(),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// Folios returns the folios of the requests, oldest first.
func (p *Person) Folios() []provisioning.Folio { return slices.Sorted(maps.Keys(p.Requests)) }

func (p *Person) readRequests(tx provisioning.Tx) error {
	stamps := p.stamps()
	for _, a := range p.Lines {
		if _, known := p.Requests[a.Folio()]; known {
			continue
		}
		r, err := tx.Request(a.Folio())
		if err != nil {
			return err
		}
		p.Requests[r.Folio] = r
		letters, err := letter.Of(tx, r.Folio)
		if err != nil {
			return err
		}
		p.Letters = append(p.Letters, letters...)
		for e, err := range tx.Entries(r.Folio) {
			if err != nil {
				return err
			}
			if stamps[e.Stamp] {
				p.Acts = append(p.Acts, e)
			}
		}
	}
	return nil
}

func (p *Person) stamps() map[provisioning.Stamp]bool {
	all := make(map[provisioning.Stamp]bool, len(p.Lines))
	for _, a := range p.Lines {
		all[a.Stamp] = true
	}
	return all
}
