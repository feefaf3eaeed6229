package graphfake

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Throttle limits the app in the tenant; zero values switch a limit off.
// https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
type Throttle struct {
	Writes      int // per WriteWindow
	WriteWindow time.Duration
	Units       int // resource units per UnitWindow
	UnitWindow  time.Duration
	RetryAfter  time.Duration // what a 429 asks for; by default until the window has room

	// Grace is how soon after a 429 a request may still arrive without counting
	// as sent during its Retry-After: it was on its way. Default 50 ms.
	Grace time.Duration
}

// DocumentedThrottle is what Microsoft documents for a large tenant.
func DocumentedThrottle() Throttle {
	return Throttle{Writes: 3000, WriteWindow: 150 * time.Second, Units: 8000, UnitWindow: 10 * time.Second}
}

// gate is what stands before the directory: throttle, counters and faults.
type gate struct {
	mu         sync.Mutex
	throttle   Throttle
	writes     window
	units      window
	silentFrom time.Time
	silentTo   time.Time
	counts     map[string]int
	asked      map[string]bool // operations, as permissions.json names them
	faults     []*Fault
	hook       func(op string) (Fault, bool)
	tally      Tally
}

// Tally is what the tenant has answered so far.
type Tally struct {
	RoundTrips int // HTTP requests to Graph
	Requests   int // Graph requests: single ones and items of batches
	Writes     int // of those, writes let through
	Units      int // resource units let through
	Throttled  int // answered 429 by the throttle
	Intruders  int // requests that arrived while a Retry-After was running
	PeakWrites int // most writes ever in one window
}

func (g *gate) init(throttle Throttle) {
	if throttle.Grace == 0 {
		throttle.Grace = 50 * time.Millisecond
	}
	g.throttle = throttle
	g.writes = window{limit: throttle.Writes, span: throttle.WriteWindow}
	g.units = window{limit: throttle.Units, span: throttle.UnitWindow}
	g.counts, g.asked = map[string]int{}, map[string]bool{}
}

func (g *gate) note(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked[key] = true
}

// window is an exact sliding window: what was let through in the last span.
type window struct {
	limit int
	span  time.Duration
	used  int
	spent []spending // oldest first
}

type spending struct {
	at   time.Time
	cost int
}

func (w *window) slide(now time.Time) {
	drop := 0
	for drop < len(w.spent) && !w.spent[drop].at.Add(w.span).After(now) {
		w.used -= w.spent[drop].cost
		drop++
	}
	w.spent = w.spent[drop:]
}

// wait is how long until cost fits, zero when it fits now.
func (w *window) wait(now time.Time, cost int) time.Duration {
	if w.limit <= 0 {
		return 0
	}
	w.slide(now)
	over := w.used + cost - w.limit
	for _, s := range w.spent {
		if over <= 0 {
			break
		}
		over -= s.cost
		if over <= 0 {
			return max(time.Millisecond, s.at.Add(w.span).Sub(now))
		}
	}
	return 0
}

func (w *window) spend(now time.Time, cost int) {
	if w.limit <= 0 {
		return
	}
	w.used += cost
	w.spent = append(w.spent, spending{now, cost})
}

func (w *window) share() float64 {
	if w.limit <= 0 {
		return 0
	}
	return float64(w.used) / float64(w.limit)
}

// admit counts a request and lets it through, or answers how it is throttled.
// The headers belong on the answer either way.
func (g *gate) admit(c *call, op *operation) (map[string]string, *fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts[op.name]++
	g.tally.Requests++
	if !g.silentFrom.IsZero() && c.arrived.After(g.silentFrom.Add(g.throttle.Grace)) && c.arrived.Before(g.silentTo) {
		g.tally.Intruders++
	}
	cost := op.units(c)
	wait, scope := g.units.wait(c.now, cost), "ResourceUnits"
	if op.write {
		if w := g.writes.wait(c.now, 1); w > wait {
			wait, scope = w, "Write"
		}
	}
	if wait > 0 {
		return g.refuse(c, wait, scope)
	}
	g.units.spend(c.now, cost)
	g.tally.Units += cost
	if op.write {
		g.writes.spend(c.now, 1)
		g.tally.Writes++
		g.tally.PeakWrites = max(g.tally.PeakWrites, g.writes.used)
	}
	return g.headers(cost, op.write), nil
}

func (g *gate) refuse(c *call, wait time.Duration, scope string) (map[string]string, *fault) {
	g.tally.Throttled++
	if g.throttle.RetryAfter > 0 {
		wait = g.throttle.RetryAfter
	}
	wait = (wait + time.Second - 1).Truncate(time.Second) // the header counts whole seconds
	g.silence(c, wait)
	headers := map[string]string{
		"x-ms-throttle-information": scope + "LimitExceeded",
		"x-ms-throttle-scope":       "Tenant_Application/ReadWrite/" + c.appID + "/" + c.tenantID,
	}
	return headers, &fault{status: http.StatusTooManyRequests, code: "TooManyRequests",
		message: "Too many requests.", retryAfter: wait}
}

func (g *gate) headers(cost int, write bool) map[string]string {
	headers := map[string]string{"x-ms-resource-unit": strconv.Itoa(cost)}
	share := g.units.share()
	if write {
		share = max(share, g.writes.share())
	}
	if share >= 0.8 {
		headers["x-ms-throttle-limit-percentage"] = fmt.Sprintf("%.2f", share)
	}
	return headers
}

// answered marks when the caller could first know of the Retry-After.
func (g *gate) answered(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.silentFrom.IsZero() {
		g.silentFrom = now
	}
}

// silence starts or prolongs a Retry-After. The caller holds g.mu.
func (g *gate) silence(c *call, wait time.Duration) {
	if !c.now.Before(g.silentTo) {
		g.silentFrom = time.Time{}
	}
	if to := c.now.Add(wait); to.After(g.silentTo) {
		g.silentTo = to
	}
	c.throttled = true
}

func (g *gate) roundTrip() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tally.RoundTrips++
}

// take answers the fault planned for this operation, if any.
func (g *gate) take(op string) (Fault, bool) {
	g.mu.Lock()
	hook := g.hook
	i := slices.IndexFunc(g.faults, func(f *Fault) bool { return f.Op == op || f.Op == "*" && op != "batch" })
	if i < 0 {
		g.mu.Unlock()
		if hook != nil {
			return hook(op)
		}
		return Fault{}, false
	}
	defer g.mu.Unlock()
	f := g.faults[i]
	if f.Skip > 0 {
		f.Skip--
		return Fault{}, false
	}
	f.Times--
	if f.Times <= 0 {
		g.faults = slices.Delete(g.faults, i, i+1)
	}
	return *f, true
}
