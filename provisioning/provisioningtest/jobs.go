package provisioningtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"seducoahuila.gob.mx/altas/provisioning"
)

const line = provisioning.JobLine

var zeroTime time.Time

func enqueueCases() cases {
	return cases{
		"a job is owed until it is finished":            jobLasts,
		"the same kind and key is one job":              jobMerges,
		"the earlier due wins":                          jobEarlierDue,
		"urgent once is urgent":                         jobBecomesUrgent,
		"enqueued again, its failures are forgotten":    jobAttemptReset,
		"enqueued while being done, it is done again":   jobDirty,
		"enqueued while being done, it keeps its due":   jobDirtyLater,
		"enqueued while being done, it is no failure":   jobDirtyPostponed,
		"an abandoned update enqueues nothing":          jobAbandoned,
		"without a due it is due at once":               jobNoDue,
		"a commit that enqueues gives a token":          jobToken,
		"a commit that enqueues nothing gives no token": jobNoToken,
	}
}

func claimCases() cases {
	return cases{
		"only what is due":                      claimDue,
		"only the kind":                         claimKind,
		"no more than asked for":                claimAtMost,
		"urgent ones first":                     claimUrgent,
		"room that is for urgent ones alone":    claimUrgentRoom,
		"lanes take turns":                      claimLanes,
		"lanes take turns across claims":        claimLanesAcross,
		"thousands of one lane starve nobody":   claimNobodyStarves,
		"within a lane, the earliest due first": claimInLane,
		"a job is never given to two":           claimRace,
	}
}

func leaseCases() cases {
	return cases{
		"until it ends nobody else gets the job":     leaseKeeps,
		"once it ended, another gets the job":        leaseEnds,
		"who lost it finishes nothing":               leaseLostFinish,
		"who lost it postpones nothing":              leaseLostPostpone,
		"enqueued meanwhile, the job is kept by all": leaseEndsDirty,
	}
}

func queueCases() cases {
	return cases{
		"a finished job is gone":                  finishGone,
		"finishing again changes nothing":         finishTwice,
		"a postponed job is due when it says":     postponeDue,
		"a postponed job keeps attempt and fault": postponeKeeps,
		"postponing gives a token":                postponeToken,
		"next due is the earliest that waits":     nextDueWaits,
		"next due is a lease's end":               nextDueLease,
		"next due of none is zero":                nextDueNone,
		"depth counts what is owed":               depthCounts,
	}
}

// at returns the instant n seconds after Start.
func at(n int) time.Time { return Start.Add(time.Duration(n) * time.Second) }

func owed(key, lane string, due time.Time) provisioning.Job {
	return provisioning.Job{Kind: line, Key: key, Lane: lane, Due: due, Since: due}
}

func enqueue(t testing.TB, s provisioning.Store, jobs ...provisioning.Job) {
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

func claim(t testing.TB, q provisioning.Queue, now time.Time, n int) []provisioning.Job {
	t.Helper()
	jobs, err := q.Claim(context.Background(), line, now, leaseTime, provisioning.Room{All: n, Plain: n})
	if err != nil {
		t.Fatalf("Claim: %v", err)
	}
	return jobs
}

func wantClaimed(t testing.TB, q provisioning.Queue, now time.Time, n int, want ...string) []provisioning.Job {
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

func finish(t testing.TB, q provisioning.Queue, jobs ...provisioning.Job) {
	t.Helper()
	for _, j := range jobs {
		if err := q.Finish(context.Background(), j); err != nil {
			t.Fatalf("Finish: %v", err)
		}
	}
}

func postpone(t testing.TB, q provisioning.Queue, j provisioning.Job) {
	t.Helper()
	if err := q.Postpone(context.Background(), j); err != nil {
		t.Fatalf("Postpone: %v", err)
	}
}

func wantDue(t testing.TB, q provisioning.Queue, kind provisioning.JobKind, want time.Time) {
	t.Helper()
	got, err := q.NextDue(context.Background(), kind)
	if err != nil || !got.Equal(want) {
		t.Errorf("NextDue = %v, %v, want %v", got, err, want)
	}
}

func jobLasts(t *testing.T, s Subject) {
	want := provisioning.Job{Kind: line, Key: "a", Lane: "l", Urgent: true, Due: at(0), Since: at(-5), Attempt: 2, Fault: "f"}
	enqueue(t, s, want)
	got := claim(t, s, at(0), 5)
	if diff := cmp.Diff([]provisioning.Job{want}, got, cmpopts.IgnoreFields(provisioning.Job{}, "Lease")); diff != "" {
		t.Errorf("Claim (-want +got):\n%s", diff)
	}
	finish(t, s, got...)
	wantDue(t, s, line, zeroTime)
}

func jobMerges(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)), owed("a", "l", at(0)))
	enqueue(t, s, owed("a", "l", at(0)), provisioning.Job{Kind: provisioning.JobCards, Key: "a", Due: at(0)})
	finish(t, s, wantClaimed(t, s, at(0), 9, "a")...)
	wantClaimed(t, s, at(9), 9)
}

