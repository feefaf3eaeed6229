package connector

import (
	"sync"
	"time"
)

// lane is a group of calls that share one of Teams' limits.
type lane int

const (
	sending  lane = iota
	changing      // updates and deletions: Microsoft's page counts sends; these keep to the same measure, apart from them
	reading
	tenantWide
)

type window struct {
	calls int
	span  time.Duration
}

// limits are Teams', per bot and thread, and per app and tenant.
// https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
func (l lane) limits() []window {
	switch l {
	case reading:
		return []window{{14, time.Second}, {120, 30 * time.Second}}
	case tenantWide:
		return []window{{50, time.Second}}
	}
	return []window{{7, time.Second}, {8, 2 * time.Second}, {60, 30 * time.Second}, {1800, time.Hour}}
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
	sweep  int // sweep when this many trails are kept
}

type trailKey struct {
	lane   lane
	thread string
}

// trail is when a thread's last calls were, or will be, made; oldest first.
type trail struct {
	slots   []time.Time
	blocked time.Time // Teams said Retry-After
}

func newPacer(now func() time.Time) *pacer {
	return &pacer{now: now, trails: map[trailKey]*trail{}, sweep: maxTrails / 4}
}

// reserve takes the next slot and returns how long to wait for it; when that is longer
// than patience nothing is taken and ok is false.
func (p *pacer) reserve(l lane, thread string, patience time.Duration) (wait time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	t := p.trail(trailKey{l, thread}, now)
	slot := t.next(now, l.limits())
	wait = slot.Sub(now)
	if wait > patience {
		return wait, false
	}
	t.slots = append(t.slots, slot)
	return wait, true
}

// block keeps a thread quiet, as a Retry-After asked.
func (p *pacer) block(l lane, thread string, d time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if t := p.trail(trailKey{l, thread}, now); t.blocked.Before(now.Add(d)) {
		t.blocked = now.Add(d)
	}
}

// next is the earliest moment at which one more call breaks no limit.
func (t *trail) next(now time.Time, limits []window) time.Time {
	t.forget(now.Add(-widen(limits[len(limits)-1].span)))
	slot := now
	if t.blocked.After(slot) {
		slot = t.blocked
	}
	if n := len(t.slots); n > 0 && t.slots[n-1].After(slot) {
		slot = t.slots[n-1]
	}
	for _, w := range limits {
		if n := len(t.slots); n >= w.calls {
			if free := t.slots[n-w.calls].Add(widen(w.span)); free.After(slot) {
				slot = free
			}
		}
	}
	return slot
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
		idle := n == 0 || now.Sub(t.slots[n-1]) > trailIdle
		if idle && n < trailIsBusy && !t.blocked.After(now) {
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
