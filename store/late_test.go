package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// After a clock was a month ahead, a job that it enqueued is due at once, or at the latest time
// that its kind allows. Jobs due before that, and those of other kinds, stay.
func TestNoJobIsDueLaterThanItsKindMayAsk(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	const month, day = 30 * 24 * time.Hour, 24 * time.Hour
	latest := map[job.Kind]job.Latest{"line": {After: day}, "account": {After: 8 * day, Then: 7 * day}}
	want := map[string]time.Duration{}
	err := db.Update(t.Context(), func(tx provisioning.Tx) error {
		for _, kind := range []job.Kind{"account", "line", "liner"} { // a kind with the other's name as its prefix, too
			for i, in := range []time.Duration{0, time.Hour, day, month, month + time.Hour} {
				key := fmt.Sprint(i)
				if err := tx.Enqueue(job.Job{Kind: kind, Key: key, Due: now.Add(in)}); err != nil {
					return err
				}
				if l, bound := latest[kind]; bound && in > l.After {
					in = l.Then
				}
				want[string(kind)+key] = in
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, moves := range []int{4, 0} {
		if moved, err := db.NoLater(t.Context(), now, latest); err != nil || moved != moves {
			t.Errorf("moved %d, %v, want %d", moved, err, moves)
		}
	}
	got := map[string]time.Duration{}
	for _, kind := range []job.Kind{"account", "line", "liner"} {
		jobs, err := db.Claim(t.Context(), kind, now.Add(2*month), time.Minute, job.Room{All: 10, Plain: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			got[string(kind)+j.Key] = j.Due.Sub(now)
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("due (-want +got):\n%s", diff)
	}
	if problems, err := db.Check(t.Context()); err != nil || len(problems) > 0 {
		t.Errorf("%v, %v", problems, err)
	}
}
