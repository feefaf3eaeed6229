package connector

import (
	"slices"
	"sort"
	"sync"
	"time"
)

// lane is a group of calls that share one of Teams' limits.
type lane int

const (
	writing    lane = iota // sends, new threads, updates and deletions of one conversation: one budget
	background             // of the same budget, what nobody waits for: it leaves room for answers
	reading
	tenantWide
)

type window struct {
	calls int
	span  time.Duration
}

// limits are Teams', per bot and thread, and per app and tenant. Its table names sends
// and reads; that updates count among the sends is told in
// https://github.com/MicrosoftDocs/msteams-docs/issues/1719 and issues/3217.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
func (l lane) limits() []window {
	switch l {
	case reading:
		return []window{{14, time.Second}, {16, 2 * time.Second}, {120, 30 * time.Second}, {3600, time.Hour}}
	case tenantWide:
		return []window{{50, time.Second}}
	case background: // seven eighths
		return []window{{6, time.Second}, {7, 2 * time.Second}, {53, 30 * time.Second}, {1575, time.Hour}}
	}
	return []window{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}
}

// budget is the lane whose calls count together with this one's.
func (l lane) budget() lane {
	if l == background {
		return writing
	}
	return l
}

// widen leaves room for calls that travel faster than the ones before them: Teams
// counts arrivals, we count departures.
func widen(span time.Duration) time.Duration { return span + span/50 + 50*time.Millisecond }

const (
	maxTrails   = 20_000
	trailIdle   = 35 * time.Second
	trailIsBusy = 200 // calls in the last hour; fewer may be forgotten once idle
)

// pacer hands out slots for calls, so that no documented limit is broken. Its memory
// is bounded: idle threads are forgotten.
type pacer struct {
	now func() time.Time

	mu     sync.Mutex
	trails map[trailKey]*trail
	sweep  int                  // sweep when this many trails are kept
	silent map[string]time.Time // by thread: Teams said Retry-After
}

type trailKey struct {
	lane   lane
	thread string
}

// trail is when a thread's last calls were, or will be, made; oldest first.
type trail struct{ slots []time.Time }

func newPacer(now func() time.Time) *pacer {
	return &pacer{now: now, trails: map[trailKey]*trail{}, sweep: maxTrails / 4, silent: map[string]time.Time{}}
}

// reserve takes the next slot and returns how long to wait for it; when that is longer
// than patience nothing is taken and ok is false. A call in the writing lane may go
// before calls in the background that were given their slots earlier.
func (p *pacer) reserve(l lane, thread string, patience time.Duration) (wait time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, limits := p.now(), l.limits()
	t := p.trail(trailKey{l.budget(), thread}, now)
	t.forget(now.Add(-widen(limits[len(limits)-1].span)))
	from := now
	if until := p.silent[thread]; until.After(now) {
		from = until
	}
	slot := t.next(from, limits)
	wait = slot.Sub(now)
	if wait > patience {
		return wait, false
	}
	t.slots = slices.Insert(t.slots, t.place(slot), slot)
	return wait, true
}

// next is the earliest moment from the given one on at which one more call breaks no
// limit.
func (t *trail) next(from time.Time, limits []window) time.Time {
	for {
		later := t.after(from, limits)
		if !later.After(from) {
			return from
		}
		from = later
	}
}

// after returns a moment that a call must wait for at least, because made at slot it
// would be one too many of a window; slot itself where it breaks no limit.
func (t *trail) after(slot time.Time, limits []window) time.Time {
	at := t.place(slot)
	for _, w := range limits {
		for first := max(0, at-w.calls); first <= at && first+w.calls <= len(t.slots); first++ {
			begin, end := t.with(at, slot, first), t.with(at, slot, first+w.calls)
			switch {
			case end.Sub(begin) >= widen(w.span):
			case first == at: // those behind it are too many
				return t.slots[at]
			default:
				return begin.Add(widen(w.span))
			}
		}
	}
	return slot
}

// place is where a slot belongs among the others.
func (t *trail) place(slot time.Time) int {
	return sort.Search(len(t.slots), func(i int) bool { return t.slots[i].After(slot) })
}

// with is the i-th of the slots with one more among them, at its place.
func (t *trail) with(at int, slot time.Time, i int) time.Time {
	switch {
	case i < at:
		return t.slots[i]
	case i == at:
		return slot
	}
	return t.slots[i-1]
}

func (t *trail) forget(before time.Time) {
	drop := 0
	for drop < len(t.slots) && t.slots[drop].Before(before) {
		drop++
	}
	t.slots = t.slots[drop:]
}

func (p *pacer) trail(key trailKey, now time.Time) *trail {
	if t := p.trails[key]; t != nil {
		return t
	}
	if len(p.trails) >= p.sweep {
		p.clean(now)
	}
	t := &trail{}
	p.trails[key] = t
	return t
}

// clean forgets idle threads; if too many are busy, any of them, because a limit
// broken once costs a 429 and memory without bound costs the process.
func (p *pacer) clean(now time.Time) {
	for key, t := range p.trails {
		n := len(t.slots)
		if n < trailIsBusy && (n == 0 || now.Sub(t.slots[n-1]) > trailIdle) {
			delete(p.trails, key)
		}
	}
	for key := range p.trails {
		if len(p.trails) <= maxTrails/2 {
			break
		}
		delete(p.trails, key)
	}
	p.sweep = max(2*len(p.trails), maxTrails/4)
}
