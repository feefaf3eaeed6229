package graph

import "time"

// bounce sends calls back that would wait longer than patience allows. Each is
// told when its turn will come, behind all those who were told before.
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

// promise is the time a call is sent back with that could not go before at.
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

// sendBack answers the queued calls that decide names with a time to come again.
func (b *batcher) sendBack(decide func(*call) (time.Duration, bool)) {
	b.leave(func(c *call) (outcome, bool) {
		wait, back := decide(c)
		return outcome{err: throttled(wait)}, back
	})
}
