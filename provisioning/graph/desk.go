package graph

import (
	"context"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// maxFlying is how many batches are under way at once. A new desk begins with one
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

// call is one Graph request on its way through the desk.
type call struct {
	method, url string
	header      map[string]string
	body        []byte
	write       bool
	units       int

	urgent bool
	since  time.Time
	alone  bool        // its batch was refused whole: it goes by itself
	retold bool        // sent once more after its token was refused
	gone   atomic.Bool // the caller has lost interest
	done   chan outcome
}

// changes names what the call changes, "" where order does not matter: of two
// passwords for one user the later must not be overtaken by the earlier.
func (c *call) changes() string {
	if c.method == http.MethodPatch {
		return c.url
	}
	return ""
}

type outcome struct {
	result *result
	err    error
}

// desk is where calls of many goroutines become batches.
type desk struct {
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

// lane is a queue whose writes and reads do not wait for each other.
type lane struct{ writes, reads []*call }

// newDesk returns a desk that sends nothing before the silence ends.
func newDesk(c *Client, silent time.Time) *desk {
	d := &desk{
		client: c, now: c.config.Now, after: c.config.After, wake: make(chan struct{}, 1),
		behind: map[string][]*call{}, mayFly: 1, pace: newPace(c.config.Limits),
	}
	d.pace.silent = silent
	work, stop := context.WithCancel(context.Background()) // batches outlive their callers
	d.stop = stop
	d.group.Go(func() { d.run(work) })
	return d
}

// closeGrace is how long batches under way may take to land when the desk closes.
// Those of jobs had the runner's grace already; what is cut short is found by its stamp.
const closeGrace = 2 * time.Second

// close lets what flies land, and sends the rest back.
func (d *desk) close() {
	grace := time.AfterFunc(closeGrace, d.stop)
	defer grace.Stop()
	d.mu.Lock()
	d.closed = true
	d.mu.Unlock()
	d.nudge()
	d.group.Wait()
	d.stop()
}

// do sends the call with the next batch it fits in and waits for its answer.
func (d *desk) do(ctx context.Context, c *call) (*result, error) {
	c.urgent, c.done = provisioning.IsUrgent(ctx), make(chan outcome, 1)
	d.mu.Lock()
	if d.closed {
		d.mu.Unlock()
		return nil, unavailable(context.Canceled)
	}
	c.since = d.now()
	if !d.waits(c) {
		d.enqueue(c, false)
	}
	d.mu.Unlock()
	d.nudge()
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
func (d *desk) waits(c *call) bool {
	what := c.changes()
	if what == "" {
		return false
	}
	line, busy := d.behind[what]
	if busy {
		line = append(line, c)
	}
	d.behind[what] = line
	return busy
}

// end answers a call and lets the next that changes the same go.
func (d *desk) end(c *call, o outcome) {
	c.done <- o
	what := c.changes()
	if what == "" {
		return
	}
	line := slices.DeleteFunc(d.behind[what], func(c *call) bool { return c.gone.Load() })
	if len(line) == 0 {
		delete(d.behind, what)
		return
	}
	next := line[0]
	d.behind[what] = line[1:]
	if d.closed {
		d.end(next, outcome{err: throttled(time.Second)})
		return
	}
	d.enqueue(next, false)
}

func (d *desk) nudge() {
	select {
	case d.wake <- struct{}{}:
	default:
	}
}

func (d *desk) enqueue(c *call, first bool) {
	l := &d.lanes[1]
	if c.urgent {
		l = &d.lanes[0]
	}
	queue := &l.reads
	if c.write {
		queue = &l.writes
	}
	if first {
		*queue = slices.Insert(*queue, 0, c)
		return
	}
	*queue = append(*queue, c)
}

// run sends batches whenever something changed that may let one go.
func (d *desk) run(work context.Context) {
	for {
		wait, done := d.step(work)
		if done {
			return
		}
		select {
		case <-d.wake:
		case <-d.after(wait):
		}
	}
}

// step sends what may go now, and returns when to look again.
func (d *desk) step(work context.Context) (wait time.Duration, done bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := d.now()
	d.dropAbandoned()
	if d.closed {
		d.sendBack(func(*call) (time.Duration, bool) { return time.Second, true })
		return time.Hour, d.flying == 0
	}
	if now.Before(d.pace.silent) {
		d.bounce(now)
		return d.until(now, d.pace.silent), false
	}
	for d.flying < d.mayFly && d.ripe(now) {
		calls := d.pick(now)
		if len(calls) == 0 {
			break
		}
		d.flying++
		d.busy = now
		d.group.Go(func() { d.fly(work, calls) })
	}
	d.bounce(now)
	return d.nextLook(now), false
}

// ripe reports whether a batch should go: a full one, or one that waited enough.
func (d *desk) ripe(now time.Time) bool {
	queued := 0
	for i := range d.lanes {
		queued += len(d.lanes[i].writes) + len(d.lanes[i].reads)
	}
	switch {
	case queued == 0:
		return false
	case queued >= maxItems:
		return true
	case d.flying == 0 && now.Sub(d.busy) >= quiet:
		return true
	}
	return !now.Before(d.ripeAt())
}

// ripeAt is when the call that waited longest has waited enough.
func (d *desk) ripeAt() time.Time {
	var at time.Time
	for i, linger := range []time.Duration{urgentLinger, listLinger} {
		for _, queue := range [][]*call{d.lanes[i].writes, d.lanes[i].reads} {
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

// pick takes up to a batch of calls that the pace admits, urgent ones first.
func (d *desk) pick(now time.Time) []*call {
	var batch []*call
	for i := range d.lanes {
		if !d.dribbles(now, d.lanes[i].writes) {
			batch = d.take(now, &d.lanes[i].writes, batch)
		}
		batch = d.take(now, &d.lanes[i].reads, batch)
	}
	return batch
}

// dribbles reports whether the limit would let only a few of many waiting writes
// go: while it is used up, room comes free one by one, and a batch is worth a
// moment's wait.
func (d *desk) dribbles(now time.Time, queue []*call) bool {
	if len(queue) == 0 || queue[0].urgent || now.Sub(queue[0].since) >= dribble {
		return false
	}
	return !d.pace.writes.fits(min(len(queue), maxItems), false)
}

func (d *desk) take(now time.Time, queue *[]*call, batch []*call) []*call {
	for len(*queue) > 0 && len(batch) < maxItems {
		c := (*queue)[0]
		if c.alone && len(batch) > 0 || !d.pace.admits(now, c) {
			break
		}
		*queue = (*queue)[1:]
		batch = append(batch, c)
		if c.alone {
			break
		}
	}
	return batch
}

// dropAbandoned forgets calls whose callers have gone.
func (d *desk) dropAbandoned() {
	d.leave(func(c *call) (outcome, bool) { return outcome{err: unavailable(context.Canceled)}, c.gone.Load() })
}

// leave ends the queued calls that decide names.
func (d *desk) leave(decide func(*call) (outcome, bool)) {
	var left []*call
	var with []outcome
	leaves := func(c *call) bool {
		o, does := decide(c)
		if does {
			left, with = append(left, c), append(with, o)
		}
		return does
	}
	for i := range d.lanes {
		d.lanes[i].writes = slices.DeleteFunc(d.lanes[i].writes, leaves)
		d.lanes[i].reads = slices.DeleteFunc(d.lanes[i].reads, leaves)
	}
	for i, c := range left {
		d.end(c, with[i]) // may enqueue another
	}
}

// nextLook is how long nothing can change by itself: until a call has waited
// enough for company, or the limits have room for the first of a queue.
func (d *desk) nextLook(now time.Time) time.Duration {
	at := d.ripeAt()
	switch {
	case at.IsZero() || d.flying >= d.mayFly:
		return time.Hour // something else will wake us
	case at.After(now):
		return at.Sub(now)
	}
	at = now.Add(time.Second)
	for i := range d.lanes {
		if queue := d.lanes[i].reads; len(queue) > 0 {
			at = earlier(at, d.pace.units.freeAt(now, queue[0].units, queue[0].urgent))
		}
		if queue := d.lanes[i].writes; len(queue) > 0 {
			room := d.pace.units.freeAt(now, queue[0].units, queue[0].urgent)
			if w := d.pace.writes.freeAt(now, min(len(queue), maxItems), queue[0].urgent); w.After(room) {
				room = w
			}
			at = earlier(at, room)
		}
	}
	return d.until(now, at)
}

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (d *desk) until(now, at time.Time) time.Duration {
	return min(max(at.Sub(now), 2*time.Millisecond), time.Second)
}
