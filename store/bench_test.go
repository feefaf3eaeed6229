package store

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// benchAccounts is the size of the generated store, which is kept in the system's temporary
// directory for the next run; DESIGN's budgets are for 1,000,000 accounts in 100,000 requests.
var benchAccounts = flag.Int("accounts", 100_000, "accounts in the store that benchmarks read")

const linesEach = 10

// requesters is the number of requesters: with 1,000,000 lines each has 500 requests.
const requesters = 200

// generated returns the path of a store with -accounts accounts in requests of ten lines, each with
// its address, audit entry and a reminder job due in a year. Of the newest hundred one awaits the
// director: with more pending requests than are realistic, the service's own work would be
// measured.
func generated(b *testing.B) string {
	b.Helper()
	path := filepath.Join(os.TempDir(), fmt.Sprintf("altas-bench-%d-%d-%d.db", len(migrations()), requesters, *benchAccounts))
	if _, err := os.Stat(path); err == nil {
		return path
	}
	start := time.Now()
	db, err := Open(path+".part", Options{NoSync: true})
	if err != nil {
		b.Fatal(err)
	}
	const together = 500
	for at := 0; at < *benchAccounts/linesEach; at += together {
		err := db.Update(context.Background(), func(tx provisioning.Tx) error {
			for i := at; i < min(at+together, *benchAccounts/linesEach); i++ {
				if err := generate(tx, i); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
	if err := errors.Join(db.Close(), os.Rename(path+".part", path)); err != nil {
		b.Fatal(err)
	}
	b.Logf("%d accounts generated in %v", *benchAccounts, time.Since(start).Round(time.Second))
	return path
}

func generate(tx provisioning.Tx, i int) error {
	f, err := tx.NextFolio(2026)
	if err != nil {
		return err
	}
	r := provisioningtest.Request(f, fmt.Sprint("requester-", i%requesters), linesEach)
	r.State = provisioning.StateCompleted
	if i >= *benchAccounts/linesEach*99/100 {
		r.State = provisioning.StateDirector
	}
	if err := tx.PutRequest(r); err != nil {
		return err
	}
	for n := 1; n <= linesEach; n++ {
		a := provisioningtest.Account(f, n, provisioningtest.Teacher(i*linesEach+n))
		a.State = provisioning.AccountAnnounced
		a.Address = identity.Address(string(a.Stamp) + "@docente.example")
		if err := errors.Join(tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp)); err != nil {
			return err
		}
	}
	return errors.Join(
		tx.Record(provisioning.Entered{Act: "request.submit", Folio: f, At: provisioningtest.Start}),
		tx.Enqueue(job.Job{Kind: provisioning.JobRemind, Key: string(f), Due: provisioningtest.Start.AddDate(1, 0, 0)}))
}

func openGenerated(b *testing.B) *DB {
	b.Helper()
	db, err := Open(generated(b), Options{})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := db.Close(); err != nil {
			b.Error(err)
		}
	})
	return db
}

// BenchmarkOpen also reports the resident memory after the last open.
func BenchmarkOpen(b *testing.B) {
	path := generated(b)
	for b.Loop() {
		db, err := Open(path, Options{})
		if err != nil {
			b.Fatal(err)
		}
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(residentMB(), "MB-resident")
}

// residentMB returns the process's resident memory; 0 if the system has no /proc.
func residentMB() float64 {
	data, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	pages, _ := strconv.Atoi(strings.Fields(string(data))[1])
	return float64(pages*os.Getpagesize()) / 1e6
}

// BenchmarkStatus reads what the command "estado" reads: the request, its tally and its first
// lines.
func BenchmarkStatus(b *testing.B) {
	db := openGenerated(b)
	i := 0
	for b.Loop() {
		i++
		f := provisioning.NewFolio(2026, 1+i*7919%(*benchAccounts/linesEach))
		benchView(b, db, func(tx provisioning.Tx) error {
			_, errRequest := tx.Request(f)
			_, errTally := tx.Tally(f)
			for _, err := range tx.AccountsOf(f, 0) {
				if err != nil {
					return err
				}
			}
			return errors.Join(errRequest, errTally)
		})
	}
}

// BenchmarkMine reads the first page of "mis solicitudes".
func BenchmarkMine(b *testing.B) {
	db := openGenerated(b)
	for b.Loop() {
		benchView(b, db, func(tx provisioning.Tx) error {
			n := 0
			for _, err := range tx.ListRequests(provisioning.RequestFilter{Requester: "requester-7"}) {
				if n++; err != nil || n == 10 {
					return err
				}
			}
			return nil
		})
	}
}

// BenchmarkSearch searches two common words that a few hundred lines have.
func BenchmarkSearch(b *testing.B) {
	db := openGenerated(b)
	for name, text := range map[string]string{
		"name": "ximena trevino ibarra", "curp": string(provisioningtest.CURP(777)), "none": "ximena wenceslao",
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				benchView(b, db, func(tx provisioning.Tx) error {
					n := 0
					for _, err := range tx.SearchAccounts(provisioning.AccountSearch{Text: text}) {
						if n++; err != nil || n == 20 {
							return err
						}
					}
					return nil
				})
			}
		})
	}
}

// BenchmarkSearchOwn searches one requester's lines ("buscar") for two words, each on one line of
// eight or eleven, together on none or a few.
func BenchmarkSearchOwn(b *testing.B) {
	db := openGenerated(b)
	for name, text := range map[string]string{
		"some": "ximena ibarra", "never together": "ximena angel", "one of a kind": string(provisioningtest.CURP(777)), "everybody's": "de la",
	} {
		b.Run(name, func(b *testing.B) {
			found := 0
			for b.Loop() {
				found = 0
				benchView(b, db, func(tx provisioning.Tx) error {
					for _, err := range tx.SearchAccounts(provisioning.AccountSearch{Text: text, Requester: "requester-7"}) {
						if found++; err != nil || found == 7 {
							return err
						}
					}
					return nil
				})
			}
			b.ReportMetric(float64(found), "found")
		})
	}
}

