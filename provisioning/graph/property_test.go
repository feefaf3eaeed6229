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
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// chaos is a run's misfortunes, drawn once and then met in order.
type chaos struct {
	mu     sync.Mutex
	faults []graphfake.Fault // the zero Fault lets a request pass
}

func (c *chaos) next(op string) (graphfake.Fault, bool) {
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
			// Nothing is done by a request that is throttled.
			f.After, f.Break, f.RetryAfter = false, graphfake.BreakStatus, time.Second
		}
		return f
	}), 0, 60).Draw(rt, "faults")
}

// Whatever goes wrong between us and the tenant, in whatever order: one account
// per stamp, no address twice, as many seats taken as accounts licensed.
func TestNoFaultMakesTwo(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		misfortune := &chaos{faults: drawFaults(rt)}
		lag := time.Duration(rapid.IntRange(0, 20).Draw(rt, "lag")) * time.Second
		seed := rapid.Uint64().Draw(rt, "seed")
		const lines = 8
		var tenant *graphfake.Tenant
		still(t, func(t *testing.T, o *office) {
			tenant = o.tenant
			if _, err := o.tenant.Seed(map[string]any{"userPrincipalName": "ana.ruiz@" + domain, "displayName": "Ana Otra"}); err != nil {
				t.Fatal(err)
			}
			o.tenant.OnRequest(misfortune.next)
			var group sync.WaitGroup
			for n := 1; n <= lines; n++ {
				group.Go(func() { (&clerk{o: o, n: n}).work(t) })
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

// clerk carries a line as the runner does: look, create at the first free address
// of the pattern, license; and from the beginning after any trouble.
type clerk struct {
	o *office
	n int
}

func (c *clerk) work(t *testing.T) {
	pause := time.Second
	for range 60 {
		err := c.try(t.Context(), t)
		if err == nil {
			return
		}
		if job.IsPermanent(err) {
			t.Errorf("line %d: %v", c.n, err)
			return
		}
		wait, told := job.RetryDelay(err)
		if !told {
			wait, pause = pause, min(2*pause, 20*time.Second)
		}
		time.Sleep(wait)
	}
	t.Errorf("line %d never came to an end", c.n)
}

func (c *clerk) try(ctx context.Context, t *testing.T) error {
	u := teacher(t, c.n)
	e, err := c.ensure(ctx, u)
	if err != nil {
		return err
	}
	if err := c.o.License(ctx, e.ID, student); err != nil {
		return err
	}
	return c.o.Join(ctx, e.ID, []string{groupID})
}

// ensure returns the line's account. Lines are of namesakes: two of them want each
// address, of which a reservation would keep them apart; here only the tenant does.
func (c *clerk) ensure(ctx context.Context, u provisioning.NewUser) (provisioning.Entry, error) {
	for i := range 9 {
		u.Address = provisioning.Address(fmt.Sprintf("ana.ruiz.%d@%s", c.n, domain))
		if i == 0 {
			u.Address = "ana.ruiz@" + domain
		}
		found, err := c.o.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address})
		if err != nil {
			return provisioning.Entry{}, err
		}
		if len(found) == 0 {
			return c.o.Create(ctx, u)
		}
		for _, e := range found {
			if e.Stamp == u.Stamp {
				return e, nil
			}
		}
	}
	return provisioning.Entry{}, provisioning.Refuse(provisioning.CodeConflict, provisioning.DirectoryAddressTaken)
}
