package graph

import "time"

// Limits are Graph's throttling limits for one app in one tenant.
// https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
type Limits struct {
	Writes      int // POST, PATCH, DELETE per WriteWindow
	WriteWindow time.Duration
	Units       int // resource units per UnitWindow
	UnitWindow  time.Duration
}

// DocumentedLimits returns Microsoft's limits for a large tenant.
func DocumentedLimits() Limits {
	return Limits{Writes: 3000, WriteWindow: 150 * time.Second, Units: 8000, UnitWindow: 10 * time.Second}
}

// reserved is the divisor of a limit: 1/reserved of it is kept for urgent calls.
const reserved = 100

// pace decides when a call may be sent. It is guarded by the batcher's mutex.
type pace struct {
	writes      window
	units       window
	pausedUntil time.Time     // no call before this: a Retry-After
	lastBackOff time.Duration // the last back-off after a 429 without Retry-After
}

func newPace(l Limits) pace {
	return pace{writes: newWindow(l.Writes, l.WriteWindow), units: newWindow(l.Units, l.UnitWindow)}
}

// admits reports whether the limits have room for the call now, and books it if so.
func (p *pace) admits(now time.Time, c *call) bool {
	p.writes.forget(now)
	p.units.forget(now)
	if c.write && !p.writes.fits(1, c.urgent) || !p.units.fits(c.units, c.urgent) {
		return false
	}
	p.book(c, 1)
	return true
}

func (p *pace) book(c *call, times int) {
	p.units.booked += times * c.units
	if c.write {
		p.writes.booked += times
	}
}

// settle converts a booking to spending as of now, the time of the answer: Graph counted the
// call no later than that, so no window of Graph's contains more than ours.
func (p *pace) settle(now time.Time, c *call) {
	p.lastBackOff = 0
	p.book(c, -1)
	p.units.spend(now, c.units)
	if c.write {
		p.writes.spend(now, 1)
	}
}

// unbook cancels a booking: Graph refused the call and did not count it.
func (p *pace) unbook(c *call) { p.book(c, -1) }

// pause stops all calls for d. Graph counts whole seconds from its answer; 1 % and 50 ms are added
// for differences of the clocks.
func (p *pace) pause(now time.Time, d time.Duration) {
	if until := now.Add(d + d/100 + 50*time.Millisecond); until.After(p.pausedUntil) {
		p.pausedUntil = until
	}
}

// backOff returns the back-off after a 429 without Retry-After. It doubles with each 429 until a
// call is accepted again; a 429 that arrives during the back-off, from the same batch or
// another outstanding one, does not double it.
// https://learn.microsoft.com/graph/throttling#best-practices-to-handle-throttling
func (p *pace) backOff(now time.Time) time.Duration {
	if !now.Before(p.pausedUntil) {
		p.lastBackOff = min(max(2*p.lastBackOff, minBackOff), maxBackOff)
	}
	return p.lastBackOff
}

const (
	minBackOff = 5 * time.Second
	maxBackOff = 80 * time.Second
)

// recordShare processes x-ms-throttle-limit-percentage, the used share of the limit. A share above our
// own means that other apps use the same limit, or that we did before a restart: the difference
// is recorded as spent now.
func (p *pace) recordShare(now time.Time, share float64, write bool) {
	known := p.units.share()
	if write {
		known = max(known, p.writes.share())
	}
	if share <= known {
		return
	}
	w := &p.units
	if write {
		w = &p.writes
	}
	w.spend(now, int((share-w.share())*float64(w.limit)))
}

// window is a sliding window of spent units.
type window struct {
	limit  int
	span   time.Duration
	booked int // of calls not yet answered
	used   int // spent within span
	spent  []spending
}

type spending struct {
	until time.Time // when it leaves the window
	units int
}

func newWindow(limit int, span time.Duration) window { return window{limit: limit, span: span} }

func (w *window) forget(now time.Time) {
	dropped := 0
	for dropped < len(w.spent) && !w.spent[dropped].until.After(now) {
		w.used -= w.spent[dropped].units
		dropped++
	}
	w.spent = w.spent[dropped:]
}

func (w *window) fits(units int, urgent bool) bool {
	return w.booked+w.used+units <= w.usable(urgent)
}

func (w *window) usable(urgent bool) int {
	if urgent {
		return w.limit
	}
	return max(1, w.limit-w.limit/reserved)
}

func (w *window) spend(now time.Time, units int) {
	if units <= 0 {
		return
	}
	w.used += units
	until := now.Add(w.span)
	if n := len(w.spent); n > 0 && !w.spent[n-1].until.Before(until) {
		w.spent[n-1].units += units // same instant
		return
	}
	w.spent = append(w.spent, spending{until: until, units: units})
}

func (w *window) share() float64 { return float64(w.used+w.booked) / float64(max(1, w.limit)) }

// freeAt returns the time when there is room for units more, as spending leaves the window; after
// several windows if they exceed the limit.
func (w *window) freeAt(now time.Time, units int, urgent bool) time.Time {
	usable := w.usable(urgent)
	over := w.booked + w.used + units - usable
	later := time.Duration(0)
	for over > usable {
		over, later = over-usable, later+w.span
	}
	if over <= 0 {
		return now.Add(later)
	}
	for _, s := range w.spent {
		if over -= s.units; over <= 0 {
			return s.until.Add(later)
		}
	}
	return now.Add(later + w.span)
}
