package graph

import "time"

// deferLate ends the queued calls that would wait longer than Config.Patience. Each gets a retry
// time after those of all calls deferred before, except urgent calls.
func (b *batcher) deferLate(now time.Time) {
	past := 0
	for past < len(b.retryTimes) && !b.retryTimes[past].After(now) {
		past++
	}
	b.retryTimes = b.retryTimes[past:]
	ahead := 0
	b.deferQueued(func(c *call) (time.Duration, bool) {
		at := now
		if c.write {
			ahead++
			at = b.pace.writes.freeAt(now, ahead, c.urgent)
		}
		if b.pace.pausedUntil.After(at) {
			at = b.pace.pausedUntil
		}
		if !at.After(c.since.Add(b.client.config.Patience)) {
			return 0, false
		}
		if c.urgent {
			return at.Sub(now), true
		}
		return b.nextRetryTime(now, at).Sub(now), true
	})
}

// nextRetryTime returns and records the retry time of a call that cannot be sent before at.
func (b *batcher) nextRetryTime(now, at time.Time) time.Time {
	if next := b.pace.writes.freeAt(now, len(b.retryTimes)+1, false); next.After(at) {
		at = next
	}
	if n := len(b.retryTimes); n > 0 && b.retryTimes[n-1].After(at) {
		at = b.retryTimes[n-1]
	}
	b.retryTimes = append(b.retryTimes, at)
	return at
}

// deferQueued ends the queued calls that decide selects with DirectoryThrottled and a retry time.
func (b *batcher) deferQueued(decide func(*call) (time.Duration, bool)) {
	b.endQueued(func(c *call) (outcome, bool) {
		wait, back := decide(c)
		return outcome{err: throttled(wait)}, back
	})
}
