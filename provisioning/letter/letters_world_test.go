package letter_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// The people of the tests.
const (
	ana        = "ana"       // asks
	director   = "director"  // turns over
	rosa       = "rosa"      // authorises
	secretary  = "secretary" // sends
	head       = "head"      // administers
	bystander  = "bystander" // nothing
	folio      = provisioning.Folio("2026-000001")
	other      = provisioning.Folio("2026-000002")
	subchannel = provisioning.Subdirector
)

// world is Letters over a real store, with a clock of its own.
type world struct {
	*letter.Letters
	t      *testing.T
	db     *store.DB
	engine *press
	high   highWater
	rules  *provisioning.Rules
	now    time.Time
}

func newWorld(t *testing.T, source letter.Source) *world {
	t.Helper()
	w := &world{t: t, db: storetest.Open(t), engine: &press{}, high: highWater{}, now: provisioningtest.Start}
	numbering := letter.DefaultNumbering()
	numbering.Source = source
	w.rules = &provisioning.Rules{
		Stages: provisioning.Stages{
			{Name: provisioning.Director, Approvers: []string{director}}, {Name: provisioning.Subdirector, Approvers: []string{rosa}},
		},
		Administrators: []string{head}, Limits: provisioning.DefaultLimits(), Calendar: &calendar.Calendar{},
	}
	w.Letters = &letter.Letters{Config: letter.Config{
		Store: w.db, Centres: centres{}, Keys: letter.Keys{make(letter.Key, letter.KeySize)}, HighWater: w.high, Engine: w.engine,
		Settings: letter.Settings{
			Template: letter.DefaultTemplate(), Numbering: numbering, Stage: subchannel, Senders: []string{secretary}, File: "SEDU/{year}/{folio}",
		},
		PublicURL: "https://altas.example", Location: time.UTC, Now: func() time.Time { return w.now },
	}}
	return w
}

// press prints nothing but that it was asked; it can break.
type press struct {
	mu      sync.Mutex
	printed int
	broken  error
}

func (p *press) Render(w io.Writer, d pdf.Document) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.broken != nil {
		return p.broken
	}
	p.printed++
	_, err := fmt.Fprintf(w, "%%PDF %d %v", p.printed, d)
	return err
}

type highWater map[string]int

func (h highWater) Highest(series string) (int, error) { return h[series], nil }
func (h highWater) Raise(series string, number int) error {
	h[series] = max(h[series], number)
	return nil
}

type centres struct{}

func (centres) CentreName(context.Context, identity.CCT) string { return "Supervisión Escolar 12" }

// end stores a request that ended, with so many lines.
func (w *world) end(f provisioning.Folio, state provisioning.RequestState, lines int) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		r := provisioningtest.Request(f, ana, lines)
		r.State, r.EndedAt = state, w.now
		r.Petition = provisioning.Petition{Medium: "oficio", Number: "SEDU/045/2026", Date: w.now}
		r.Decisions = []provisioning.Decision{
			{Stage: provisioning.Director, Verdict: provisioning.Approve, By: provisioning.Actor{ID: director, Name: "Dirección"}, At: w.now, Round: 1},
			{Stage: provisioning.Subdirector, Verdict: provisioning.Approve, By: provisioning.Actor{ID: rosa, Name: "Rosa"}, At: w.now, Round: 1},
		}
		errs := []error{provisioningtest.PutRequest(tx, r)}
		for n := 1; n <= lines; n++ {
			a := provisioningtest.Account(f, n, provisioningtest.Teacher(n))
			a.State, a.Address = provisioning.AccountAnnounced, identity.Address(fmt.Sprintf("docente%d@docentecoahuila.gob.mx", n))
			if state == provisioning.StateRejected {
				a.State = provisioning.AccountPending
			}
			errs = append(errs, tx.PutAccount(a))
		}
		return errors.Join(errs...)
	})
}

func (w *world) issue(f provisioning.Folio) error {
	return w.Issue(w.t.Context(), job.Job{Kind: provisioning.JobLetter, Key: string(f)})
}

// issued issues the letter of a request and returns it.
func (w *world) issued(f provisioning.Folio) letter.Letter {
	w.t.Helper()
	if err := w.issue(f); err != nil {
		w.t.Fatal(err)
	}
	return w.last(f)
}

func (w *world) last(f provisioning.Folio) (l letter.Letter) {
	w.t.Helper()
	w.view(func(tx provisioning.Tx) (err error) {
		l, _, err = letter.Last(tx, f)
		return err
	})
	return l
}

func (w *world) view(do func(provisioning.Tx) error) {
	w.t.Helper()
	if err := w.db.View(w.t.Context(), do); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) update(do func(provisioning.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), do); err != nil {
		w.t.Fatal(err)
	}
}

// by is an act of a person of the subdirector's channel on the newest letter of a request.
func by(person string, f provisioning.Folio) letter.Act {
	return letter.Act{Folio: f, Click: click(person, subchannel)}
}

func click(person string, channel provisioning.StageName) provisioning.Click {
	return provisioning.Click{By: provisioning.Actor{ID: person, Name: person}, Channel: channel}
}

func (w *world) authority(provisioning.Tx) (letter.Authority, error) {
	return w.Authority(w.rules.Authority(w.now, nil)), nil
}

// do runs one of the acts of the office.
func (w *world) do(act func(provisioning.Tx, letter.Authority) error) error {
	return w.db.Update(w.t.Context(), func(tx provisioning.Tx) error {
		auth, err := w.authority(tx)
		return errors.Join(err, act(tx, auth))
	})
}

// acts counts the audit entries with a name.
func (w *world) acts(name string) (n int) {
	w.t.Helper()
	w.view(func(tx provisioning.Tx) error {
		n = 0
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			if e.Act == name {
				n++
			}
		}
		return nil
	})
	return n
}
