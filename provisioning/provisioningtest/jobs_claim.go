package provisioningtest

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

func claimCases() cases {
	return cases{
		"only jobs that are due":                                  claimDue,
		"only jobs of the kind":                                   claimKind,
		"no more jobs than there is room for":                     claimAtMost,
		"urgent jobs first":                                       claimUrgent,
		"room for urgent jobs only":                               claimUrgentRoom,
		"lanes alternate":                                         claimLanes,
		"lanes alternate across claims":                           claimLanesAcross,
		"thousands of jobs of one lane do not delay another lane": claimFairly,
		"within a lane, the earliest due first":                   claimInLane,
		"a job is claimed once only":                              claimRace,
	}
}

func claimDue(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)), newJob("b", "m", at(10)), newJob("c", "n", at(10).Add(time.Nanosecond)))
	wantClaimed(t, s, at(0).Add(-time.Nanosecond), 9)
	wantClaimed(t, s, at(0), 9, "a")
	wantClaimed(t, s, at(10), 9, "b")
	wantClaimed(t, s, at(11), 9, "c")
}

func claimKind(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)), job.Job{Kind: "line2", Key: "b", Due: at(0)}, job.Job{Kind: "lin", Key: "c", Due: at(0)})
	wantClaimed(t, s, at(1), 9, "a")
}

func claimAtMost(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)), newJob("b", "l", at(1)), newJob("c", "l", at(2)))
	wantClaimed(t, s, at(9), 0)
	wantClaimed(t, s, at(9), 2, "a", "b")
	wantClaimed(t, s, at(9), 2, "c")
}

func claimUrgent(t *testing.T, s Subject) {
	first, second := newJob("y", "m", at(4)), newJob("z", "l", at(5))
	first.Urgent, second.Urgent = true, true
	enqueue(t, s, newJob("a", "l", at(0)), newJob("b", "l", at(1)), first, second)
	jobs := claim(t, s, at(9), 3)
	if len(jobs) != 3 || !jobs[0].Urgent || !jobs[1].Urgent || jobs[2].Key != "a" {
		t.Errorf("Claim = %v, want the two urgent ones, then a", jobs)
	}
}

func claimUrgentRoom(t *testing.T, s Subject) {
	first, second, third := newJob("x", "m", at(4)), newJob("y", "m", at(5)), newJob("z", "m", at(6))
	first.Urgent, second.Urgent, third.Urgent = true, true, true
	enqueue(t, s, newJob("a", "l", at(0)), newJob("b", "l", at(1)), first, second, third)
	take := func(all, plain int, want ...string) {
		t.Helper()
		jobs, err := s.Claim(context.Background(), line, at(9), leaseTime, job.Room{All: all, Plain: plain})
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
	take(2, 1, "y", "z") // no room is left for the job that is not urgent
	take(5, 0)
	take(5, 1, "a")
	take(1, 5, "b")
}

func claimLanes(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a1", "a", at(0)), newJob("a2", "a", at(1)), newJob("a3", "a", at(2)),
		newJob("b1", "b", at(3)), newJob("b2", "b", at(4)), newJob("c1", "c", at(0)))
	wantClaimed(t, s, at(9), 9, "a1", "b1", "c1", "a2", "b2", "a3")
}

func claimLanesAcross(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a1", "a", at(0)), newJob("a2", "a", at(1)), newJob("b1", "b", at(3)), newJob("b2", "b", at(4)), newJob("ab1", "ab", at(0)))
	for _, want := range []string{"a1", "ab1", "b1", "a2", "b2"} {
		wantClaimed(t, s, at(9), 1, want)
	}
}

func claimFairly(t *testing.T, s Subject) {
	var list []job.Job
	for i := range 3000 {
		list = append(list, newJob(fmt.Sprintf("a-%04d", i), "a", at(0)))
	}
	enqueue(t, s, list...)
	claim(t, s, at(1), 20)
	enqueue(t, s, newJob("teacher", "z", at(1)))
	for _, j := range claim(t, s, at(1), 20) {
		if j.Key == "teacher" {
			return
		}
	}
	t.Error("the next claim after the teacher's job was enqueued did not have it")
}

func claimInLane(t *testing.T, s Subject) {
	enqueue(t, s, newJob("x", "l", at(2)), newJob("y", "l", at(0)), newJob("z", "l", at(1)))
	wantClaimed(t, s, at(9), 9, "y", "z", "x")
}

func claimRace(t *testing.T, s Subject) {
	const jobs, workers = 300, 8
	for i := range 3 {
		var list []job.Job
		for k := range jobs / 3 {
			list = append(list, newJob(fmt.Sprintf("%d-%d", i, k), fmt.Sprint(i), at(0)))
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
				claimed, err := s.Claim(context.Background(), line, at(1), leaseTime, job.Room{All: 7, Plain: 7})
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
