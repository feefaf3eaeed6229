package service_test

import (
	"context"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// A list of 3,000 is processed and has used up the tenant's write limit. A teacher's single
// request, authorised then, is processed at once: its jobs and calls come first, and the limit has
// a reserve for it.
func TestAListOfThousandsDelaysNoTeacher(t *testing.T) {
	t.Parallel()
	const lines = 3000
	p := newPipeline(t, func(s *pipelineOptions) {
		s.speed, s.workers = 5, 240
		s.tenant.Throttle = graphfake.DocumentedThrottle()
		s.tenant.SKUs[0].Enabled = 2 * lines
	})
	f := p.submit(uniqueTeachers(lines)...)
	p.approve(f)
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan struct{})
	go func() { defer close(ran); p.runner.Run(ctx) }()
	defer func() { stop(); <-ran }()
	p.until("the limit bites", func() bool { return p.tenant.Tally().Writes >= 2950 })
	single := p.submitBy(neighbour, "", ana())
	p.approve(single)
	authorised := p.clock.Now()
	p.until("the teacher has an account", func() bool { return p.line(single, 1).State == provisioning.AccountAnnounced })
	ready := p.line(single, 1).AnnouncedAt
	tally, passed := p.tenant.Tally(), p.announced(f, authorised, ready)
	t.Logf("the teacher waited %s, %d lines of the list meanwhile; %+v", ready.Sub(authorised).Round(100*time.Millisecond), passed, tally)
	if passed > 2*p.workers {
		t.Errorf("%d lines of the list were done first; no more than were in hand twice over may be", passed)
	}
	if tally.Intruders > 0 {
		t.Errorf("%d requests during a Retry-After", tally.Intruders)
	}
}

// announced counts a request's lines that were announced in a period.
func (p *pipeline) announced(f provisioning.Folio, from, to time.Time) (n int) {
	p.t.Helper()
	p.view(func(tx provisioning.Tx) error {
		n = 0
		for a, err := range tx.AccountsOf(f, 0) {
			if err != nil {
				return err
			}
			if a.AnnouncedAt.After(from) && a.AnnouncedAt.Before(to) {
				n++
			}
		}
		return nil
	})
	return n
}

// until waits until something holds that the runner does.
func (p *pipeline) until(what string, so func() bool) {
	p.t.Helper()
	deadline := time.After(patience)
	for !so() {
		select {
		case <-deadline:
			p.t.Fatalf("it never came to pass: %s; %+v", what, p.depth())
		case <-time.After(2 * time.Millisecond):
		}
	}
}
