package recovery

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// today is when the tests begin: long after the requests that they find.
var today = time.Date(2026, 11, 16, 15, 0, 0, 0, time.UTC)

const day = 24 * time.Hour

// The account that most tests recover. Silvia's request of made created it.
const (
	made      provisioning.Folio = "2026-000001"
	luciaMail identity.Address   = "lucia.nanez@docente.mx"
	luciaID                      = "lucia-id"
)

// lucia is the holder of the account.
var lucia = identity.Holder{Type: identity.Teacher, Person: identity.Person{
	GivenNames: "Lucía", FirstSurname: "Ñáñez", SecondSurname: "Garza", CURP: provisioningtest.CURP(11), CCT: provisioningtest.CCT(3),
}}

// world is a Recovery with its store, and fakes of the systems that it uses.
type world struct {
	*Recovery
	t    testing.TB
	db   provisioningtest.Subject
	dir  *directory
	rows *rows
	work *provisioning.Workflow

	named []provisioning.Substitute
	group []string // members of an approver group

	mu    sync.Mutex
	now   time.Time
	calls []string // that changed or looked at an account, in order
}

// open returns a world in which the account of lucia exists, as Silvia's request created it.
func open(t testing.TB) *world {
	t.Helper()
	w := fresh(t)
	w.request(made, "silvia", func(r *provisioning.Request) { r.Lines = 1 })
	w.line(made, lucia, func(a *provisioning.Account) {
		a.State, a.Address, a.ObjectID = provisioning.AccountAnnounced, luciaMail, luciaID
		a.CreatedAt, a.AnnouncedAt = provisioningtest.Start, provisioningtest.Start
	})
	return w
}

// fresh returns a world in which the directory alone knows the account.
func fresh(t testing.TB) *world {
	t.Helper()
	w := empty(t, storetest.Open(t))
	w.dir.users = []provisioning.Entry{entryOf(luciaID, luciaMail)}
	w.dir.users[0].DisplayName = "Lucía Ñáñez Garza"
	return w
}

// empty returns a world without requests or accounts.
func empty(t testing.TB, db provisioningtest.Subject) *world {
	t.Helper()
	w := &world{t: t, db: db, now: today}
	w.dir, w.rows = &directory{world: w, fails: map[string]error{}}, &rows{world: w}
	rules := &provisioning.Rules{
		Types: map[identity.AccountType]provisioning.TypeRule{
			identity.Teacher: {Domain: "docente.mx"}, identity.Student: {Domain: "alumno.mx"}, identity.WorkCentre: {Domain: "centro.mx"},
		},
		Stages: provisioning.Stages{
			{Name: provisioning.Director, Approvers: []string{"elena"}}, {Name: provisioning.Subdirector, Approvers: []string{"ernesto"}},
		},
		Administrators: []string{"ines"}, Limits: provisioning.DefaultLimits(), Calendar: &calendar.Calendar{},
	}
	log := slog.New(slog.DiscardHandler)
	executor := &provisioning.Executor{Store: db, Receipts: w.rows, Kinds: provisioning.Kinds{}, Now: w.Clock, Log: log}
	w.Recovery = &Recovery{Config{
		Executor: executor, Store: db, Directory: w.dir, Passwords: replacer{w}, Offices: offices{w, rules}, Rules: rules,
		Settings: DefaultSettings(), Now: w.Clock, Log: log,
	}}
	executor.Kinds[Kind] = w.Recovery
	w.work = &provisioning.Workflow{Rules: rules, Kinds: executor.Kinds, Now: w.Clock}
	return w
}

// offices are the stages with the world's substitutes and approver group.
type offices struct {
	*world
	rules *provisioning.Rules
}

func (o offices) Authority(provisioning.Tx) (provisioning.Authority, error) {
	return o.rules.Authority(o.Clock(), o.named), nil
}

func (o offices) InApproverGroup(_ context.Context, objectID string) (bool, error) {
	return slices.Contains(o.group, objectID), o.dir.fails["groups"]
}

// Clock returns the time of the world.
func (w *world) Clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

// later moves the clock.
func (w *world) later(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// did notes a call, and returns the error that the test wants of it, or of its repetitions.
func (w *world) did(call, id string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	again := slices.Contains(w.calls, call+" "+id)
	if w.calls = append(w.calls, call+" "+id); again && w.dir.fails[call+" again"] != nil {
		return w.dir.fails[call+" again"]
	}
	return w.dir.fails[call]
}

// update writes in one transaction that must succeed.
func (w *world) update(fn func(provisioning.Tx) error) {
	w.t.Helper()
	if err := w.db.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

// request stores a completed request for new accounts, as submitted at provisioningtest.Start.
func (w *world) request(f provisioning.Folio, by string, change func(*provisioning.Request)) {
	w.t.Helper()
	r := provisioningtest.Request(f, by, 0)
	r.State, r.EndedAt = provisioning.StateCompleted, r.SubmittedAt
	if change(&r); !r.State.Final() {
		r.EndedAt = time.Time{}
	}
	w.update(func(tx provisioning.Tx) error { return provisioningtest.PutRequest(tx, r) })
}

// line stores the first line of a request, and reserves its address unless it only exists.
func (w *world) line(f provisioning.Folio, h identity.Holder, change func(*provisioning.Account)) {
	w.t.Helper()
	a := provisioningtest.Account(f, 1, h)
	change(&a)
	w.update(func(tx provisioning.Tx) error {
		if a.Address == "" || a.State == provisioning.AccountExists || !a.Kind.Creates() {
			return tx.PutAccount(a)
		}
		return errors.Join(tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp))
	})
}

// account returns the first line of a request.
func (w *world) account(f provisioning.Folio) (a provisioning.Account) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) (err error) {
		a, err = tx.Account(provisioning.NewStamp(f, 1))
		return err
	})
	return a
}

