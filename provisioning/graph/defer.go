package graph

import "time"

// bounce ends the queued calls that would wait longer than Config.Patience. Each gets a retry
// time after those of all calls deferred before, except urgent calls.
func (b *batcher) bounce(now time.Time) {
	kept := 0
	for kept < len(b.promised) && !b.promised[kept].After(now) {
		kept++
	}
	b.promised = b.promised[kept:]
	ahead := 0
	b.sendBack(func(c *call) (time.Duration, bool) {
		at := now
		if c.write {
			ahead++
			at = b.pace.writes.freeAt(now, ahead, c.urgent)
		}
		if b.pace.silent.After(at) {
			at = b.pace.silent
		}
		if !at.After(c.since.Add(b.client.config.Patience)) {
			return 0, false
		}
		if c.urgent {
			return at.Sub(now), true
		}
		return b.promise(now, at).Sub(now), true
	})
}

// promise returns and records the retry time of a call that cannot be sent before at.
func (b *batcher) promise(now, at time.Time) time.Time {
	if turn := b.pace.writes.freeAt(now, len(b.promised)+1, false); turn.After(at) {
		at = turn
	}
	if n := len(b.promised); n > 0 && b.promised[n-1].After(at) {
		at = b.promised[n-1]
	}
	b.promised = append(b.promised, at)
	return at
}

// sendBack ends the queued calls that decide selects with DirectoryThrottled and a retry time.
func (b *batcher) sendBack(decide func(*call) (time.Duration, bool)) {
	b.leave(func(c *call) (outcome, bool) {
		wait, back := decide(c)
		return outcome{err: throttled(wait)}, back
	})
}
