package graph

import "time"

// bounce sends calls back that would wait longer than patience allows. Each is
// told when its turn will come, behind all those who were told before.
func (d *desk) bounce(now time.Time) {
	kept := 0
	for kept < len(d.promised) && !d.promised[kept].After(now) {
		kept++
	}
	d.promised = d.promised[kept:]
	ahead := 0
	d.sendBack(func(c *call) (time.Duration, bool) {
		at := now
		if c.write {
			ahead++
			at = d.pace.writes.freeAt(now, ahead, c.urgent)
		}
		if d.pace.silent.After(at) {
			at = d.pace.silent
		}
		if !at.After(c.since.Add(d.client.config.Patience)) {
			return 0, false
		}
		if c.urgent {
			return at.Sub(now), true
		}
		return d.promise(now, at).Sub(now), true
	})
}

// promise is the time a call is sent back with that could not go before at.
func (d *desk) promise(now, at time.Time) time.Time {
	if turn := d.pace.writes.freeAt(now, len(d.promised)+1, false); turn.After(at) {
		at = turn
	}
	if n := len(d.promised); n > 0 && d.promised[n-1].After(at) {
		at = d.promised[n-1]
	}
	d.promised = append(d.promised, at)
	return at
}

// sendBack answers the queued calls that decide names with a time to come again.
func (d *desk) sendBack(decide func(*call) (time.Duration, bool)) {
	d.leave(func(c *call) (outcome, bool) {
		wait, back := decide(c)
		return outcome{err: throttled(wait)}, back
	})
}