func jobEarlierDue(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(10)), owed("b", "m", at(10)))
	enqueue(t, s, owed("a", "l", at(5)), owed("b", "m", at(20)))
	wantDue(t, s, line, at(5))
	wantClaimed(t, s, at(5), 9, "a")
	wantClaimed(t, s, at(10), 9, "b")
}

func jobBecomesUrgent(t *testing.T, s Subject) {
	urgent := owed("b", "m", at(0))
	urgent.Urgent = true
	enqueue(t, s, owed("a", "l", at(0)), owed("b", "m", at(0)))
	claim(t, s, at(-1), 0) // nothing, but it may have looked
	enqueue(t, s, urgent)
	enqueue(t, s, owed("b", "m", at(0)))
	if jobs := wantClaimed(t, s, at(0), 1, "b"); !jobs[0].Urgent {
		t.Error("the job is not urgent any more")
	}
}

func jobAttemptReset(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	j.Due, j.Attempt, j.Fault = at(600), 7, "the directory did not answer"
	postpone(t, s, j)
	enqueue(t, s, owed("a", "l", at(1)))
	if jobs := wantClaimed(t, s, at(1), 1, "a"); jobs[0].Attempt != 0 {
		t.Errorf("Attempt = %d, want 0", jobs[0].Attempt)
	}
}

func jobDirty(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	jobs := claim(t, s, at(0), 1)
	enqueue(t, s, owed("a", "l", at(1)), owed("a", "l", at(2)))
	wantClaimed(t, s, at(2), 9)
	finish(t, s, jobs...)
	again := wantClaimed(t, s, at(2), 9, "a")
	finish(t, s, again...)
	wantClaimed(t, s, at(99), 9)
}

func jobDirtyLater(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	jobs := claim(t, s, at(0), 1)
	enqueue(t, s, owed("a", "l", at(500)))
	finish(t, s, jobs...)
	wantDue(t, s, line, at(500))
	wantClaimed(t, s, at(499), 9)
	wantClaimed(t, s, at(500), 9, "a")
}

func jobDirtyPostponed(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	enqueue(t, s, owed("a", "l", at(1)))
	j.Due, j.Attempt = at(600), 3
	postpone(t, s, j)
	if jobs := wantClaimed(t, s, at(1), 9, "a"); jobs[0].Attempt != 0 {
		t.Errorf("Attempt = %d, want 0", jobs[0].Attempt)
	}
}

func jobAbandoned(t *testing.T, s Subject) {
	err := s.Update(context.Background(), func(tx provisioning.Tx) error {
		return errors.Join(tx.Enqueue(owed("a", "l", at(0))), errAbandoned)
	})
	if !errors.Is(err, errAbandoned) {
		t.Errorf("Update = %v, want %v", err, errAbandoned)
	}
	wantDue(t, s, line, zeroTime)
	wantToken(t, s, false)
}

func jobNoDue(t *testing.T, s Subject) {
	enqueue(t, s, provisioning.Job{Kind: line, Key: "a"})
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
	enqueue(t, s, owed("a", "l", at(0)))
	enqueue(t, s, owed("b", "l", at(0)))
	wantToken(t, s, true)
	wantToken(t, s, false) // they merge
}

func jobNoToken(t *testing.T, s Subject) {
	update(t, s, save("a", 1))
	wantToken(t, s, false)
	enqueue(t, s, owed("a", "l", at(0)))
	wantToken(t, s, true)
	finish(t, s, claim(t, s, at(0), 1)...)
	wantToken(t, s, false)
}

func claimDue(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)), owed("b", "m", at(10)), owed("c", "n", at(10).Add(time.Nanosecond)))
	wantClaimed(t, s, at(0).Add(-time.Nanosecond), 9)
	wantClaimed(t, s, at(0), 9, "a")
	wantClaimed(t, s, at(10), 9, "b")
	wantClaimed(t, s, at(11), 9, "c")
}

