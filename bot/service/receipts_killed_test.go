//go:build linux

package service_test

import (
	"context"
	"sync"
	"sync/atomic"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// fatalReceipts let their server be killed after so many rows, and come back after
// so many tries that failed; whoever tries then waits for it.
type fatalReceipts struct {
	provisioning.Receipts
	rows, failures int64
	kill, revive   func()
	wrote, failed  atomic.Int64
	alive          sync.Once
}

func (f *fatalReceipts) Put(ctx context.Context, r provisioning.Receipt) error {
	err := f.Receipts.Put(ctx, r)
	switch {
	case err == nil && f.wrote.Add(1) == f.rows:
		f.kill()
	case err != nil && f.failed.Add(1) >= f.failures:
		f.alive.Do(f.revive)
	}
	return err
}

// The database server dies in the middle of 500 accounts, and is started again
// while they go on: every account is made and told of, and has one row.
func TestADatabaseServerKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	receiptstest.OnEachServer(t, func(t *testing.T, server *receiptstest.Server) {
		const lines = 500
		p := build(t, func(s *site) { s.workers, s.dsn = 8, server.DSN })
		fatal := &fatalReceipts{Receipts: p.works.Receipts, rows: 200, failures: 20, kill: server.Kill, revive: server.Start}
		p.works.Receipts = fatal
		f := p.submit(crowd(lines)...)
		p.approve(f)
		p.settle()
		p.wantState(f, provisioning.StateCompleted)
		p.wantAllRecorded(f, lines)
		t.Logf("%d rows, %d tries failed", lines, fatal.failed.Load())
	})
}
