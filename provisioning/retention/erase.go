package retention

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
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
// It is an *OwedError while a request of theirs is open, its letter is not issued or its row not written;
// ErrReference, ErrGeneric and ErrNoLine are what they say. A person of whom nothing is kept is no error. All is erased in
// one transaction, and the bytes are in the file until it is compacted.
func (ar *Archive) Erase(ctx context.Context, s Subject, act Act) (Erased, error) {
	var done Erased
	err := ar.erase(ctx, s, act, ar.Store.Update, func(e *erasure) error {
		err := e.run()
		done = e.done
		return err
	})
	return done, err
}

// Erasable returns the subject, completed by what is kept, or the error that Erase would. It erases nothing.
func (ar *Archive) Erasable(ctx context.Context, s Subject, act Act) (Subject, error) {
	whole, _, err := ar.resolve(ctx, s)
	if err != nil {
		return s, err
	}
	return whole, ar.erase(ctx, s, act, ar.Store.View, func(*erasure) error { return nil })
}

// within is View or Update of a Store.
type within func(ctx context.Context, fn func(provisioning.Tx) error) error

func (ar *Archive) erase(ctx context.Context, s Subject, act Act, in within, do func(*erasure) error) error {
	s, rows, err := ar.resolve(ctx, s)
	if err != nil {
		return err
	}
	return in(ctx, func(tx provisioning.Tx) error {
		p, err := collect(tx, s, rows)
		if err == nil {
			err = p.checkReference(act.Reference)
		}
		if err == nil {
			err = p.erasable()
		}
		if err != nil {
			return err
		}
		return do(&erasure{
			tx: tx, Person: p, own: p.stamps(), naming: p.naming(), leasts: map[provisioning.Folio]int{}, act: act, now: ar.Now(), redraw: ar.Redraw,
		})
	})
}

// ErrReference is the error of a reference that may name a person: it stays in the audit for ever.
var ErrReference = errors.New("the reference stays in the audit for ever, and may name nobody: write the number of the person's request, such as ARCO 12/2026")

// referenceShape is that of a number with a word before it.
var referenceShape = regexp.MustCompile(`^[A-Za-z /.-]{0,20}[0-9][0-9A-Za-z /.-]{0,20}$`)

// checkReference returns ErrReference unless the reference is empty, or a number that has nothing of the person.
func (p *Person) checkReference(reference string) error {
	n := p.naming()
	folded := strings.ToLower(reference)
	named := n.mentioned(reference) || identity.ContainsCURP(reference)
	for w := range n.words {
		named = named || len(w) > 2 && strings.Contains(folded, w)
	}
	for _, a := range p.Lines {
		number := a.Holder.Person.EmployeeNumber
		named = named || number != "" && strings.Contains(reference, number)
	}
	if reference != "" && (named || !referenceShape.MatchString(reference)) {
		return ErrReference
	}
	return nil
}

// OwedError is why a person is not erased yet: something is owed to them.
type OwedError struct {
	Folio  provisioning.Folio // of their request
	Letter bool               // it ended, and its letter is not issued
	Row    bool               // its account was made, and the row of the receipts is not written
}

func (e *OwedError) Error() string {
	if e.Row {
		return fmt.Sprintf("the row of their request %s is not written yet: wait with the bot running, or see to what the receipts say of it", e.Folio)
	}
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
	for _, a := range p.Lines {
		if a.State == provisioning.AccountAnnounced && a.RecordedAt.IsZero() {
			return &OwedError{Folio: a.Folio(), Row: true}
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
	leasts map[provisioning.Folio]int // see least
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
	return e.record(e.tx, ActErase, e.act, e.now)
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
	a.Address, a.Chosen, a.Passed, a.HolderDigest = "", "", nil, ""
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
	least := e.least(r.Folio)
	r.Notes = e.naming.without(r.Notes, least)
	r.Petition.Number = e.naming.without(r.Petition.Number, several)
	r.Area = e.naming.without(r.Area, e.naming.whole)
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

// least is how many words of a name count in texts about a request of the person: one if it never was about
// anybody else.
func (e *erasure) least(f provisioning.Folio) int {
	if n, known := e.leasts[f]; known {
		return n
	}
	e.leasts[f] = single
	for a, err := range e.tx.AccountsOf(f, 0) {
		if err != nil || !e.own[a.Stamp] {
			e.leasts[f] = several
			break
		}
	}
	return e.leasts[f]
}
