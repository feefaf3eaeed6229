package provisioningtest

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

const line = provisioning.JobLine

var zeroTime time.Time

func enqueueCases() cases {
	return cases{
		"a job is stored until it is finished":                    jobStored,
		"the same kind and key is one job":                        jobMerges,
		"the earlier due time counts":                             jobEarlierDue,
		"an urgent job stays urgent":                              jobBecomesUrgent,
		"enqueuing again resets the attempts":                     jobAttemptReset,
		"enqueued while claimed, it is claimed again":             jobDirty,
		"enqueued while claimed, it keeps its due time":           jobDirtyLater,
		"enqueued while claimed, postponing is no failed attempt": jobDirtyPostponed,
		"a failed update enqueues nothing":                        jobRolledBack,
		"without a due time it is due at once":                    jobNoDue,
		"a commit that enqueues sends a token":                    jobToken,
		"a commit that enqueues nothing sends no token":           jobNoToken,
	}
}

// at returns the time n seconds after Start.
func at(n int) time.Time { return Start.Add(time.Duration(n) * time.Second) }

func newJob(key, lane string, due time.Time) job.Job {
	return job.Job{Kind: line, Key: key, Lane: lane, Due: due, Since: due}
}

func enqueue(t testing.TB, s provisioning.Store, jobs ...job.Job) {
	t.Helper()
	update(t, s, func(tx provisioning.Tx) error {
		for _, j := range jobs {
			if err := tx.Enqueue(j); err != nil {
				return err
			}
		}
		return nil
	})
}

const leaseTime = time.Minute

func claim(t testing.TB, q job.Queue, now time.Time, n int) []job.Job {
	t.Helper()
	jobs, err := q.Claim(context.Background(), line, now, leaseTime, job.Room{All: n, Plain: n})
	if err != nil {
		t.Fatalf("Claim: %v", err)
	}
	return jobs
}

func wantClaimed(t testing.TB, q job.Queue, now time.Time, n int, want ...string) []job.Job {
	t.Helper()
	jobs := claim(t, q, now, n)
	var got []string
	for _, j := range jobs {
		got = append(got, j.Key)
	}
	if !slices.Equal(got, want) {
		t.Fatalf("Claim = %q, want %q", got, want)
	}
	return jobs
}

func finish(t testing.TB, q job.Queue, jobs ...job.Job) {
	t.Helper()
	for _, j := range jobs {
		if err := q.Finish(context.Background(), j); err != nil {
			t.Fatalf("Finish: %v", err)
		}
	}
}

func postpone(t testing.TB, q job.Queue, j job.Job) {
	t.Helper()
	if err := q.Postpone(context.Background(), j); err != nil {
		t.Fatalf("Postpone: %v", err)
	}
}

func wantDue(t testing.TB, q job.Queue, kind job.Kind, want time.Time) {
	t.Helper()
	got, err := q.NextDue(context.Background(), kind)
	if err != nil || !got.Equal(want) {
		t.Errorf("NextDue = %v, %v, want %v", got, err, want)
	}
}

func jobStored(t *testing.T, s Subject) {
	want := job.Job{Kind: line, Key: "a", Lane: "l", Urgent: true, Due: at(0), Since: at(-5), Attempt: 2, Fault: "f"}
	enqueue(t, s, want)
	got := claim(t, s, at(0), 5)
	if diff := cmp.Diff([]job.Job{want}, got, cmpopts.IgnoreFields(job.Job{}, "Lease")); diff != "" {
		t.Errorf("Claim (-want +got):\n%s", diff)
	}
	finish(t, s, got...)
	wantDue(t, s, line, zeroTime)
}

func jobMerges(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)), newJob("a", "l", at(0)))
	enqueue(t, s, newJob("a", "l", at(0)), job.Job{Kind: provisioning.JobCards, Key: "a", Due: at(0)})
	finish(t, s, wantClaimed(t, s, at(0), 9, "a")...)
	wantClaimed(t, s, at(9), 9)
}