func benchView(b *testing.B, db *DB, fn func(provisioning.Tx) error) {
	b.Helper()
	if err := db.View(context.Background(), fn); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkUpdate submits requests of one line by several goroutines; each Update is synced to
// disk.
func BenchmarkUpdate(b *testing.B) {
	for _, c := range []struct{ callers, refused int }{{1, 0}, {8, 0}, {64, 0}, {64, 8}} {
		b.Run(fmt.Sprintf("callers=%d/refused=%d", c.callers, c.refused), func(b *testing.B) {
			db := openTemp(b, Options{})
			ctx, done := context.WithCancel(b.Context())
			defer done()
			for range c.refused {
				go failUntil(ctx, db)
			}
			var left atomic.Int64
			left.Store(int64(b.N))
			b.ResetTimer()
			var group sync.WaitGroup
			for range c.callers {
				group.Go(func() {
					for left.Add(-1) >= 0 {
						if err := db.Update(context.Background(), submitOne); err != nil {
							b.Error(err)
						}
					}
				})
			}
			group.Wait()
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "updates/s")
		})
	}
}

// BenchmarkRecord records an audit entry, a hundred in an Update: each is chained to the one before.
func BenchmarkRecord(b *testing.B) {
	db := openTemp(b, Options{NoSync: true})
	f := provisioning.NewFolio(2026, 1)
	e := provisioning.Entered{
		At: provisioningtest.Start, By: provisioning.Actor{ID: "7d0c6a3e-5b1f-4f0a-9c2d-8e4b1a6f3c5d", Name: "Ana Peña"}, Act: "account.created",
		Folio: f, Stamp: provisioning.NewStamp(f, 1), Detail: map[string]string{"address": "lucia.nanez@docente.example"},
	}
	for n := 0; n < b.N; n += 100 {
		err := db.Update(context.Background(), func(tx provisioning.Tx) (err error) {
			for range min(100, b.N-n) {
				err = errors.Join(err, tx.Record(e))
			}
			return err
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// failUntil runs updates that fail after they wrote, one after another, until ctx ends.
func failUntil(ctx context.Context, db *DB) {
	for ctx.Err() == nil {
		_ = db.Update(ctx, func(tx provisioning.Tx) error { // fails on purpose
			return errors.Join(submitOne(tx), errors.New("refused"))
		})
	}
}

func submitOne(tx provisioning.Tx) error {
	f, err := tx.NextFolio(2026)
	if err != nil {
		return err
	}
	a := provisioningtest.Account(f, 1, provisioningtest.Teacher(1))
	a.Address = identity.Address(string(a.Stamp) + "@docente.example")
	return errors.Join(
		tx.PutRequest(provisioningtest.Request(f, "ana", 1)), tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp),
		tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(f), Lane: string(f), Due: provisioningtest.Start}),
		tx.Post(provisioning.Notice{To: "ana", Folio: f, Once: "received:" + string(f)}),
		tx.Record(provisioning.Entered{Act: "request.submit", Folio: f, At: provisioningtest.Start}))
}

// BenchmarkList submits a request of 5,000 lines in one Update, to a store in use.
func BenchmarkList(b *testing.B) {
	db := openTemp(b, Options{})
	for b.Loop() {
		err := db.Update(context.Background(), func(tx provisioning.Tx) error {
			f, err := tx.NextFolio(2026)
			if err != nil {
				return err
			}
			for n := 1; n <= 5000 && err == nil; n++ {
				a := provisioningtest.Account(f, n, provisioningtest.Teacher(n))
				a.Address = identity.Address(string(a.Stamp) + "@docente.example")
				err = errors.Join(tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp),
					tx.Enqueue(job.Job{Kind: provisioning.JobLine, Key: string(a.Stamp), Lane: string(f), Due: provisioningtest.Start}))
			}
			return errors.Join(err, tx.PutRequest(provisioningtest.Request(f, "ana", 5000)))
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkJobs claims and finishes twenty jobs, with 100,000 due in 100 lanes.
func BenchmarkJobs(b *testing.B) {
	db := openTemp(b, Options{NoSync: true})
	err := db.Update(context.Background(), func(tx provisioning.Tx) error {
		for i := range 100_000 {
			j := job.Job{Kind: provisioning.JobLine, Key: fmt.Sprint(i), Lane: fmt.Sprint(i % 100), Due: provisioningtest.Start}
			if err := tx.Enqueue(j); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	claim := func(n int) []job.Job {
		jobs, err := db.Claim(context.Background(), provisioning.JobLine, provisioningtest.Start, time.Minute, job.Room{All: n, Plain: n})
		if err != nil {
			b.Fatal(err)
		}
		return jobs
	}
	start := time.Now()
	claim(1)
	first := time.Since(start)
	for b.Loop() {
		for _, j := range claim(20) {
			if err := db.Finish(context.Background(), j); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.ReportMetric(float64(first.Milliseconds()), "ms-first-claim")
}

// BenchmarkCheck also reports the growth of the heap.
func BenchmarkCheck(b *testing.B) {
	db := openGenerated(b)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for b.Loop() {
		problems, err := db.Check(context.Background())
		if err != nil || len(problems) > 0 {
			b.Fatal(problems, err)
		}
	}
	runtime.ReadMemStats(&after)
	b.ReportMetric(float64(after.HeapSys-before.HeapSys)/1e6, "MB-heap-grown")
}