func claimKind(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)), provisioning.Job{Kind: "line2", Key: "b", Due: at(0)}, provisioning.Job{Kind: "lin", Key: "c", Due: at(0)})
	wantClaimed(t, s, at(1), 9, "a")
}

func claimAtMost(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)), owed("b", "l", at(1)), owed("c", "l", at(2)))
	wantClaimed(t, s, at(9), 0)
	wantClaimed(t, s, at(9), 2, "a", "b")
	wantClaimed(t, s, at(9), 2, "c")
}

func claimUrgent(t *testing.T, s Subject) {
	first, second := owed("y", "m", at(4)), owed("z", "l", at(5))
	first.Urgent, second.Urgent = true, true
	enqueue(t, s, owed("a", "l", at(0)), owed("b", "l", at(1)), first, second)
	jobs := claim(t, s, at(9), 3)
	if len(jobs) != 3 || !jobs[0].Urgent || !jobs[1].Urgent || jobs[2].Key != "a" {
		t.Errorf("Claim = %v, want the two urgent ones, then a", jobs)
	}
}

func claimUrgentRoom(t *testing.T, s Subject) {
	first, second, third := owed("x", "m", at(4)), owed("y", "m", at(5)), owed("z", "m", at(6))
	first.Urgent, second.Urgent, third.Urgent = true, true, true
	enqueue(t, s, owed("a", "l", at(0)), owed("b", "l", at(1)), first, second, third)
	take := func(all, plain int, want ...string) {
		t.Helper()
		jobs, err := s.Claim(context.Background(), line, at(9), leaseTime, provisioning.Room{All: all, Plain: plain})
		if err != nil {
			t.Fatalf("Claim: %v", err)
		}
		var got []string
		for _, j := range jobs {
			got = append(got, j.Key)
		}
		if !slices.Equal(got, want) {
			t.Errorf("Claim = %q, want %q", got, want)
		}
	}
	take(1, 0, "x")
	take(2, 1, "y", "z") // the room is gone before the others' turn
	take(5, 0)
	take(5, 1, "a")
	take(1, 5, "b")
}

func claimLanes(t *testing.T, s Subject) {
	enqueue(t, s, owed("a1", "a", at(0)), owed("a2", "a", at(1)), owed("a3", "a", at(2)),
		owed("b1", "b", at(3)), owed("b2", "b", at(4)), owed("c1", "c", at(0)))
	wantClaimed(t, s, at(9), 9, "a1", "b1", "c1", "a2", "b2", "a3")
}

func claimLanesAcross(t *testing.T, s Subject) {
	enqueue(t, s, owed("a1", "a", at(0)), owed("a2", "a", at(1)), owed("b1", "b", at(3)), owed("b2", "b", at(4)), owed("ab1", "ab", at(0)))
	for _, want := range []string{"a1", "ab1", "b1", "a2", "b2"} {
		wantClaimed(t, s, at(9), 1, want)
	}
}

func claimNobodyStarves(t *testing.T, s Subject) {
	var list []provisioning.Job
	for i := range 3000 {
		list = append(list, owed(fmt.Sprintf("a-%04d", i), "a", at(0)))
	}
	enqueue(t, s, list...)
	claim(t, s, at(1), 20)
	enqueue(t, s, owed("teacher", "z", at(1)))
	for _, j := range claim(t, s, at(1), 20) {
		if j.Key == "teacher" {
			return
		}
	}
	t.Error("the next claim after the teacher's job was enqueued did not have it")
}

func claimInLane(t *testing.T, s Subject) {
	enqueue(t, s, owed("x", "l", at(2)), owed("y", "l", at(0)), owed("z", "l", at(1)))
	wantClaimed(t, s, at(9), 9, "y", "z", "x")
}

func claimRace(t *testing.T, s Subject) {
	const jobs, workers = 300, 8
	for i := range 3 {
		var list []provisioning.Job
		for k := range jobs / 3 {
			list = append(list, owed(fmt.Sprintf("%d-%d", i, k), fmt.Sprint(i), at(0)))
		}
		enqueue(t, s, list...)
	}
	var (
		mu    sync.Mutex
		given = map[string]int{}
		group sync.WaitGroup
	)
	for range workers {
		group.Go(func() {
			for {
				claimed, err := s.Claim(context.Background(), line, at(1), leaseTime, provisioning.Room{All: 7, Plain: 7})
				if err != nil || len(claimed) == 0 {
					return
				}
				mu.Lock()
				for _, j := range claimed {
					given[j.Key]++
				}
				mu.Unlock()
				for _, j := range claimed {
					if err := s.Finish(context.Background(), j); err != nil {
						t.Error(err)
					}
				}
			}
		})
	}
	group.Wait()
	for key, n := range given {
		if n != 1 {
			t.Errorf("job %s was given %d times", key, n)
		}
	}
	if len(given) != jobs {
		t.Errorf("%d jobs were given, want %d", len(given), jobs)
	}
}

