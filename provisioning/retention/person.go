package retention

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

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

// ErrGeneric is the error of a CURP that identifies nobody.
var ErrGeneric = errors.New("a generic CURP is nobody's")

// Person returns what is kept about a person, and records in the audit that it was looked at.
func (ar *Archive) Person(ctx context.Context, curp identity.CURP, by Act) (Person, error) {
	rows, err := ar.rows(ctx, curp)
	if err != nil {
		return Person{}, err
	}
	var p Person
	err = ar.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if p, err = collect(tx, curp, rows); err != nil {
			return err
		}
		for _, a := range p.Lines {
			if err := by.record(tx, ActShow, a, ar.Now()); err != nil {
				return err
			}
		}
		return nil
	})
	return p, err
}

// rows returns the rows of the receipts that have the CURP.
func (ar *Archive) rows(ctx context.Context, curp identity.CURP) ([]provisioning.Receipt, error) {
	if !curp.Identifies() {
		return nil, ErrGeneric
	}
	var all []provisioning.Receipt
	for _, t := range people {
		rows, err := ar.Receipts.Find(ctx, provisioning.ReceiptQuery{Type: t, CURP: curp})
		if err != nil {
			return nil, fmt.Errorf("read the receipts: %w", err)
		}
		all = append(all, rows...)
	}
	return all, nil
}

// people are the types of account whose holder is a person.
var people = []identity.AccountType{identity.Teacher, identity.Student}

// collect reads what is kept: the lines with the CURP, those of the rows, whose CURP may be masked, and
// those about the same accounts that were requested without a CURP.
func collect(tx provisioning.Tx, curp identity.CURP, rows []provisioning.Receipt) (Person, error) {
	p := Person{CURP: curp, Requests: map[provisioning.Folio]provisioning.Request{}, Rows: rows}
	found := map[provisioning.Stamp]provisioning.Account{}
	for _, t := range people {
		h := identity.Holder{Type: t, Person: identity.Person{CURP: curp}}
		for a, err := range tx.AccountsFor(h.Identity()) {
			if err != nil {
				return p, err
			}
			found[a.Stamp] = a
		}
	}
	for _, row := range rows {
		a, err := tx.Account(row.Stamp)
		if problem.CodeOf(err) == problem.CodeNotFound {
			continue
		}
		if err != nil {
			return p, err
		}
		if !a.Holder.Known() && a.ErasedAt.IsZero() && (a.ObjectID == "" || a.ObjectID == row.ObjectID) {
			found[a.Stamp] = a
		}
	}
	if err := addUnnamed(tx, found); err != nil {
		return p, err
	}
	p.Lines = slices.SortedFunc(maps.Values(found), func(a, b provisioning.Account) int { return cmp.Compare(a.Stamp, b.Stamp) })
	return p, p.readRequests(tx)
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
