package service_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/store"
)

// fate ends the world after so many events: an event is a commit, a change of the
// tenant, a row written. What was done stays done; who did it never hears of it,
// and nothing happens any more until the world is opened again.
type fate struct {
	mu   sync.Mutex
	at   int // die at this event; 0 lives on
	seen int
	dead bool
}

var errDead = errors.New("the process is dead")

// event counts, and reports whether this was the last.
func (f *fate) event() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.dead {
		return true
	}
	f.seen++
	f.dead = f.at > 0 && f.seen == f.at
	return f.dead
}

func (f *fate) isDead() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.dead
}

// reset lets the world live until its n-th event from now; for ever for 0.
func (f *fate) reset(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.seen, f.dead = n, 0, false
}

func (f *fate) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}

// after does the deed and dies of it if it is time.
func (f *fate) after(deed func() error) error {
	if f.isDead() {
		return errDead
	}
	err := deed()
	if err == nil && f.event() {
		return errDead
	}
	return err
}

// strike is for the tenant: a change that kills happens, its answer is lost; the
// dead reach nobody.
func (f *fate) strike(op string) (graphfake.Fault, bool) {
	if f.isDead() {
		return graphfake.Fault{Break: graphfake.BreakReset}, true
	}
	switch op {
	case "users.create", "users.assignLicense", "groups.addMember", "users.update":
		return graphfake.Fault{Break: graphfake.BreakReset, After: true}, f.event()
	}
	return graphfake.Fault{}, false
}

type mortalStore struct {
	db   *store.DB
	fate *fate
}

func (s mortalStore) Update(ctx context.Context, fn func(provisioning.Tx) error) error {
	return s.fate.after(func() error { return s.db.Update(ctx, fn) })
}

func (s mortalStore) View(ctx context.Context, fn func(provisioning.Tx) error) error {
	if s.fate.isDead() {
		return errDead
	}
	return s.db.View(ctx, fn)
}

type mortalQueue struct {
	*store.DB
	fate *fate
}

func (q mortalQueue) Claim(ctx context.Context, kind job.Kind, now time.Time, lease time.Duration, room job.Room) ([]job.Job, error) {
	var jobs []job.Job
	err := q.fate.after(func() (err error) {
		jobs, err = q.DB.Claim(ctx, kind, now, lease, room)
		return err
	})
	return jobs, err
}

func (q mortalQueue) Finish(ctx context.Context, j job.Job) error {
	return q.fate.after(func() error { return q.DB.Finish(ctx, j) })
}

func (q mortalQueue) Postpone(ctx context.Context, j job.Job) error {
	return q.fate.after(func() error { return q.DB.Postpone(ctx, j) })
}

type mortalReceipts struct {
	provisioning.Receipts
	fate *fate
}

func (r mortalReceipts) Put(ctx context.Context, row provisioning.Receipt) error {
	return r.fate.after(func() error { return r.Receipts.Put(ctx, row) })
}

func (r mortalReceipts) Recovered(ctx context.Context, a identity.Address, f provisioning.Folio, at time.Time) error {
	return r.fate.after(func() error { return r.Receipts.Recovered(ctx, a, f, at) })
}
