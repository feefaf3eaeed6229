package graph_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// remote sets a latency of 120 ± 40 ms and the documented throttle.
func remote(s *setting) {
	s.tenant.Latency = graphfake.Latency{Mean: 120 * time.Millisecond, Spread: 40 * time.Millisecond}
	s.tenant.Throttle = graphfake.DocumentedThrottle()
	s.tenant.SKUs[0].Enabled = 1_000_000
	s.client.After, s.client.DeletedWithin = nil, 0
}

// workerPool processes lines like the job runner: with a limited number of workers, of which a line
// occupies none until its retry time.
type workerPool struct {
	f       *fixture
	workers chan struct{}
	retries atomic.Int64
}

func (p *workerPool) provision(b testing.TB, lines int) {
	b.Helper()
	var group sync.WaitGroup
	for n := 1; n <= lines; n++ {
		u := teacher(b, n%9999+1)
		folio := provisioning.NewFolio(2026, n)
		u.Stamp, u.Address = provisioning.NewStamp(folio, 1), identity.Address("p"+string(folio)+"@"+domain)
		group.Go(func() { p.line(b, u) })
	}
	group.Wait()
}

// line performs the steps of one account.
func (p *workerPool) line(b testing.TB, u provisioning.NewUser) {
	b.Helper()
	ctx := b.Context()
	var e provisioning.Entry
	steps := []func() error{
		func() error {
			_, err := p.f.Find(ctx, provisioning.Lookup{Stamp: u.Stamp, Address: u.Address, Names: []string{u.DisplayName}})
			return err
		},
		func() (err error) { e, err = p.f.Create(ctx, u); return err },
		func() error { return p.f.License(ctx, e.ID, student) },
		func() error { return p.f.Visible(ctx, e.ID) },
	}
	p.workers <- struct{}{}
	defer func() { <-p.workers }()
	for len(steps) > 0 {
		err := steps[0]()
		wait, stated := job.RetryDelay(err)
		switch {
		case err == nil:
			steps = steps[1:]
		case stated:
			p.retries.Add(1)
			<-p.workers
			time.Sleep(wait)
			p.workers <- struct{}{}
		default:
			b.Error(err)
			return
		}
	}
}

// report reports the metrics of a run.
func (p *workerPool) report(b *testing.B, tally graphfake.Tally, lines int, took time.Duration) {
	b.Helper()
	b.ReportMetric(float64(tally.RoundTrips)/float64(lines), "trips/account")
	b.ReportMetric(float64(tally.Throttled), "429s")
	b.ReportMetric(float64(tally.Intruders), "during-Retry-After")
	b.ReportMetric(took.Seconds(), "s-total")
	b.ReportMetric(float64(tally.PeakWrites), "peak-writes/150s")
	b.ReportMetric(float64(p.retries.Load()), "returns")
	b.ReportMetric(0, "ns/op")
	if got := len(p.f.tenant.Users()); got != lines {
		b.Errorf("%d users, want %d", got, lines)
	}
}

// BenchmarkProvision provisions 1,000 accounts (find, create, license, visible) with a latency of
// 120 ± 40 ms, in real time over HTTP, and compares with sequential calls for 20 accounts.
func BenchmarkProvision(b *testing.B) {
	for range b.N {
		p := &workerPool{f: open(b, remote), workers: make(chan struct{}, 200)}
		const lines, sample = 1000, 20
		start := time.Now()
		p.provision(b, lines)
		took := time.Since(start)
		p.report(b, p.f.tenant.Tally(), lines, took)
		b.ReportMetric(float64(oneByOne(b, sample))/sample*lines/float64(took), "x-faster")
	}
}

func oneByOne(b *testing.B, lines int) time.Duration {
	b.Helper()
	p := &workerPool{f: open(b, remote), workers: make(chan struct{}, 1)}
	start := time.Now()
	for n := 1; n <= lines; n++ {
		p.line(b, teacher(b, n))
	}
	return time.Since(start)
}

// BenchmarkProvisionThrottled provisions 10,000 accounts: 20,000 writes, of which 3,000 are allowed
// per 150 s. It runs in virtual time (testing/synctest), so the figures do not depend on the machine.
// The ideal is a full window as soon as it is allowed: the last of the seven begins after 900 s.
func BenchmarkProvisionThrottled(b *testing.B) {
	for range b.N {
		const lines = 10_000
		var p *workerPool
		var took time.Duration
		test := func(t *testing.T) {
			inVirtualTime(t, func(t *testing.T, f *fixture) {
				p = &workerPool{f: f, workers: make(chan struct{}, 200)}
				start := time.Now()
				p.provision(t, lines)
				took = time.Since(start)
			})
		}
		all := func(string, string) (bool, error) { return true, nil }
		if !testing.RunTests(all, []testing.InternalTest{{Name: "Throttled", F: test}}) {
			b.FailNow()
		}
		p.report(b, p.f.tenant.Tally(), lines, took)
		const windows = 2*lines/3000 + 1
		ideal := (windows - 1) * 150 * time.Second
		b.ReportMetric(100*float64(ideal)/float64(took), "%-of-allowed")
	}
}
