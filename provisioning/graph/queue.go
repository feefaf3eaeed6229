package graph

import (
	"context"
	"net/http"
	"slices"
	"sync/atomic"
	"time"
)

// call is one Graph request in the batcher.
type call struct {
	method, url string
	header      map[string]string
	body        []byte
	write       bool
	units       int

	urgent    bool
	since     time.Time
	alone     bool        // its batch was refused: it is sent again in a batch of its own
	resent    bool        // was sent again after its token was refused
	abandoned atomic.Bool // the caller's context ended
	done      chan outcome
}

// changes returns the URL of the resource that a PATCH changes; "" for calls whose order does
// not matter. Two PATCHes of one user, such as two passwords, must not be reordered.
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

// callQueues is a queue of writes and one of reads, which do not wait for each other.
type callQueues struct{ writes, reads []*call }

// enqueue appends the call to its queue, or inserts it at the head if first is set.
func (b *batcher) enqueue(c *call, first bool) {
	q := &b.queues[1]
	if c.urgent {
		q = &b.queues[0]
	}
	queue := &q.reads
	if c.write {
		queue = &q.writes
	}
	if first {
		*queue = slices.Insert(*queue, 0, c)
		return
	}
	*queue = append(*queue, c)
}

// pick takes the calls of the next batch that the limits admit, urgent ones first.
func (b *batcher) pick(now time.Time) []*call {
	var batch []*call
	for i := range b.queues {
		if !b.waitsForFullBatch(now, b.queues[i].writes) {
			batch = b.take(now, &b.queues[i].writes, batch)
		}
		batch = b.take(now, &b.queues[i].reads, batch)
	}
	return batch
}

// waitsForFullBatch reports whether the limit admits only some of a list's queued writes. While the limit
// is used up room becomes free one by one, so the writes wait up to partialBatchDelay for a full batch.
func (b *batcher) waitsForFullBatch(now time.Time, queue []*call) bool {
	if len(queue) == 0 || queue[0].urgent || now.Sub(queue[0].since) >= partialBatchDelay {
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

// dropAbandoned ends the queued calls whose callers gave up.
func (b *batcher) dropAbandoned() {
	b.endQueued(func(c *call) (outcome, bool) { return outcome{err: unavailable(context.Canceled)}, c.abandoned.Load() })
}

// endQueued ends the queued calls that decide selects, with its outcome.
func (b *batcher) endQueued(decide func(*call) (outcome, bool)) {
	var ended []*call
	var outcomes []outcome
	ends := func(c *call) bool {
		o, does := decide(c)
		if does {
			ended, outcomes = append(ended, c), append(outcomes, o)
		}
		return does
	}
	for i := range b.queues {
		b.queues[i].writes = slices.DeleteFunc(b.queues[i].writes, ends)
		b.queues[i].reads = slices.DeleteFunc(b.queues[i].reads, ends)
	}
	for i, c := range ended {
		b.end(c, outcomes[i]) // may enqueue another
	}
}
