package graph_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// distant is a tenant 120 ± 40 ms away that throttles as documented.
func distant(s *setting) {
	s.tenant.Latency = graphfake.Latency{Mean: 120 * time.Millisecond, Spread: 40 * time.Millisecond}
	s.tenant.Throttle = graphfake.DocumentedThrottle()
	s.tenant.SKUs[0].Enabled = 1_000_000
	s.client.After = nil
}

// crew works as the runner does: so many workers, and a line that is told to come
// back frees its worker until then.
type crew struct {
	o       *office
	workers chan struct{}
	returns atomic.Int64
}

func (c *crew) provision(b testing.TB, lines int) {
	b.Helper()
	var group sync.WaitGroup
	for n := 1; n <= lines; n++ {
		u := teacher(b, n%9999+1)
		folio := provisioning.NewFolio(2026, n)
		u.Stamp, u.Address = provisioning.NewStamp(folio, 1), provisioning.Address("p"+string(folio)+"@"+domain)
		group.Go(func() { c.line(b, u) })
	}
	group.Wait()
}

// line carries one account from step to step, as a worker does.
func (c *crew) line(b testing.TB, u provisioning.NewUser) {
	b.Helper()
	ctx := b.Context()
	var e provisioning.Entry
	steps := []func() error{
		func() error {
			_, err := c.o.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address, Names: []string{u.DisplayName}})
			return err
		},
		func() (err error) { e, err = c.o.Create(ctx, u); return err },
		func() error { return c.o.License(ctx, e.ID, student) },
		func() error { return c.o.Visible(ctx, e.ID) },
	}
	c.workers <- struct{}{}
	defer func() { <-c.workers }()
	for len(steps) > 0 {
		err := steps[0]()
		wait, told := job.RetryDelay(err)
		switch {
		case err == nil:
			steps = steps[1:]
		case told:
			c.returns.Add(1)
			<-c.workers
			time.Sleep(wait)
			c.workers <- struct{}{}
		default:
			b.Error(err)
			return
		}
	}
}

// report tells what a run came to.
func (c *crew) report(b *testing.B, tally graphfake.Tally, lines int, took time.Duration) {
	b.Helper()
	b.ReportMetric(float64(tally.RoundTrips)/float64(lines), "trips/account")
	b.ReportMetric(float64(tally.Throttled), "429s")
	b.ReportMetric(float64(tally.Intruders), "during-Retry-After")
	b.ReportMetric(took.Seconds(), "s-total")
	b.ReportMetric(float64(tally.PeakWrites), "peak-writes/150s")
	b.ReportMetric(float64(c.returns.Load()), "returns")
	b.ReportMetric(0, "ns/op")
	if got := len(c.o.tenant.Users()); got != lines {
		b.Errorf("%d users, want %d", got, lines)
	}
}

// BenchmarkProvision makes 1,000 accounts (find, create, license) 120 ± 40 ms away,
// in real time over HTTP, and compares with the same calls one by one (20 accounts of them).
func BenchmarkProvision(b *testing.B) {
	for range b.N {
		c := &crew{o: open(b, distant), workers: make(chan struct{}, 200)}
		const lines, sample = 1000, 20
		start := time.Now()
		c.provision(b, lines)
		took := time.Since(start)
		c.report(b, c.o.tenant.Tally(), lines, took)
		b.ReportMetric(float64(oneByOne(b, sample))/sample*lines/float64(took), "x-faster")
	}
}

func oneByOne(b *testing.B, lines int) time.Duration {
	b.Helper()
	c := &crew{o: open(b, distant), workers: make(chan struct{}, 1)}
	start := time.Now()
	for n := 1; n <= lines; n++ {
		c.line(b, teacher(b, n))
	}
	return time.Since(start)
}

// BenchmarkProvisionThrottled makes 10,000 accounts: 20,000 writes where 3,000 are
// allowed per 150 s. Time stands still but for waiting (testing/synctest), so the
// figures are exact on any machine. The ideal is a full window at once whenever one
// is allowed: the last of the seven begins after 900 s.
func BenchmarkProvisionThrottled(b *testing.B) {
	for range b.N {
		const lines = 10_000
		var c *crew
		var took time.Duration
		story := func(t *testing.T) {
			still(t, func(t *testing.T, o *office) {
				c = &crew{o: o, workers: make(chan struct{}, 200)}
				start := time.Now()
				c.provision(t, lines)
				took = time.Since(start)
			})
		}
		all := func(string, string) (bool, error) { return true, nil }
		if !testing.RunTests(all, []testing.InternalTest{{Name: "Throttled", F: story}}) {
			b.FailNow()
		}
		c.report(b, c.o.tenant.Tally(), lines, took)
		const windows = 2*lines/3000 + 1
		ideal := (windows - 1) * 150 * time.Second
		b.ReportMetric(100*float64(ideal)/float64(took), "%-of-allowed")
	}
}
