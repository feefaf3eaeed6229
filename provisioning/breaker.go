package provisioning

import (
	"context"
	"fmt"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// breaker is a circuit breaker for a system that may be unavailable: after a failure further calls
// are refused until it is time for the next try. Its state is not stored; after a restart the first
// call tries again.
type breaker struct {
	mu    sync.Mutex
	until time.Time
	times int   // consecutive failures
	cause error // of the last failure
}

// The pause between tries is doubled from firstLook to lastLook: waiting jobs continue soon after a
// short outage, and not much later after a long one.
const (
	firstLook = 5 * time.Second
	lastLook  = 2 * time.Minute
)

// allow returns nil if a call may be made, else the error that retries the job at the next try.
func (a *breaker) allow(now time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !now.Before(a.until) || a.until.Sub(now) > lastLook { // the latter if the clock was set back
		return nil
	}
	return job.RetryAt(a.until, a.cause)
}

// report records the result of a call, and returns its error with the time of the retry.
func (a *breaker) report(now time.Time, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !away(err) {
		a.until, a.times, a.cause = time.Time{}, 0, nil
		return err
	}
	if now.Before(a.until) {
		return job.RetryAt(a.until, err) // another call failed meanwhile
	}
	a.cause = err
	a.until = now.Add(min(lastLook, firstLook<<min(a.times, 9)))
	a.times++
	return job.RetryAt(a.until, err)
}

// shortly is the timeout of a call to a system that the line can continue without.
const shortly = 3 * time.Second

// ask makes the call if it is allowed, with the timeout shortly. A system that accepts the
// connection but does not answer in time counts as unavailable.
func (a *breaker) ask(ctx context.Context, now func() time.Time, do func(context.Context) error) error {
	if err := a.allow(now()); err != nil {
		return err
	}
	bounded, cancel := context.WithTimeout(ctx, shortly)
	defer cancel()
	err := do(bounded)
	if err != nil && !away(err) && bounded.Err() != nil && ctx.Err() == nil {
		e := problem.Refuse(problem.CodeUnavailable, "receipts.unavailable")
		e.Err = fmt.Errorf("no answer in %s: %w", shortly, err)
		err = e
	}
	return a.report(now(), err)
}
