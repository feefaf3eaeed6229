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
	writing    lane = iota // sends, new threads, updates and deletions of one conversation share a limit
	background             // in the same limit, calls that are not urgent: they leave a share for those that are
	reading
	tenantWide
)

type window struct {
	calls int
	span  time.Duration
}

// limits are Teams', per bot and thread, and per app and tenant. Its table names sends and
// reads; that updates count as sends is stated in
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

// widen lengthens a window for calls with less latency than the ones before them: Teams counts
// arrivals, we count departures.
func widen(span time.Duration) time.Duration { return span + span/50 + 50*time.Millisecond }

const (
	maxHistories = 20_000
	historyIdle  = 35 * time.Second
	busyHistory  = 200 // calls in the last hour; with fewer, an idle one is dropped
)

// pacer assigns slots to calls so that no documented limit is exceeded. Its memory is bounded:
// idle threads are dropped.
type pacer struct {
	now func() time.Time

	mu        sync.Mutex
	histories map[historyKey]*history
	sweep     int                  // sweep at this many histories
	throttled map[string]time.Time // until when, by thread, after a Retry-After
}

type historyKey struct {
	lane   lane
	thread string
}

// history holds the times of a thread's last and next calls, oldest first.
type history struct{ slots []time.Time }

func newPacer(now func() time.Time) *pacer {
	return &pacer{now: now, histories: map[historyKey]*history{}, sweep: maxHistories / 4, throttled: map[string]time.Time{}}
}

// reserve takes the next slot and returns the wait for it; if that is longer than patience
// nothing is taken and ok is false. A call in the writing lane may go before calls in the
// background lane that got their slots earlier.
func (p *pacer) reserve(l lane, thread string, patience time.Duration) (wait time.Duration, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	now, limits := p.now(), l.limits()
	t := p.history(historyKey{l.budget(), thread}, now)
	t.forget(now.Add(-widen(limits[len(limits)-1].span)))
	from := now
	if until := p.throttled[thread]; until.After(now) {
		from = until
	}
	slot := t.next(from, limits)
	wait = slot.Sub(now)
	if wait > patience {
		return wait, false
	}
	t.slots = slices.Insert(t.slots, t.index(slot), slot)
	return wait, true
}

// next is the earliest time from the given one on at which one more call exceeds no limit.
func (t *history) next(from time.Time, limits []window) time.Time {
	for {
		later := t.after(from, limits)
		if !later.After(from) {
			return from
		}
		from = later
	}
}

// after returns a time that a call must wait for at least, because at slot it would be one too
// many in a window; slot itself if it exceeds no limit.
func (t *history) after(slot time.Time, limits []window) time.Time {
	at := t.index(slot)
	for _, w := range limits {
		for first := max(0, at-w.calls); first <= at && first+w.calls <= len(t.slots); first++ {
			begin, end := t.with(at, slot, first), t.with(at, slot, first+w.calls)
			switch {
			case end.Sub(begin) >= widen(w.span):
			case first == at: // those after it are too many
				return t.slots[at]
			default:
				return begin.Add(widen(w.span))
			}
		}
	}
	return slot
}

// index is the position of a slot among the others.
func (t *history) index(slot time.Time) int {
	return sort.Search(len(t.slots), func(i int) bool { return t.slots[i].After(slot) })
}

// with is the i-th slot after slot was inserted at its position.
func (t *history) with(at int, slot time.Time, i int) time.Time {
	switch {
	case i < at:
		return t.slots[i]
	case i == at:
		return slot
	}
	return t.slots[i-1]
}

func (t *history) forget(before time.Time) {
	drop := 0
	for drop < len(t.slots) && t.slots[drop].Before(before) {
		drop++
	}
	t.slots = t.slots[drop:]
}

func (p *pacer) history(key historyKey, now time.Time) *history {
	if t := p.histories[key]; t != nil {
		return t
	}
	if len(p.histories) >= p.sweep {
		p.clean(now)
	}
	t := &history{}
	p.histories[key] = t
	return t
}

// clean drops idle threads; if too many are busy, any of them: an exceeded limit costs one 429,
// unbounded memory the process.
func (p *pacer) clean(now time.Time) {
	for key, t := range p.histories {
		n := len(t.slots)
		if n < busyHistory && (n == 0 || now.Sub(t.slots[n-1]) > historyIdle) {
			delete(p.histories, key)
		}
	}
	for key := range p.histories {
		if len(p.histories) <= maxHistories/2 {
			break
		}
		delete(p.histories, key)
	}
	p.sweep = max(2*len(p.histories), maxHistories/4)
}