func leaseKeeps(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	wantClaimed(t, s, at(0), 9, "a")
	wantClaimed(t, s, at(0).Add(leaseTime-time.Nanosecond), 9)
}

func leaseEnds(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	first := claim(t, s, at(0), 1)[0]
	second := wantClaimed(t, s, at(0).Add(leaseTime), 9, "a")[0]
	if second.Lease == first.Lease {
		t.Error("both leases have the same number")
	}
	finish(t, s, second)
	wantDue(t, s, line, zeroTime)
}

func leaseLostFinish(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	lost := claim(t, s, at(0), 1)[0]
	claim(t, s, at(60), 1)
	finish(t, s, lost)
	wantDue(t, s, line, at(60).Add(leaseTime))
}

func leaseLostPostpone(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	lost := claim(t, s, at(0), 1)[0]
	claim(t, s, at(60), 1)
	lost.Due = at(9999)
	postpone(t, s, lost)
	wantDue(t, s, line, at(60).Add(leaseTime))
}

func leaseEndsDirty(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	claim(t, s, at(0), 1)
	enqueue(t, s, owed("a", "l", at(500)))
	finish(t, s, wantClaimed(t, s, at(60), 9, "a")...) // due since 0: the new one is done with it
	wantDue(t, s, line, zeroTime)
}

func finishGone(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	finish(t, s, claim(t, s, at(0), 1)...)
	wantClaimed(t, s, at(9999), 9)
	wantDue(t, s, line, zeroTime)
}

func finishTwice(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	finish(t, s, j, j)
	enqueue(t, s, owed("a", "l", at(1)))
	finish(t, s, j)
	wantClaimed(t, s, at(1), 9, "a")
}

func postponeDue(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	j.Due = at(30)
	postpone(t, s, j)
	wantDue(t, s, line, at(30))
	wantClaimed(t, s, at(29), 9)
	wantClaimed(t, s, at(30), 9, "a")
}

func postponeKeeps(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	j.Due, j.Attempt, j.Fault = at(30), 4, "throttled"
	postpone(t, s, j)
	got := claim(t, s, at(30), 1)
	if diff := cmp.Diff([]provisioning.Job{j}, got, cmpopts.IgnoreFields(provisioning.Job{}, "Lease")); diff != "" {
		t.Errorf("Claim (-want +got):\n%s", diff)
	}
}

func postponeToken(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)))
	wantToken(t, s, true)
	postpone(t, s, claim(t, s, at(0), 1)[0])
	wantToken(t, s, true)
}

func nextDueWaits(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(20)), owed("b", "m", at(10)), owed("c", "a", at(30)))
	wantDue(t, s, line, at(10))
	claim(t, s, at(40), 1)
	wantDue(t, s, line, at(10))
	wantDue(t, s, provisioning.JobCards, zeroTime)
}

func nextDueLease(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(0)), owed("b", "m", at(500)))
	claim(t, s, at(0), 1)
	wantDue(t, s, line, at(0).Add(leaseTime))
}

func nextDueNone(t *testing.T, s Subject) { wantDue(t, s, line, zeroTime) }

func depthCounts(t *testing.T, s Subject) {
	enqueue(t, s, owed("a", "l", at(5)), owed("b", "m", at(3)), owed("c", "n", at(9)),
		provisioning.Job{Kind: provisioning.JobCards, Key: "x", Due: at(100), Since: at(1)})
	jobs := claim(t, s, at(3), 1)
	jobs[0].Due, jobs[0].Attempt = at(50), 1
	postpone(t, s, jobs[0])
	claim(t, s, at(5), 1)
	got, err := s.Depth(context.Background())
	want := map[provisioning.JobKind]provisioning.Depth{
		line:                  {Jobs: 3, Failing: 1, Oldest: at(3)},
		provisioning.JobCards: {Jobs: 1, Oldest: at(1)},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Depth, %v (-want +got):\n%s", err, diff)
	}
}
