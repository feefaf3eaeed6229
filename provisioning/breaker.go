package provisioning

import (
	"context"
	"fmt"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// absence is that a system is away: whoever found out spares the others the wait
// for an answer, until it is time to look again. It is forgotten with the process;
// the first to ask then finds out anew.
type breaker struct {
	mu    sync.Mutex
	until time.Time
	times int   // found away, one after another
	cause error // the last
}

// The pauses between two looks: doubled from first to last, so that what waits goes
// on soon after a restart, and not much later after a bad day.
const (
	firstLook = 5 * time.Second
	lastLook  = 2 * time.Minute
)

// awaited returns why and until when to wait, nil where it is time to ask.
func (a *breaker) allow(now time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !now.Before(a.until) || a.until.Sub(now) > lastLook { // or the clock was set back
		return nil
	}
	return job.RetryAt(a.until, a.cause)
}

// heard takes in how asking ended.
func (a *breaker) report(now time.Time, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !away(err) {
		a.until, a.times, a.cause = time.Time{}, 0, nil
		return err
	}
	if now.Before(a.until) {
		return job.RetryAt(a.until, err) // another was faster
	}
	a.cause = err
	a.until = now.Add(min(lastLook, firstLook<<min(a.times, 9)))
	a.times++
	return job.RetryAt(a.until, err)
}

// shortly is how long a person's account waits for a system that it can do without.
const shortly = 3 * time.Second

// ask asks where it is time to, for a short while: a system that takes the call and
// does not answer is away.
func (a *breaker) ask(ctx context.Context, now func() time.Time, do func(context.Context) error) error {
	if err := a.allow(now()); err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, shortly)
	defer cancel()
	err := do(bounded)
	if err != nil && !away(err) && bounded.Err() != nil && ctx.Err() == nil {
		e := Refuse(CodeUnavailable, "receipts.unavailable")
		e.Err = fmt.Errorf("no answer in %s: %w", shortly, err)
		err = e
	}
	return a.report(now(), err)
}
