package store

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func openTemp(t testing.TB, o Options) *DB {
	t.Helper()
	db, err := Open(filepath.Join(t.TempDir(), "altas.db"), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

func saveNumber(key string, n int) func(provisioning.Tx) error {
	return func(tx provisioning.Tx) error { return tx.Save("case", key, n) }
}

// txID returns the number of the last commit.
func (db *DB) txID(t testing.TB) int {
	t.Helper()
	id := 0
	if err := db.view(context.Background(), func(tx *tx) error { id = tx.bolt.ID(); return nil }); err != nil {
		t.Fatal(err)
	}
	return id
}

// queueUp lets n updates wait for their turn before the first begins.
func queueUp(t *testing.T, db *DB, n int, update func(i int)) {
	t.Helper()
	if err := db.turn.take(context.Background()); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for i := range n {
		group.Go(func() { update(i) })
		for db.turn.length() <= i {
			runtime.Gosched()
		}
	}
	db.turn.release()
	group.Wait()
}

func (t *turn) length() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return len(t.waiting)
}

func TestUpdatesThatArriveTogetherShareACommit(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	before := db.txID(t)
	queueUp(t, db, 50, func(i int) {
		if err := db.Update(context.Background(), saveNumber(fmt.Sprint(i), i)); err != nil {
			t.Error(err)
		}
	})
	if n := db.txID(t) - before; n != 1 {
		t.Errorf("%d commits, want 1", n)
	}
}

func TestNothingWrittenNeedsNoCommit(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	before := db.txID(t)
	if err := db.Update(context.Background(), func(provisioning.Tx) error { return nil }); err != nil {
		t.Error(err)
	}
	if _, err := db.Claim(context.Background(), "line", atOnce, 1, job.Room{All: 1, Plain: 1}); err != nil {
		t.Error(err)
	}
	if n := db.txID(t) - before; n != 0 {
		t.Errorf("%d commits, want none", n)
	}
}

// One update of a batch fails after it wrote: the others share one commit, and none runs again.
func TestFailureInABatch(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	errOdd := errors.New("odd")
	before := db.txID(t)
	var runs atomic.Int32
	queueUp(t, db, 20, func(i int) {
		err := db.Update(context.Background(), func(tx provisioning.Tx) error {
			runs.Add(1)
			if err := tx.Save("case", fmt.Sprint(i), i); err != nil || i != 13 {
				return err
			}
			return errOdd
		})
		if want := i == 13; errors.Is(err, errOdd) != want || !want && err != nil {
			t.Errorf("Update %d = %v", i, err)
		}
	})
	wantDocuments(t, db, 19)
	if n := db.txID(t) - before; n != 1 || runs.Load() != 20 {
		t.Errorf("%d commits and %d runs, want 1 and 20", n, runs.Load())
	}
}

// Sixty-four goroutines write while eight fail after they wrote, repeatedly. Formerly each failure
// rolled back the whole batch, which never ended.
func TestFailingUpdatesDoNotBlockOthers(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	const writers, failers, each = 64, 8, 20
	errFail := errors.New("fail")
	ctx, done := context.WithCancel(context.Background())
	defer done()
	var failing, writing sync.WaitGroup
	var failures atomic.Int64
	for i := range failers {
		failing.Go(func() {
			for ctx.Err() == nil {
				err := db.Update(ctx, func(tx provisioning.Tx) error {
					return errors.Join(tx.Save("case", fmt.Sprint("failed", i), i), errFail)
				})
				if errors.Is(err, errFail) {
					failures.Add(1)
				}
			}
		})
	}
	for i := range writers {
		writing.Go(func() {
			for n := range each {
				if err := db.Update(context.Background(), saveNumber(fmt.Sprint(i, "/", n), n)); err != nil {
					t.Error(err)
				}
			}
		})
	}
	writing.Wait()
	done()
	failing.Wait()
	wantDocuments(t, db, writers*each)
	if failures.Load() == 0 {
		t.Error("no update failed meanwhile")
	}
}

// A test that fails inside fn ends the goroutine there (runtime.Goexit), and so does a panic. The
// other updates neither wait forever nor are lost.
func TestUpdateThatNeverReturns(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	queueUp(t, db, 20, func(i int) {
		defer func() { _ = recover() }()
		err := db.Update(context.Background(), func(tx provisioning.Tx) error {
			err := tx.Save("case", fmt.Sprint(i), i)
			switch i {
			case 5:
				runtime.Goexit()
			case 11:
				panic("in fn")
			}
			return err
		})
		if err != nil {
			t.Errorf("Update %d = %v", i, err)
		}
	})
	wantDocuments(t, db, 18)
}

// An update whose context ends leaves the queue; those behind it continue.
func TestContextEndsInTheQueue(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	if err := db.turn.take(context.Background()); err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithCancel(context.Background())
	var group sync.WaitGroup
	results := make([]error, 5)
	for i := range results {
		ctx := context.Background()
		if i == 2 {
			ctx = impatient
		}
		group.Go(func() { results[i] = db.Update(ctx, saveNumber(fmt.Sprint(i), i)) })
		for db.turn.length() <= i {
			runtime.Gosched()
		}
	}
	cancel()
	for db.turn.length() == len(results) {
		runtime.Gosched()
	}
	db.turn.release()
	group.Wait()
	for i, err := range results {
		if want := i == 2; errors.Is(err, context.Canceled) != want || !want && err != nil {
			t.Errorf("Update %d = %v", i, err)
		}
	}
	wantDocuments(t, db, 4)
}

func wantDocuments(t *testing.T, db *DB, want int) {
	t.Helper()
	err := db.View(context.Background(), func(tx provisioning.Tx) error {
		n := 0
		for _, err := range tx.Keys("case", "") {
			if err != nil {
				return err
			}
			n++
		}
		if n != want {
			t.Errorf("%d documents, want %d", n, want)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// A Tx that is kept after fn returned does not write into a later transaction.
func TestTransactionIsOver(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	var kept provisioning.Tx
	err := db.Update(context.Background(), func(tx provisioning.Tx) error {
		kept = tx
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := kept.Save("case", "late", 1); !errors.Is(err, errDone) {
		t.Errorf("Save after fn returned = %v, want %v", err, errDone)
	}
}

func TestFoliosOfAYearEnd(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	err := db.update(context.Background(), func(tx *tx) error {
		if err := tx.save(bucketFolios, []byte("2026"), lastFolio-1); err != nil {
			return err
		}
		if f, err := tx.NextFolio(2026); f != "2026-999999" || err != nil {
			t.Errorf("NextFolio = %q, %v", f, err)
		}
		_, err := tx.NextFolio(2026)
		return err
	})
	if problem.ReasonOf(err) != "folio.exhausted" {
		t.Errorf("the millionth NextFolio = %v, want folio.exhausted", err)
	}
}

func TestKeysThatCannotBeKept(t *testing.T) {
	t.Parallel()
	db := openTemp(t, Options{NoSync: true})
	for name, write := range map[string]func(provisioning.Tx) error{
		"zero byte in a key": saveNumber("a\x00b", 1),
		"no key":             saveNumber("", 1),
		"job without a key":  func(tx provisioning.Tx) error { return tx.Enqueue(job.Job{Kind: "line"}) },
		"zero byte in a lane": func(tx provisioning.Tx) error {
			return tx.Enqueue(job.Job{Kind: "line", Key: "k", Lane: "\x00"})
		},
		"address of no line": func(tx provisioning.Tx) error { return tx.Reserve("a@b.mx", "") },
		"notice to nobody":   func(tx provisioning.Tx) error { return tx.Post(provisioning.Notice{}) },
		"request of nobody": func(tx provisioning.Tx) error {
			return tx.PutRequest(provisioning.Request{Folio: "2026-000001", State: "s"})
		},
	} {
		if err := db.Update(context.Background(), write); !errors.Is(err, errKey) {
			t.Errorf("%s: Update = %v, want %v", name, err, errKey)
		}
	}
}
