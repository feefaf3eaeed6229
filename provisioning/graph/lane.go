package graph

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// call is one Graph request on its way through the batcher.
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

// lane is a queue whose writes and reads do not wait for each other.
type lane struct{ writes, reads []*call }

func (b *batcher) enqueue(c *call, first bool) {
	l := &b.lanes[1]
	if c.urgent {
		l = &b.lanes[0]
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

// pick takes up to a batch of calls that the pace admits, urgent ones first.
func (b *batcher) pick(now time.Time) []*call {
	var batch []*call
	for i := range b.lanes {
		if !b.dribbles(now, b.lanes[i].writes) {
			batch = b.take(now, &b.lanes[i].writes, batch)
		}
		batch = b.take(now, &b.lanes[i].reads, batch)
	}
	return batch
}

// dribbles reports whether the limit would let only a few of many waiting writes
// go: while it is used up, room comes free one by one, and a batch is worth a
// moment's wait.
func (b *batcher) dribbles(now time.Time, queue []*call) bool {
	if len(queue) == 0 || queue[0].urgent || now.Sub(queue[0].since) >= dribble {
		return false
	}
	return !b.pace.writes.fits(min(len(queue), maxItems), false)
}

func (b *batcher) take(now time.Time, queue *[]*call, batch []*call) []*call {
	for len(*queue) > 0 && len(batch) < maxItems {
		c := (*queue)[0]
		if c.alone && len(batch) > 0 || !b.pace.admits(now, c) {
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
func (b *batcher) dropAbandoned() {
	b.leave(func(c *call) (outcome, bool) { return outcome{err: unavailable(context.Canceled)}, c.gone.Load() })
}

// leave ends the queued calls that decide names.
func (b *batcher) leave(decide func(*call) (outcome, bool)) {
	var left []*call
	var with []outcome
	leaves := func(c *call) bool {
		o, does := decide(c)
		if does {
			left, with = append(left, c), append(with, o)
		}
		return does
	}
	for i := range b.lanes {
		b.lanes[i].writes = slices.DeleteFunc(b.lanes[i].writes, leaves)
		b.lanes[i].reads = slices.DeleteFunc(b.lanes[i].reads, leaves)
	}
	for i, c := range left {
		b.end(c, with[i]) // may enqueue another
	}
}
