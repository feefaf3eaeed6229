package graph

import (
	"context"
	"slices"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// maxFlying is how many batches are under way at once. A new batcher begins with one
// and doubles: what was spent before a restart it learns from the answers.
const maxFlying = 8

// How long a call waits for company when others are about: lists do not mind, a
// person does. A call that finds nothing going on goes at once.
const (
	listLinger   = 50 * time.Millisecond
	urgentLinger = 3 * time.Millisecond
	dribble      = 2 * time.Second        // a list's writes, for room for a whole batch
	quiet        = 250 * time.Millisecond // nothing going on: no call for so long
)

// batcher is where calls of many goroutines become batches.
type batcher struct {
	client *Client
	now    func() time.Time
	after  func(time.Duration) <-chan time.Time
	wake   chan struct{}
	stop   context.CancelFunc // cuts batches under way short
	group  sync.WaitGroup

	mu       sync.Mutex
	closed   bool
	lanes    [2]lane            // urgent, lists
	behind   map[string][]*call // by what they change: those that wait for one before them
	flying   int
	busy     time.Time   // when a call last came or a batch last landed
	promised []time.Time // when calls that were sent back will come again, in order
	mayFly   int         // how many batches may be under way
	pace     pace
}

// newBatcher returns a batcher that sends nothing before the silence ends.
func newBatcher(c *Client, silent time.Time) *batcher {
	b := &batcher{
		client: c, now: c.config.Now, after: c.config.After, wake: make(chan struct{}, 1),
		behind: map[string][]*call{}, mayFly: 1, pace: newPace(c.config.Limits),
	}
	b.pace.silent = silent
	work, stop := context.WithCancel(context.Background()) // batches outlive their callers
	b.stop = stop
	b.group.Go(func() { b.run(work) })
	return b
}

// closeGrace is how long batches under way may take to land when the batcher closes.
// Those of jobs had the runner's grace already; what is cut short is found by its stamp.
const closeGrace = 2 * time.Second

// close lets what flies land, and sends the rest back.
func (b *batcher) close() {
	grace := time.AfterFunc(closeGrace, b.stop)
	defer grace.Stop()
	b.mu.Lock()
	b.closed = true
	b.mu.Unlock()
	b.nudge()
	b.group.Wait()
	b.stop()
}

// do sends the call with the next batch it fits in and waits for its answer.
func (b *batcher) do(ctx context.Context, c *call) (*result, error) {
	c.urgent, c.done = job.IsUrgent(ctx), make(chan outcome, 1)
	b.mu.Lock()
	if b.closed {
		b.mu.Unlock()
		return nil, unavailable(context.Canceled)
	}
	c.since = b.now()
	if !b.waits(c) {
		b.enqueue(c, false)
	}
	b.mu.Unlock()
	b.nudge()
	select {
	case o := <-c.done:
		return o.result, o.err
	case <-ctx.Done():
		c.gone.Store(true)
		return nil, unavailable(ctx.Err())
	}
}

// waits puts a call behind those that change the same, where there are any. One
// whose caller gave up still counts while it flies: it may come true yet.
func (b *batcher) waits(c *call) bool {
	what := c.changes()
	if what == "" {
		return false
	}
	line, busy := b.behind[what]
	if busy {
		line = append(line, c)
	}
	b.behind[what] = line
	return busy
}

// end answers a call and lets the next that changes the same go.
func (b *batcher) end(c *call, o outcome) {
	c.done <- o
	what := c.changes()
	if what == "" {
		return
	}
	line := slices.DeleteFunc(b.behind[what], func(c *call) bool { return c.gone.Load() })
	if len(line) == 0 {
		delete(b.behind, what)
		return
	}
	next := line[0]
	b.behind[what] = line[1:]
	if b.closed {
		b.end(next, outcome{err: throttled(time.Second)})
		return
	}
	b.enqueue(next, false)
}

func (b *batcher) nudge() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// run sends batches whenever something changed that may let one go.
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

// step sends what may go now, and returns when to look again.
func (b *batcher) step(work context.Context) (wait time.Duration, done bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.now()
	b.dropAbandoned()
	if b.closed {
		b.sendBack(func(*call) (time.Duration, bool) { return time.Second, true })
		return time.Hour, b.flying == 0
	}
	if now.Before(b.pace.silent) {
		b.bounce(now)
		return b.until(now, b.pace.silent), false
	}
	for b.flying < b.mayFly && b.ripe(now) {
		calls := b.pick(now)
		if len(calls) == 0 {
			break
		}
		b.flying++
		b.busy = now
		b.group.Go(func() { b.fly(work, calls) })
	}
	b.bounce(now)
	return b.nextLook(now), false
}

// ripe reports whether a batch should go: a full one, or one that waited enough.
func (b *batcher) ripe(now time.Time) bool {
	queued := 0
	for i := range b.lanes {
		queued += len(b.lanes[i].writes) + len(b.lanes[i].reads)
	}
	switch {
	case queued == 0:
		return false
	case queued >= maxItems:
		return true
	case b.flying == 0 && now.Sub(b.busy) >= quiet:
		return true
	}
	return !now.Before(b.ripeAt())
}

// ripeAt is when the call that waited longest has waited enough.
func (b *batcher) ripeAt() time.Time {
	var at time.Time
	for i, linger := range []time.Duration{urgentLinger, listLinger} {
		for _, queue := range [][]*call{b.lanes[i].writes, b.lanes[i].reads} {
			if len(queue) == 0 {
				continue
			}
			if ripe := queue[0].since.Add(linger); at.IsZero() || ripe.Before(at) {
				at = ripe
			}
		}
	}
	return at
}

// nextLook is how long nothing can change by itself: until a call has waited
// enough for company, or the limits have room for the first of a queue.
func (b *batcher) nextLook(now time.Time) time.Duration {
	at := b.ripeAt()
	switch {
	case at.IsZero() || b.flying >= b.mayFly:
		return time.Hour // something else will wake us
	case at.After(now):
		return at.Sub(now)
	}
	at = now.Add(time.Second)
	for i := range b.lanes {
		if queue := b.lanes[i].reads; len(queue) > 0 {
			at = earlier(at, b.pace.units.freeAt(now, queue[0].units, queue[0].urgent))
		}
		if queue := b.lanes[i].writes; len(queue) > 0 {
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
