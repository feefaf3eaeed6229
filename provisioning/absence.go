package provisioning

import (
	"sync"
	"time"
)

// absence is that a system is away: whoever found out spares the others the wait
// for an answer, until it is time to look again. It is forgotten with the process;
// the first to ask then finds out anew.
type absence struct {
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
func (a *absence) awaited(now time.Time) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !now.Before(a.until) {
		return nil
	}
	return RetryAt(a.until, a.cause)
}

// heard takes in how asking ended.
func (a *absence) heard(now time.Time, err error) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !away(err) {
		a.until, a.times, a.cause = time.Time{}, 0, nil
		return err
	}
	if now.Before(a.until) {
		return RetryAt(a.until, err) // another was faster
	}
	a.cause = err
	a.until = now.Add(min(lastLook, firstLook<<min(a.times, 9)))
	a.times++
	return RetryAt(a.until, err)
}
