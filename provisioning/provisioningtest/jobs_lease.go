package provisioningtest

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

func leaseCases() cases {
	return cases{
		"before the lease expires the job is not claimed again":     leaseKeeps,
		"after the lease expired the job is claimed again":          leaseEnds,
		"an expired lease finishes nothing":                         leaseLostFinish,
		"an expired lease postpones nothing":                        leaseLostPostpone,
		"enqueued after an expired lease, the job is finished once": leaseEndsDirty,
	}
}

func queueCases() cases {
	return cases{
		"a finished job is deleted":               finishGone,
		"finishing again changes nothing":         finishTwice,
		"a postponed job is due at its new time":  postponeDue,
		"a postponed job keeps attempt and fault": postponeKeeps,
		"postponing sends a token":                postponeToken,
		"next due is the earliest unclaimed job":  nextDueWaits,
		"next due is the expiry of a lease":       nextDueLease,
		"next due without jobs is zero":           nextDueNone,
		"depth counts the stored jobs":            depthCounts,
	}
}

func leaseKeeps(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	wantClaimed(t, s, at(0), 9, "a")
	wantClaimed(t, s, at(0).Add(leaseTime-time.Nanosecond), 9)
}

func leaseEnds(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	first := claim(t, s, at(0), 1)[0]
	second := wantClaimed(t, s, at(0).Add(leaseTime), 9, "a")[0]
	if second.Lease == first.Lease {
		t.Error("both leases have the same number")
	}
	finish(t, s, second)
	wantDue(t, s, line, zeroTime)
}

func leaseLostFinish(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	lost := claim(t, s, at(0), 1)[0]
	claim(t, s, at(60), 1)
	finish(t, s, lost)
	wantDue(t, s, line, at(60).Add(leaseTime))
}

func leaseLostPostpone(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	lost := claim(t, s, at(0), 1)[0]
	claim(t, s, at(60), 1)
	lost.Due = at(9999)
	postpone(t, s, lost)
	wantDue(t, s, line, at(60).Add(leaseTime))
}

func leaseEndsDirty(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	claim(t, s, at(0), 1)
	enqueue(t, s, newJob("a", "l", at(500)))
	finish(t, s, wantClaimed(t, s, at(60), 9, "a")...) // due at 0: both enqueued jobs are one, and finished
	wantDue(t, s, line, zeroTime)
}

func finishGone(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	finish(t, s, claim(t, s, at(0), 1)...)
	wantClaimed(t, s, at(9999), 9)
	wantDue(t, s, line, zeroTime)
}

func finishTwice(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	finish(t, s, j, j)
	enqueue(t, s, newJob("a", "l", at(1)))
	finish(t, s, j)
	wantClaimed(t, s, at(1), 9, "a")
}

func postponeDue(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	j.Due = at(30)
	postpone(t, s, j)
	wantDue(t, s, line, at(30))
	wantClaimed(t, s, at(29), 9)
	wantClaimed(t, s, at(30), 9, "a")
}

func postponeKeeps(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	j := claim(t, s, at(0), 1)[0]
	j.Due, j.Attempt, j.Fault = at(30), 4, "throttled"
	postpone(t, s, j)
	got := claim(t, s, at(30), 1)
	if diff := cmp.Diff([]job.Job{j}, got, cmpopts.IgnoreFields(job.Job{}, "Lease")); diff != "" {
		t.Errorf("Claim (-want +got):\n%s", diff)
	}
}

func postponeToken(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)))
	wantToken(t, s, true)
	postpone(t, s, claim(t, s, at(0), 1)[0])
	wantToken(t, s, true)
}

func nextDueWaits(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(20)), newJob("b", "m", at(10)), newJob("c", "a", at(30)))
	wantDue(t, s, line, at(10))
	claim(t, s, at(40), 1)
	wantDue(t, s, line, at(10))
	wantDue(t, s, provisioning.JobCards, zeroTime)
}

func nextDueLease(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(0)), newJob("b", "m", at(500)))
	claim(t, s, at(0), 1)
	wantDue(t, s, line, at(0).Add(leaseTime))
}

func nextDueNone(t *testing.T, s Subject) { wantDue(t, s, line, zeroTime) }

func depthCounts(t *testing.T, s Subject) {
	enqueue(t, s, newJob("a", "l", at(5)), newJob("b", "m", at(3)), newJob("c", "n", at(9)),
		job.Job{Kind: provisioning.JobCards, Key: "x", Due: at(100), Since: at(1)})
	jobs := claim(t, s, at(3), 1)
	jobs[0].Due, jobs[0].Attempt = at(50), 1
	postpone(t, s, jobs[0])
	claim(t, s, at(5), 1)
	got, err := s.Depth(context.Background())
	want := map[job.Kind]job.Depth{
		line:                  {Jobs: 3, Failing: 1, Oldest: at(3)},
		provisioning.JobCards: {Jobs: 1, Oldest: at(1)},
	}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("Depth, %v (-want +got):\n%s", err, diff)
	}
}
