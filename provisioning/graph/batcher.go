package graph

import (
	"context"
	"slices"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// maxOutstanding is how many batches may be outstanding at once. A new batcher starts with one and
// doubles at each answer, from which it learns what was spent before a restart.
const maxOutstanding = 8

// How long a call waits for others to share its batch. A call that arrives while the batcher is
// idle is sent at once.
const (
	listDelay         = 50 * time.Millisecond
	urgentDelay       = 3 * time.Millisecond   // a person is waiting
	partialBatchDelay = 2 * time.Second        // a list's writes, until the limit allows a whole batch
	idleAfter         = 250 * time.Millisecond // the batcher is idle after so long without activity
)

// batcher combines the calls of many goroutines into batches.
type batcher struct {
	client *Client
	now    func() time.Time
	after  func(time.Duration) <-chan time.Time
	wake   chan struct{}
	stop   context.CancelFunc // cancels the outstanding batches
	group  sync.WaitGroup

	mu          sync.Mutex
	closed      bool
	queues      [2]callQueues      // urgent, lists
	waiting     map[string][]*call // calls that wait for an earlier change of the same resource, by changes()
	outstanding int                // batches sent and not yet answered
	lastActive  time.Time          // when a batch was last sent or answered
	retryTimes  []time.Time        // retry times of deferred calls, in order
	allowed     int                // how many batches may be outstanding
	pace        pace
}

// newBatcher returns a batcher that sends nothing before pausedUntil.
func newBatcher(c *Client, pausedUntil time.Time) *batcher {
	b := &batcher{
		client: c, now: c.config.Now, after: c.config.After, wake: make(chan struct{}, 1),
		waiting: map[string][]*call{}, allowed: 1, pace: newPace(c.config.Limits),
	}
	b.pace.pausedUntil = pausedUntil
	work, stop := context.WithCancel(context.Background()) // batches outlive their callers
	b.stop = stop
	b.group.Go(func() { b.run(work) })
	return b
}

// closeGrace is how long close waits for outstanding batches. Those of jobs had the runner's
// grace already; an account whose creation was cancelled is found by its stamp.
const closeGrace = 2 * time.Second

// close waits for the outstanding batches and ends the queued calls with a retry time.
func (b *batcher) close() {
	grace := time.AfterFunc(closeGrace, b.stop)
	defer grace.Stop()
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.notify()
	b.group.Wait()
	b.stop()
}

// do sends the call in the next batch that has room for it and waits for its answer.
func (b *batcher) do(ctx context.Context, c *call) (*result, error) {
	c.urgent, c.done = job.IsUrgent(ctx), make(chan outcome, 1)
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return nil, unavailable(context.Canceled)
	}
	c.since = b.now()
	if !b.waitsForEarlier(c) {
		b.enqueue(c, false)
	}
	b.mu.Unlock()
	b.notify()
	select {
	case o := <-c.done:
		return o.result, o.err
	case <-ctx.Done():
		c.abandoned.Store(true)
		return nil, unavailable(ctx.Err())
	}
}

// waitsForEarlier queues a call behind those that change the same resource, and reports whether there are
// any. An outstanding call counts even if its caller gave up, because it may still take effect.
func (b *batcher) waitsForEarlier(c *call) bool {
	what := c.changes()
	if what == "" {
		return false
	}
	line, busy := b.waiting[what]
	if busy {
		line = append(line, c)
	}
	b.waiting[what] = line
	return busy
}

// end returns the outcome to the caller and enqueues the next call that changes the same
// resource.
func (b *batcher) end(c *call, o outcome) {
	c.done <- o
	what := c.changes()
	if what == "" {
		return
	}
	line := slices.DeleteFunc(b.waiting[what], func(c *call) bool { return c.abandoned.Load() })
	if len(line) == 0 {
		delete(b.waiting, what)
		return
	}
	next := line[0]
	b.waiting[what] = line[1:]
	if b.closed {
		b.end(next, outcome{err: throttled(time.Second)})
		return
	}
	b.enqueue(next, false)
}

func (b *batcher) notify() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// run sends batches until the batcher is closed. It looks again after each change and at the
// time that step returns.
func (b *batcher) run(work context.Context) {
	for {
		wait, done := b.step(work)
		if done {
			return
		}
		select {
		case <-b.wake:
		case <-b.after(wait):
		}
	}
}

// step sends the batches that are due, and returns when to look again.
func (b *batcher) step(work context.Context) (wait time.Duration, done bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.dropAbandoned()
	if b.closed {
		b.deferQueued(func(*call) (time.Duration, bool) { return time.Second, true })
		return time.Hour, b.outstanding == 0
	}
	if now.Before(b.pace.pausedUntil) {
		b.deferLate(now)
		return b.until(now, b.pace.pausedUntil), false
	}
	for b.outstanding < b.allowed && b.due(now) {
		calls := b.pick(now)
		if len(calls) == 0 {
			break
		}
		b.outstanding++
		b.lastActive = now
		b.group.Go(func() { b.send(work, calls) })
	}
	b.deferLate(now)
	return b.nextLook(now), false
}

// due reports whether a batch should be sent: it is full, a call has waited long enough, or the
// batcher is idle.
func (b *batcher) due(now time.Time) bool {
	queued := 0
	for i := range b.queues {
		queued += len(b.queues[i].writes) + len(b.queues[i].reads)
	}
	switch {
	case queued == 0:
		return false
	case queued >= maxItems:
		return true
	case b.outstanding == 0 && now.Sub(b.lastActive) >= idleAfter:
		return true
	}
	return !now.Before(b.dueAt())
}

// dueAt returns when the first queued call has waited long enough; zero if none is queued.
func (b *batcher) dueAt() time.Time {
	var at time.Time
	for i, delay := range []time.Duration{urgentDelay, listDelay} {
		for _, queue := range [][]*call{b.queues[i].writes, b.queues[i].reads} {
			if len(queue) == 0 {
				continue
			}
			if due := queue[0].since.Add(delay); at.IsZero() || due.Before(at) {
				at = due
			}
		}
	}
	return at
}

// nextLook returns the time until a call has waited long enough, or until the limits have room
// for the first call of a queue.
func (b *batcher) nextLook(now time.Time) time.Duration {
	at := b.dueAt()
	switch {
	case at.IsZero() || b.outstanding >= b.allowed:
		return time.Hour // a new call or an answer wakes run earlier
	case at.After(now):
		return at.Sub(now)
	}
	at = now.Add(time.Second)
	for i := range b.queues {
		if queue := b.queues[i].reads; len(queue) > 0 {
			at = earlier(at, b.pace.units.freeAt(now, queue[0].units, queue[0].urgent))
		}
		if queue := b.queues[i].writes; len(queue) > 0 {
			room := b.pace.units.freeAt(now, queue[0].units, queue[0].urgent)
			if w := b.pace.writes.freeAt(now, min(len(queue), maxItems), queue[0].urgent); w.After(room) {
				room = w
			}
			at = earlier(at, room)
		}
	}
	return b.until(now, at)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (b *batcher) until(now, at time.Time) time.Duration {
	return min(max(at.Sub(now), 2*time.Millisecond), time.Second)
}