func jobEarlierDue(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(10)), newJob("b", "m", at(10)))
	enqueue(t, s, newJob("a", "l", at(5)), newJob("b", "m", at(20)))
	wantDue(t, s, line, at(5))
	wantClaimed(t, s, at(5), 9, "a")
	wantClaimed(t, s, at(10), 9, "b")
}

func jobBecomesUrgent(t *testing.T, s Subject) {
	urgent := newJob("b", "m", at(0))
	urgent.Urgent = true
	enqueue(t, s, newJob("a", "l", at(0)), newJob("b", "m", at(0)))
	claim(t, s, at(-1), 0) // claims nothing, but may read the job
	enqueue(t, s, urgent)
	enqueue(t, s, newJob("b", "m", at(0)))
	if jobs := wantClaimed(t, s, at(0), 1, "b"); !jobs[0].Urgent {
		t.Error("the job is not urgent any more")
	}
}

func jobAttemptReset(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	j.Due, j.Attempt, j.Fault = at(600), 7, "the directory did not answer"
	postpone(t, s, j)
	enqueue(t, s, newJob("a", "l", at(1)))
	if jobs := wantClaimed(t, s, at(1), 1, "a"); jobs[0].Attempt != 0 {
		t.Errorf("Attempt = %d, want 0", jobs[0].Attempt)
	}
}

func jobDirty(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	jobs := claim(t, s, at(0), 1)
	enqueue(t, s, newJob("a", "l", at(1)), newJob("a", "l", at(2)))
	wantClaimed(t, s, at(2), 9)
	finish(t, s, jobs...)
	again := wantClaimed(t, s, at(2), 9, "a")
	finish(t, s, again...)
	wantClaimed(t, s, at(99), 9)
}

func jobDirtyLater(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	jobs := claim(t, s, at(0), 1)
	enqueue(t, s, newJob("a", "l", at(500)))
	finish(t, s, jobs...)
	wantDue(t, s, line, at(500))
	wantClaimed(t, s, at(499), 9)
	wantClaimed(t, s, at(500), 9, "a")
}

func jobDirtyPostponed(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	enqueue(t, s, newJob("a", "l", at(1)))
	j.Due, j.Attempt = at(600), 3
	postpone(t, s, j)
	if jobs := wantClaimed(t, s, at(1), 9, "a"); jobs[0].Attempt != 0 {
		t.Errorf("Attempt = %d, want 0", jobs[0].Attempt)
	}
}

func jobRolledBack(t *testing.T, s Subject) {
	err := s.Update(context.Background(), func(tx provisioning.Tx) error {
		return errors.Join(tx.Enqueue(newJob("a", "l", at(0))), errRollback)
	})
	if !errors.Is(err, errRollback) {
		t.Errorf("Update = %v, want %v", err, errRollback)
	}
	wantDue(t, s, line, zeroTime)
	wantToken(t, s, false)
}

func jobNoDue(t *testing.T, s Subject) {
	enqueue(t, s, job.Job{Kind: line, Key: "a"})
	if due, err := s.NextDue(context.Background(), line); due.IsZero() || due.After(at(0)) || err != nil {
		t.Errorf("NextDue = %v, %v, want a time long ago", due, err)
	}
	wantClaimed(t, s, at(0), 9, "a")
}

func wantToken(t *testing.T, s Subject, want bool) {
	t.Helper()
	select {
	case <-s.Enqueued():
		if !want {
			t.Error("Enqueued has a token, want none")
		}
	default:
		if want {
			t.Error("Enqueued has no token, want one")
		}
	}
}

func jobToken(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	enqueue(t, s, newJob("b", "l", at(0)))
	wantToken(t, s, true)
	wantToken(t, s, false) // they are one job
}

func jobNoToken(t *testing.T, s Subject) {
	update(t, s, save("a", 1))
	wantToken(t, s, false)
	enqueue(t, s, newJob("a", "l", at(0)))
	wantToken(t, s, true)
	finish(t, s, claim(t, s, at(0), 1)...)
	wantToken(t, s, false)
}
