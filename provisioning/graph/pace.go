package graph

import "time"

// Limits are the tenant's throttles for one app.
// https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
type Limits struct {
	Writes      int // POST, PATCH, DELETE per WriteWindow
	WriteWindow time.Duration
	Units       int // resource units per UnitWindow
	UnitWindow  time.Duration
}

// DocumentedLimits are Microsoft's for a large tenant.
func DocumentedLimits() Limits {
	return Limits{Writes: 3000, WriteWindow: 150 * time.Second, Units: 8000, UnitWindow: 10 * time.Second}
}

// reserved is the share of a window that lists leave to urgent calls.
const reserved = 100 // one in

// pace decides when a call may go. It is the batcher's, which guards it.
type pace struct {
	writes ledger
	units  ledger
	silent time.Time     // no call before this: a Retry-After
	chosen time.Duration // how long we chose to be silent, where the service did not say
}

func newPace(l Limits) pace {
	return pace{writes: newLedger(l.Writes, l.WriteWindow), units: newLedger(l.Units, l.UnitWindow)}
}

// admits reports whether the call fits now, and books it if so.
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

// landed turns a booking into spending as of now, when the answer came: the
// service counted it no later than that, so no window of its own ever holds more
// than ours.
func (p *pace) landed(now time.Time, c *call) {
	p.chosen = 0
	p.book(c, -1)
	p.units.spend(now, c.units)
	if c.write {
		p.writes.spend(now, 1)
	}
}

// waived gives a booking back: the service refused the call and did not count it.
func (p *pace) waived(c *call) { p.book(c, -1) }

// hush stops every call for d. The service counts whole seconds from when it
// spoke; a little more allows for clocks.
func (p *pace) hush(now time.Time, d time.Duration) {
	if until := now.Add(d + d/100 + 50*time.Millisecond); until.After(p.silent) {
		p.silent = until
	}
}

// restless returns how long to be silent after a 429 that does not say: twice as long
// from one to the next, until a call is taken again. Those that come meanwhile, from
// the same batch or others under way, are no next ones.
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

// heard takes in x-ms-throttle-limit-percentage: a share above what we know of
// means that others spend from the same limit, or that we did before a restart.
// What is missing is booked as spent now.
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

// ledger is a sliding window of spending.
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

// freeAt is when units more than now may be used: when what is spent leaves the
// window, as often as it takes.
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
