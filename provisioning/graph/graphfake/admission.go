package graphfake

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Throttle is the limits of an app in the tenant; a zero limit is off.
// https://learn.microsoft.com/graph/throttling-limits#identity-and-access-service-limits
type Throttle struct {
	Writes      int // per WriteWindow
	WriteWindow time.Duration
	Units       int // resource units per UnitWindow
	UnitWindow  time.Duration
	RetryAfter  time.Duration // of a 429; by default until the window has room

	// Grace is the time after a 429 in which a request may arrive without being counted as sent during
	// its Retry-After: it was sent before. Default 50 ms.
	Grace time.Duration
}

// DocumentedThrottle returns Microsoft's limits for a large tenant.
func DocumentedThrottle() Throttle {
	return Throttle{Writes: 3000, WriteWindow: 150 * time.Second, Units: 8000, UnitWindow: 10 * time.Second}
}

// admission throttles and counts requests and holds the planned faults.
type admission struct {
	mu         sync.Mutex
	throttle   Throttle
	writes     window
	units      window
	retryFrom  time.Time
	retryUntil time.Time
	counts     map[string]int  // by Op
	asked      map[string]bool // operations, as permissions.json names them
	faults     []*Fault
	hook       func(op string) (Fault, bool)
	tally      Tally
}

// Tally counts the requests until now.
type Tally struct {
	RoundTrips int // HTTP requests to Graph
	Requests   int // Graph requests: single ones and items of batches
	Writes     int // writes admitted
	Units      int // resource units admitted
	Throttled  int // refused with 429 by the throttle
	Intruders  int // requests that arrived during a Retry-After period
	PeakWrites int // greatest number of writes in one window
}

func (g *admission) init(throttle Throttle) {
	if throttle.Grace == 0 {
		throttle.Grace = 50 * time.Millisecond
	}
	g.throttle = throttle
	g.writes = window{limit: throttle.Writes, span: throttle.WriteWindow}
	g.units = window{limit: throttle.Units, span: throttle.UnitWindow}
	g.counts, g.asked = map[string]int{}, map[string]bool{}
}

func (g *admission) note(key string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.asked[key] = true
}

// window is an exact sliding window of the cost admitted within span.
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

// wait returns the time until cost fits; zero if it fits now.
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

// admit counts a request and returns nil, or the fault by which it is throttled. The headers are sent
// in both cases.
func (g *admission) admit(c *call, op *operation) (map[string]string, *fault) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.counts[op.name]++
	g.tally.Requests++
	if !g.retryFrom.IsZero() && c.arrived.After(g.retryFrom.Add(g.throttle.Grace)) && c.arrived.Before(g.retryUntil) {
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

func (g *admission) refuse(c *call, wait time.Duration, scope string) (map[string]string, *fault) {
	g.tally.Throttled++
	if g.throttle.RetryAfter > 0 {
		wait = g.throttle.RetryAfter
	}
	wait = (wait + time.Second - 1).Truncate(time.Second) // the header has whole seconds
	g.startRetryAfter(c, wait)
	headers := map[string]string{
		"x-ms-throttle-information": scope + "LimitExceeded",
		"x-ms-throttle-scope":       "Tenant_Application/ReadWrite/" + c.appID + "/" + c.tenantID,
	}
	return headers, &fault{status: http.StatusTooManyRequests, code: "TooManyRequests",
		message: "Too many requests.", retryAfter: wait}
}

func (g *admission) headers(cost int, write bool) map[string]string {
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

// answered records when the Retry-After was first sent.
func (g *admission) answered(now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.retryFrom.IsZero() {
		g.retryFrom = now
	}
}

// startRetryAfter starts or extends a Retry-After period. The caller holds g.mu.
func (g *admission) startRetryAfter(c *call, wait time.Duration) {
	if !c.now.Before(g.retryUntil) {
		g.retryFrom = time.Time{}
	}
	if to := c.now.Add(wait); to.After(g.retryUntil) {
		g.retryUntil = to
	}
	c.throttled = true
}

func (g *admission) roundTrip() {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.tally.RoundTrips++
}

// nextFault returns the fault planned for the next request of the operation, if any.
func (g *admission) nextFault(op string) (Fault, bool) {
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
