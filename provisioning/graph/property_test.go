package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// faultSequence is the faults of a run, in order.
type faultSequence struct {
	mu     sync.Mutex
	faults []graphfake.Fault // zero: the request succeeds
}

func (c *faultSequence) next(op string) (graphfake.Fault, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.faults) == 0 {
		return graphfake.Fault{}, false
	}
	f := c.faults[0]
	c.faults = c.faults[1:]
	return f, f.Op != ""
}

func drawFaults(rt *rapid.T) []graphfake.Fault {
	return rapid.SliceOfN(rapid.Custom(func(rt *rapid.T) graphfake.Fault {
		if rapid.IntRange(0, 2).Draw(rt, "pass") > 0 {
			return graphfake.Fault{}
		}
		f := graphfake.Fault{Op: "x", After: rapid.Bool().Draw(rt, "after"),
			Break:  graphfake.Break(rapid.IntRange(0, 4).Draw(rt, "break")),
			Status: rapid.SampledFrom([]int{429, 500, 502, 503, 504}).Draw(rt, "status")}
		if f.Status == http.StatusTooManyRequests {
			// A throttled request has no effect.
			f.After, f.Break, f.RetryAfter = false, graphfake.BreakStatus, time.Second
		}
		return f
	}), 0, 60).Draw(rt, "faults")
}

// With random faults between client and tenant there is one account per stamp, no address is used
// twice, and as many seats are consumed as accounts are licensed.
func TestNoFaultMakesTwo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		sequence := &faultSequence{faults: drawFaults(rt)}
		lag := time.Duration(rapid.IntRange(0, 20).Draw(rt, "lag")) * time.Second
		seed := rapid.Uint64().Draw(rt, "seed")
		const lines = 8
		var tenant *graphfake.Tenant
		inVirtualTime(t, func(t *testing.T, f *fixture) {
			tenant = f.tenant
			if _, err := f.tenant.Seed(map[string]any{"userPrincipalName": "ana.ruiz@" + domain, "displayName": "Ana Otra"}); err != nil {
				t.Fatal(err)
			}
			f.tenant.OnRequest(sequence.next)
			var group sync.WaitGroup
			for n := 1; n <= lines; n++ {
				group.Go(func() { (&lineJob{f: f, n: n}).run(t) })
			}
			group.Wait()
		}, func(s *setting) { s.tenant.Lag, s.tenant.Seed = lag, seed })
		checkTenant(rt, tenant, lines)
	})
}

func checkTenant(rt *rapid.T, tenant *graphfake.Tenant, lines int) {
	stamps, licensed := map[string]string{}, 0
	for _, u := range tenant.Users() {
		if u.EmployeeID == "" {
			continue
		}
		if other := stamps[u.EmployeeID]; other != "" {
			rt.Errorf("stamp %s has %s and %s", u.EmployeeID, other, u.UserPrincipalName)
		}
		stamps[u.EmployeeID] = u.UserPrincipalName
		licensed += len(u.SKUs)
	}
	_, consumed := tenant.Seats(student)
	if intruders := tenant.Tally().Intruders; intruders != 0 {
		rt.Errorf("%d requests during a Retry-After", intruders)
	}
	if len(stamps) != lines || licensed != lines || consumed != lines {
		rt.Errorf("%d accounts, %d licences, %d seats for %d lines", len(stamps), licensed, consumed, lines)
	}
}

// lineJob provisions one account like the job runner: find, create with the first free address of the
// pattern, license, join; from the beginning after an error.
type lineJob struct {
	f *fixture
	n int
}

func (j *lineJob) run(t *testing.T) {
	pause := time.Second
	for range 60 {
		err := j.try(t.Context(), t)
		if err == nil {
			return
		}
		if job.IsPermanent(err) {
			t.Errorf("line %d: %v", j.n, err)
			return
		}
		wait, stated := job.RetryDelay(err)
		if !stated {
			wait, pause = pause, min(2*pause, 20*time.Second)
		}
		time.Sleep(wait)
	}
	t.Errorf("line %d did not end", j.n)
}

func (j *lineJob) try(ctx context.Context, t *testing.T) error {
	u := teacher(t, j.n)
	e, err := j.account(ctx, u)
	if err != nil {
		return err
	}
	if err := j.f.License(ctx, e.ID, student); err != nil {
		return err
	}
	return j.f.Join(ctx, e.ID, []string{groupID})
}

// account finds or creates the line's account. All lines have the same name, so that they compete for
// one address, without a reservation.
func (j *lineJob) account(ctx context.Context, u provisioning.NewUser) (provisioning.Entry, error) {
	for i := range 9 {
		u.Address = identity.Address(fmt.Sprintf("ana.ruiz.%d@%s", j.n, domain))
		if i == 0 {
			u.Address = "ana.ruiz@" + domain
		}
		found, err := j.f.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address})
		if err != nil {
			return provisioning.Entry{}, err
		}
		if len(found) == 0 {
			return j.f.Create(ctx, u)
		}
		for _, e := range found {
			if e.Stamp == u.Stamp {
				return e, nil
			}
		}
	}
	return provisioning.Entry{}, problem.Refuse(problem.CodeConflict, provisioning.DirectoryAddressTaken)
}
