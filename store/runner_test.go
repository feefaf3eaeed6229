package store_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// runner handles the store's line jobs with h until the test ends.
func runner(t *testing.T, db *store.DB, h job.Handler) {
	t.Helper()
	h.Timeout = time.Minute
	r := &job.Runner{
		Queue: db, Now: time.Now, Log: slog.New(slog.DiscardHandler), Grace: time.Second,
		Handlers: map[job.Kind]job.Handler{provisioning.JobLine: h},
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { defer close(ended); r.Run(ctx) }()
	t.Cleanup(func() { cancel(); <-ended })
}

func enqueue(t *testing.T, db *store.DB, urgent bool, keys ...string) {
	t.Helper()
	err := db.Update(t.Context(), func(tx provisioning.Tx) error {
		for _, key := range keys {
			if err := tx.Enqueue(job.Job{Kind: provisioning.JobLine, Key: key, Lane: "list", Urgent: urgent}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// While the lines of a list occupy all other workers, an urgent line is handled at once by a worker
// that is reserved for urgent jobs; the rest of the list is not.
func TestUrgentJobOvertakesAList(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	begun, end := make(chan job.Job, 9), make(chan struct{})
	runner(t, db, job.Handler{Workers: 2, Urgent: 1, Do: func(_ context.Context, j job.Job) error {
		begun <- j
		<-end
		return nil
	}})
	enqueue(t, db, false, "a", "b", "c", "d")
	<-begun
	<-begun
	enqueue(t, db, true, "teacher")
	if j := <-begun; j.Key != "teacher" {
		t.Errorf("%s was begun, want the teacher's line", j.Key)
	}
	select {
	case j := <-begun:
		t.Errorf("%s was begun although every worker of lists is busy", j.Key)
	default:
	}
	close(end)
	if first, second := <-begun, <-begun; first.Key+second.Key != "cd" && first.Key+second.Key != "dc" {
		t.Errorf("then %s and %s", first.Key, second.Key)
	}
}

// A job whose handler panics has failed: other jobs are handled, and it is retried later.
func TestAJobThatPanicsHasFailed(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	done := make(chan string, 9)
	runner(t, db, job.Handler{Workers: 1, Do: func(_ context.Context, j job.Job) error {
		defer func() { done <- j.Key }()
		if j.Key == "bad" {
			panic("a nil map, say")
		}
		return nil
	}})
	enqueue(t, db, false, "bad", "good")
	if first, second := <-done, <-done; first != "bad" || second != "good" {
		t.Fatalf("done: %s, %s", first, second)
	}
	for {
		d, err := db.Depth(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		if d[provisioning.JobLine].Jobs == 1 {
			if d[provisioning.JobLine].Failing != 1 {
				t.Errorf("%+v, want one that failed", d)
			}
			return
		}
		<-time.After(time.Millisecond)
	}
}
