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
	writes ledger
	units  ledger
	silent time.Time     // no call before this: a Retry-After
	chosen time.Duration // the last back-off after a 429 without Retry-After
}

func newPace(l Limits) pace {
	return pace{writes: newLedger(l.Writes, l.WriteWindow), units: newLedger(l.Units, l.UnitWindow)}
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
	p.units.flying += times * c.units
	if c.write {
		p.writes.flying += times
	}
}

// landed converts a booking to spending as of now, the time of the answer: Graph counted the
// call no later than that, so no window of Graph's contains more than ours.
func (p *pace) landed(now time.Time, c *call) {
	p.chosen = 0
	p.book(c, -1)
	p.units.spend(now, c.units)
	if c.write {
		p.writes.spend(now, 1)
	}
}

// waived cancels a booking: Graph refused the call and did not count it.
func (p *pace) waived(c *call) { p.book(c, -1) }

// hush stops all calls for d. Graph counts whole seconds from its answer; 1 % and 50 ms are added
// for differences of the clocks.
func (p *pace) hush(now time.Time, d time.Duration) {
	if until := now.Add(d + d/100 + 50*time.Millisecond); until.After(p.silent) {
		p.silent = until
	}
}

// restless returns the back-off after a 429 without Retry-After. It doubles with each 429 until a
// call is accepted again; a 429 that arrives during the back-off, from the same batch or
// another in flight, does not double it.
// https://learn.microsoft.com/graph/throttling#best-practices-to-handle-throttling
func (p *pace) restless(now time.Time) time.Duration {
	if !now.Before(p.silent) {
		p.chosen = min(max(2*p.chosen, firstRestless), lastRestless)
	}
	return p.chosen
}

const (
	firstRestless = 5 * time.Second
	lastRestless  = 80 * time.Second
)

// heard processes x-ms-throttle-limit-percentage, the used share of the limit. A share above our
// own means that other apps use the same limit, or that we did before a restart: the difference
// is recorded as spent now.
func (p *pace) heard(now time.Time, share float64, write bool) {
	known := p.units.share()
	if write {
		known = max(known, p.writes.share())
	}
	if share <= known {
		return
	}
	l := &p.units
	if write {
		l = &p.writes
	}
	l.spend(now, int((share-l.share())*float64(l.limit)))
}

// ledger is a sliding window of spent units.
type ledger struct {
	limit  int
	span   time.Duration
	flying int // booked, not yet answered
	used   int // spent within span
	spent  []spending
}

type spending struct {
	until time.Time // when it leaves the window
	units int
}

func newLedger(limit int, span time.Duration) ledger { return ledger{limit: limit, span: span} }

func (l *ledger) forget(now time.Time) {
	gone := 0
	for gone < len(l.spent) && !l.spent[gone].until.After(now) {
		l.used -= l.spent[gone].units
		gone++
	}
	l.spent = l.spent[gone:]
}

func (l *ledger) fits(units int, urgent bool) bool {
	return l.flying+l.used+units <= l.usable(urgent)
}

func (l *ledger) usable(urgent bool) int {
	if urgent {
		return l.limit
	}
	return max(1, l.limit-l.limit/reserved)
}

func (l *ledger) spend(now time.Time, units int) {
	if units <= 0 {
		return
	}
	l.used += units
	until := now.Add(l.span)
	if n := len(l.spent); n > 0 && !l.spent[n-1].until.Before(until) {
		l.spent[n-1].units += units // same instant
		return
	}
	l.spent = append(l.spent, spending{until: until, units: units})
}

func (l *ledger) share() float64 { return float64(l.used+l.flying) / float64(max(1, l.limit)) }

// freeAt returns the time when there is room for units more, as spending leaves the window; after
// several windows if they exceed the limit.
func (l *ledger) freeAt(now time.Time, units int, urgent bool) time.Time {
	usable := l.usable(urgent)
	over := l.flying + l.used + units - usable
	later := time.Duration(0)
	for over > usable {
		over, later = over-usable, later+l.span
	}
	if over <= 0 {
		return now.Add(later)
	}
	for _, s := range l.spent {
		if over -= s.units; over <= 0 {
			return s.until.Add(later)
		}
	}
	return now.Add(later + l.span)
}
