package retention

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// Act is who looks at, or erases, what is kept about a person, and the number of the person's request,
// which must not name them.
type Act struct {
	By        provisioning.Actor
	Reference string // "" for none
}

func (act Act) record(tx provisioning.Tx, name string, a provisioning.Account, at time.Time) error {
	return tx.Record(provisioning.Entered{
		At: at, By: act.By, Act: name, Folio: a.Folio(), Stamp: a.Stamp, Before: string(a.State), After: string(a.State), Detail: act.detail(),
	})
}

func (act Act) detail() map[string]string {
	if act.Reference == "" {
		return nil
	}
	return map[string]string{"reference": act.Reference}
}

// ActErase is the audit entry of the erasure of a line's holder.
const ActErase = "person.erase"

// Erased is what Erase erased.
type Erased struct {
	Lines    []provisioning.Stamp
	Accounts []string // object ids: they stay in the directory, with their names
	Letters  []string // numbers of the letters whose PDFs were removed; their codes can still be verified
	Entries  int      // of the audit, that lost their details and the actor's name
	Records  int      // others that named the person: notices, forms, lines
	SameName []string // stamps of lines, and folios of requests, of somebody of the same name: another person, as far as is known
}

// Erase erases from the store what names a person: in the lines of which they are the holder, in the requests,
// letters and audit entries of those, and wherever else their CURP or one of their addresses is. Of the
// lines remain the stamp, the state, the times and the account's object id. Nobody gets their addresses.
//
// It is an *OwedError while a request of theirs is open, or its letter is not issued; ErrReference and
// ErrGeneric are what they say. A person of whom nothing is kept is no error. All is erased in one transaction, and
// the bytes are in the file until it is compacted.
func (ar *Archive) Erase(ctx context.Context, curp identity.CURP, act Act) (Erased, error) {
	rows, err := ar.rows(ctx, curp)
	if err != nil {
		return Erased{}, err
	}
	var done Erased
	err = ar.Store.Update(ctx, func(tx provisioning.Tx) error {
		p, err := collect(tx, curp, rows)
		if err != nil {
			return err
		}
		if err := p.erasable(); err != nil {
			return err
		}
		e := erasure{tx: tx, Person: p, own: p.stamps(), naming: p.naming(), act: act, now: ar.Now(), redraw: ar.Redraw}
		if e.naming.mentioned(act.Reference) || e.naming.without(act.Reference, several) != act.Reference {
			return ErrReference
		}
		err = e.run()
		done = e.done
		return err
	})
	return done, err
}

// ErrReference is the error of a reference that names the person: it would stay in the audit.
var ErrReference = errors.New("the reference names the person, and would stay in the audit: write the number of their request only")

// OwedError is why a person is not erased yet: something is owed to them.
type OwedError struct {
	Folio  provisioning.Folio // of their request
	Letter bool               // it ended, and its letter is not issued
}

func (e *OwedError) Error() string {
	if e.Letter {
		return fmt.Sprintf("the letter of their request %s is not issued yet: give it its number, or wait a minute with the bot running", e.Folio)
	}
	return fmt.Sprintf("their request %s is still open: have it decided, or cancelled", e.Folio)
}

// erasable returns an *OwedError while something is owed to the person.
func (p *Person) erasable() error {
	for _, folio := range p.Folios() {
		if !p.Requests[folio].State.Final() {
			return &OwedError{Folio: folio}
		}
	}
	for _, l := range p.Letters {
		if l.State == letter.StateWaiting || l.State == letter.StateNumbered {
			return &OwedError{Folio: l.Folio, Letter: true}
		}
	}
	return nil
}

// erasure is one Erase, in its transaction.
type erasure struct {
	Person
	tx     provisioning.Tx
	own    map[provisioning.Stamp]bool // the person's lines
	naming naming
	act    Act
	now    time.Time
	redraw func(provisioning.Stamp) []job.Job
	done   Erased
}

func (e *erasure) run() error {
	steps := []func() error{e.lines, e.requests, e.linesOfOthers, e.requestsOfOthers, e.notices, e.documents, e.audit}
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	for _, a := range e.Lines {
		if err := e.act.record(e.tx, ActErase, a, e.now); err != nil {
			return err
		}
	}
	return nil
}

// lines erases the holder of each line.
func (e *erasure) lines() error {
	for _, a := range e.Lines {
		holder, err := e.tx.HolderOf(a.Address)
		if err == nil && a.Address != "" && (a.Made() || holder == a.Stamp) {
			err = e.tx.Retire(a.Address, a.Stamp)
		}
		err = errors.Join(err, e.tx.PutAccount(withoutHolder(a, e.now)))
		for _, j := range e.redraw(a.Stamp) {
			j.Due = e.now
			err = errors.Join(err, e.tx.Enqueue(j))
		}
		if err != nil {
			return err
		}
		e.done.Lines = append(e.done.Lines, a.Stamp)
		if a.ObjectID != "" && !slices.Contains(e.done.Accounts, a.ObjectID) {
			e.done.Accounts = append(e.done.Accounts, a.ObjectID)
		}
	}
	return nil
}

// withoutHolder returns a line without what names its holder.
func withoutHolder(a provisioning.Account, at time.Time) provisioning.Account {
	a.Holder = identity.Holder{Type: a.Holder.Type, Person: identity.Person{GivenNames: Blank}}
	a.Address, a.Chosen, a.Passed = "", "", nil
	a.Warnings, a.Trouble, a.Note, a.OtherNames = nil, nil, "", nil
	a.ErasedAt = at
	return a
}

// requests erases the person from the texts of their requests, and the PDFs of the letters.
func (e *erasure) requests() error {
	for _, folio := range e.Folios() {
		r := e.withoutPerson(e.Requests[folio])
		numbers, err := letter.Erase(e.tx, folio, func(text string) string { return e.naming.without(text, several) }, e.now)
		e.done.Letters = append(e.done.Letters, numbers...)
		if err := errors.Join(err, e.tx.PutRequest(r)); err != nil {
			return err
		}
	}
	return nil
}

// withoutPerson returns a request of the person without what names them.
func (e *erasure) withoutPerson(r provisioning.Request) provisioning.Request {
	least := several
	if r.Lines == 1 {
		least = single
	}
	r.Notes = e.naming.without(r.Notes, least)
	if e.naming.named(r.Subject) {
		r.Subject = Blank
	}
	if e.naming.named(r.Requester.Name) {
		r.Requester.Name = Blank
	}
	r.Decisions = slices.Clone(r.Decisions)
	for i := range r.Decisions {
		r.Decisions[i].Comment = e.naming.without(r.Decisions[i].Comment, least)
	}
	r.Version++ // its cards are drawn anew
	return r
}
