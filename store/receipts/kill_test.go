//go:build linux

package receipts

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// The database server is killed in the middle of 500 accounts and restarted while they are written.
// In the end each has exactly one row.
func TestServerKilledInTheMiddle(t *testing.T) {
	t.Parallel()
	receiptstest.OnEachServer(t, func(t *testing.T, s *receiptstest.Server) {
		db := backend{s.Database}.open(t, nil)
		var failed atomic.Int64
		noticed := make(chan struct{})
		var wg sync.WaitGroup
		work := make(chan int)
		for range 8 {
			wg.Go(func() {
				for n := range work {
					putUntilDone(t, db, teacher(n), func() {
						if failed.Add(1) == 1 {
							close(noticed)
						}
					})
				}
			})
		}
		for n := range 500 {
			if n == 200 {
				s.Kill()
				wg.Go(func() {
					<-noticed
					s.Start()
				})
			}
			work <- n
		}
		close(work)
		wg.Wait()
		rows := s.Count(t, "SELECT COUNT(*) FROM receipts")
		stamps := s.Count(t, "SELECT COUNT(DISTINCT stamp) FROM receipts")
		if rows != 500 || stamps != 500 {
			t.Errorf("rows = %d, stamps = %d, want 500 each", rows, stamps)
		}
		t.Logf("500 rows; %d attempts failed and were repeated", failed.Load())
	})
}

// putUntilDone retries as a job does, calls failed for each failure, and requires each to be
// CodeUnavailable.
func putUntilDone(t *testing.T, db *DB, r provisioning.Receipt, failed func()) {
	backoff := time.NewTicker(20 * time.Millisecond)
	defer backoff.Stop()
	for {
		err := db.Put(t.Context(), r)
		if err == nil {
			return
		}
		failed()
		if problem.CodeOf(err) != problem.CodeUnavailable || job.IsPermanent(err) {
			t.Errorf("Put %s: %v, want unavailable", r.Stamp, err)
			return
		}
		<-backoff.C
	}
}