// stored returns a request.
func (w *world) stored(f provisioning.Folio) (r provisioning.Request) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) (err error) {
		r, err = tx.Request(f)
		return err
	})
	return r
}

// acts returns the audit entries but for submissions, "person act".
func (w *world) acts() (all []string) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		all = nil
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			if e.Act != "request.submit" {
				all = append(all, e.By.ID+" "+e.Act)
			}
		}
		return nil
	})
	return all
}

// notices returns the undelivered notices of an addressee.
func (w *world) notices(to string) (all []provisioning.Notice) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		all = nil
		for n, err := range tx.Pending(to) {
			if err != nil {
				return err
			}
			n.ID = 0
			all = append(all, n)
		}
		return nil
	})
	return all
}

// kindsOf returns the kinds of an addressee's undelivered notices.
func (w *world) kindsOf(to string) (all []provisioning.NoticeKind) {
	w.t.Helper()
	for _, n := range w.notices(to) {
		all = append(all, n.Kind)
	}
	return all
}

// ids returns the object ids of what was found, in order of id.
func ids(found []Found) (all []string) {
	for _, f := range found {
		all = append(all, f.Entry.ID)
	}
	slices.Sort(all)
	return all
}

// jobs returns the keys of the waiting jobs of a kind, and finishes none.
func (w *world) jobs(kind job.Kind) (keys []string) {
	w.t.Helper()
	claimed, err := w.db.Claim(w.t.Context(), kind, w.Clock(), time.Minute, job.Room{All: 100, Plain: 100})
	if err != nil {
		w.t.Fatal(err)
	}
	for _, j := range claimed {
		keys = append(keys, j.Key)
		if err := w.db.Postpone(w.t.Context(), j); err != nil {
			w.t.Fatal(err)
		}
	}
	slices.Sort(keys)
	return keys
}

// asks submits a request to recover an account of the directory, new or correcting one.
func (w *world) asks(by string, account provisioning.Entry, correcting provisioning.Folio) (provisioning.Request, error) {
	w.t.Helper()
	h := identity.Holder{Type: identity.Teacher, Person: identity.Person{GivenNames: "Titular " + account.ID}}
	var r provisioning.Request
	err := w.db.Update(w.t.Context(), func(tx provisioning.Tx) (err error) {
		r, err = w.work.Submit(tx, submissionOf(by, h, account, correcting))
		return err
	})
	return r, err
}

// submissionOf is what the form submits.
func submissionOf(by string, h identity.Holder, account provisioning.Entry, correcting provisioning.Folio) provisioning.Submission {
	found := provisioning.Proposal{Address: account.Address, ObjectID: account.ID, Exists: true, Checked: true}
	return provisioning.Submission{
		Kind: Kind, Folio: correcting, Type: h.Type, Requester: actor(by), Holders: []identity.Holder{h},
		Exist: map[identity.Holder]provisioning.Proposal{h: found},
	}
}

// becomes sets the state of a request as if it had been decided, and announces the line of a
// completed one.
func (w *world) becomes(f provisioning.Folio, state provisioning.RequestState) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		r, err := tx.Request(f)
		if err != nil {
			return err
		}
		if r.State = state; state.Final() {
			r.EndedAt = w.Clock()
		}
		a, err := tx.Account(provisioning.NewStamp(f, 1))
		if state == provisioning.StateCompleted {
			a.State, a.AnnouncedAt = provisioning.AccountAnnounced, w.Clock()
		}
		return errors.Join(err, tx.PutRequest(r), tx.PutAccount(a))
	})
}

// entryOf returns an enabled user of the directory with an address.
func entryOf(id string, address identity.Address) provisioning.Entry {
	return provisioning.Entry{ID: id, Address: address, Nickname: address.Local(), Enabled: true, Created: provisioningtest.Start}
}

func actor(id string) provisioning.Actor { return provisioning.Actor{ID: id, Name: "Persona " + id} }

func away() error {
	return problem.Refuse(problem.CodeUnavailable, "receipts.unavailable")
}

// wantRefused fails unless err has the code and the reason, and the arguments.
func wantRefused(t testing.TB, what string, err error, code problem.Code, reason string, args ...string) {
	t.Helper()
	refused, ok := errors.AsType[*problem.Error](err)
	if !ok || refused.Code != code || refused.Reason != reason || !maps.Equal(refused.Args, problem.Refuse(code, reason, args...).Args) {
		t.Errorf("%s: err = %#v, want %s %s %q", what, err, code, reason, args)
	}
}

// want fails unless got is want.
func want[T any](t testing.TB, what string, got, want T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
