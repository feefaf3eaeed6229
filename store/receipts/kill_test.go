//go:build linux

package receipts

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// The database server dies without a word in the middle of 500 accounts, and
// comes back while they go on. In the end each has its row, and only one.
func TestServerKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts database servers")
	}
	for name, start := range map[string]func(testing.TB, ...string) *receiptstest.Server{
		"postgres": receiptstest.StartPostgres, "mariadb": receiptstest.StartMariaDB,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := start(t)
			db := backend{s.Database}.open(t, nil)
			var done, failed atomic.Int64
			killed := make(chan struct{})
			var wg sync.WaitGroup
			work := make(chan int)
			for range 8 {
				wg.Go(func() {
					for n := range work {
						putUntilDone(t, db, teacher(n), &failed)
						done.Add(1)
					}
				})
			}
			wg.Go(func() {
				<-killed
				s.Kill()
				s.Start()
			})
			for n := range 500 {
				work <- n
				if n == 200 {
					close(killed)
				}
			}
			close(work)
			wg.Wait()
			if failed.Load() == 0 {
				t.Error("nobody noticed the outage: the test shows nothing")
			}
			rows := s.Count(t, "SELECT COUNT(*) FROM receipts")
			stamps := s.Count(t, "SELECT COUNT(DISTINCT stamp) FROM receipts")
			if rows != 500 || stamps != 500 {
				t.Errorf("rows = %d, stamps = %d, want 500 each", rows, stamps)
			}
			t.Logf("500 rows; %d attempts failed and were repeated", failed.Load())
		})
	}
}

// putUntilDone tries again as a job does, and holds every failure to be an outage.
func putUntilDone(t *testing.T, db *DB, r provisioning.Receipt, failed *atomic.Int64) {
	backoff := time.NewTicker(20 * time.Millisecond)
	defer backoff.Stop()
	for {
		err := db.Put(t.Context(), r)
		if err == nil {
			return
		}
		failed.Add(1)
		if provisioning.CodeOf(err) != provisioning.CodeUnavailable || provisioning.IsPermanent(err) {
			t.Errorf("Put %s: %v, want unavailable", r.Stamp, err)
			return
		}
		<-backoff.C
	}
}
