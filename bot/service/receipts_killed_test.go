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

// killedReceipts kills the server after a number of rows, and restarts it after a number of failed
// writes.
type killedReceipts struct {
	provisioning.Receipts
	rows, failures int64
	kill, revive   func()
	wrote, failed  atomic.Int64
	once           sync.Once
}

func (f *killedReceipts) Put(ctx context.Context, r provisioning.Receipt) error {
	err := f.Receipts.Put(ctx, r)
	switch {
	case err == nil && f.wrote.Add(1) == f.rows:
		f.kill()
	case err != nil && f.failed.Add(1) >= f.failures:
		f.once.Do(f.revive)
	}
	return err
}

// The database server is killed in the middle of 500 accounts, and restarted: every account is
// created and announced, and has one row.
func TestADatabaseServerKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	receiptstest.OnEachServer(t, func(t *testing.T, server *receiptstest.Server) {
		const lines = 500
		p := newPipeline(t, func(s *pipelineOptions) { s.workers, s.dsn = 8, server.DSN })
		killed := &killedReceipts{Receipts: p.executor.Receipts, rows: 200, failures: 20, kill: server.Kill, revive: server.Start}
		p.executor.Receipts = killed
		f := p.submit(manyTeachers(lines)...)
		p.approve(f)
		p.settle()
		p.wantState(f, provisioning.StateCompleted)
		p.wantAllRecorded(f, lines)
		t.Logf("%d rows, %d tries failed", lines, killed.failed.Load())
	})
}
