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

// fatalReceipts let something happen after so many rows.
type fatalReceipts struct {
	provisioning.Receipts
	after  int64
	happen func()
	wrote  atomic.Int64
	failed atomic.Int64
	once   sync.Once
}

func (f *fatalReceipts) Put(ctx context.Context, r provisioning.Receipt) error {
	err := f.Receipts.Put(ctx, r)
	switch {
	case err != nil:
		f.failed.Add(1)
	case f.wrote.Add(1) == f.after:
		f.once.Do(f.happen)
	}
	return err
}

// The database server dies in the middle of 500 accounts, and is started again
// while they go on: every account is made and told of, and has one row.
func TestADatabaseServerKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts database servers")
	}
	for name, start := range map[string]func(testing.TB, ...string) *receiptstest.Server{
		"postgres": receiptstest.StartPostgres, "mariadb": receiptstest.StartMariaDB,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			const lines = 500
			server := start(t)
			p := build(t, func(s *site) { s.workers, s.dsn = 8, server.DSN })
			fatal := &fatalReceipts{Receipts: p.works.Receipts, after: 200}
			var restart sync.WaitGroup
			fatal.happen = func() {
				server.Kill()
				restart.Go(server.Start)
			}
			p.works.Receipts = fatal
			f := p.submit(crowd(lines)...)
			p.approve(f)
			p.settle()
			restart.Wait()
			p.wantState(f, provisioning.StateCompleted)
			p.wantAllRecorded(f, lines)
			if fatal.failed.Load() == 0 {
				t.Error("nobody noticed the outage: the test shows nothing")
			}
			t.Logf("%d rows, %d tries failed", lines, fatal.failed.Load())
		})
	}
}
