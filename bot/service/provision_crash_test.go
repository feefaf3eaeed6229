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

// crash ends the process after n events: commits, changes of the tenant and written rows. The last
// one takes effect, but its caller gets an error, and nothing takes effect after it until the
// process is opened again.
type crash struct {
	mu      sync.Mutex
	at      int // the number of the last event; 0 for none
	seen    int
	crashed bool
}

var errCrashed = errors.New("the process is dead")

// countEvent counts an event, and reports whether it was the last.
func (f *crash) countEvent() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.crashed {
		return true
	}
	f.seen++
	f.crashed = f.at > 0 && f.seen == f.at
	return f.crashed
}

func (f *crash) hasCrashed() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.crashed
}

// reset makes the n-th event from now the last; with 0 there is none.
func (f *crash) reset(n int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.seen, f.crashed = n, 0, false
}

func (f *crash) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.seen
}

// do performs the act, and returns errCrashed if it was the last event.
func (f *crash) do(act func() error) error {
	if f.hasCrashed() {
		return errCrashed
	}
	err := act()
	if err == nil && f.countEvent() {
		return errCrashed
	}
	return err
}

// tenantFault is a fault of the tenant: the last change takes effect and its response is lost;
// after it no request gets through.
func (f *crash) tenantFault(op string) (graphfake.Fault, bool) {
	if f.hasCrashed() {
		return graphfake.Fault{Break: graphfake.BreakReset}, true
	}
	switch op {
	case "users.create", "users.assignLicense", "groups.addMember", "users.update":
		return graphfake.Fault{Break: graphfake.BreakReset, After: true}, f.countEvent()
	}
	return graphfake.Fault{}, false
}

type crashingStore struct {
	db    *store.DB
	crash *crash
}

func (s crashingStore) Update(ctx context.Context, fn func(provisioning.Tx) error) error {
	return s.crash.do(func() error { return s.db.Update(ctx, fn) })
}

func (s crashingStore) View(ctx context.Context, fn func(provisioning.Tx) error) error {
	if s.crash.hasCrashed() {
		return errCrashed
	}
	return s.db.View(ctx, fn)
}

type crashingQueue struct {
	*store.DB
	crash *crash
}

func (q crashingQueue) Claim(ctx context.Context, kind job.Kind, now time.Time, lease time.Duration, room job.Room) ([]job.Job, error) {
	var jobs []job.Job
	err := q.crash.do(func() (err error) {
		jobs, err = q.DB.Claim(ctx, kind, now, lease, room)
		return err
	})
	return jobs, err
}

func (q crashingQueue) Finish(ctx context.Context, j job.Job) error {
	return q.crash.do(func() error { return q.DB.Finish(ctx, j) })
}

func (q crashingQueue) Postpone(ctx context.Context, j job.Job) error {
	return q.crash.do(func() error { return q.DB.Postpone(ctx, j) })
}

type crashingReceipts struct {
	provisioning.Receipts
	crash *crash
}

func (r crashingReceipts) Put(ctx context.Context, row provisioning.Receipt) error {
	return r.crash.do(func() error { return r.Receipts.Put(ctx, row) })
}

func (r crashingReceipts) Recovered(ctx context.Context, a identity.Address, f provisioning.Folio, at time.Time) error {
	return r.crash.do(func() error { return r.Receipts.Recovered(ctx, a, f, at) })
}
