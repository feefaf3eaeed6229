package connector

import (
	"cmp"
	"context"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Throttle stores until when calls to conversations are held back after a Retry-After, by their
// ids, so that it is known after a restart.
type Throttle interface {
	Load(ctx context.Context) (until map[string]time.Time, err error) // nil if nothing is stored
	Save(ctx context.Context, until map[string]time.Time) error
}

const (
	// maxRetryAfter is the longest Retry-After that is accepted, as for Graph.
	maxRetryAfter = 24 * time.Hour
	// maxRestored is the longest remaining wait that is accepted from the store. Teams
	// asks for minutes; a longer one was stored under a wrong clock. If Teams did ask
	// for longer, the first call gets the Retry-After again.
	maxRestored = time.Hour
	// maxThrottled bounds the throttled conversations; those that end first are dropped.
	// With more, it is the whole service that throttles.
	maxThrottled = 1000
)

// retryAfter parses seconds, with or without a fraction, or an HTTP date; of several the
// longest. It is 0 for anything that is not accepted.
func retryAfter(header string, now time.Time) time.Duration {
	if at, err := http.ParseTime(header); err == nil {
		return believed(at.Sub(now))
	}
	var longest time.Duration
	for part := range strings.SplitSeq(header, ",") {
		if seconds, err := strconv.ParseFloat(strings.TrimSpace(part), 64); err == nil && seconds <= maxRetryAfter.Seconds() {
			longest = max(longest, believed(time.Duration(seconds*float64(time.Second))))
		}
	}
	return longest
}

func believed(d time.Duration) time.Duration {
	if d < 0 || d > maxRetryAfter {
		return 0
	}
	return d
}

// markThrottled holds back calls to a conversation for d, and reports whether that is longer
// than before.
func (p *pacer) markThrottled(thread string, d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	until := now.Add(d)
	if !until.After(p.throttled[thread]) {
		return false
	}
	maps.DeleteFunc(p.throttled, func(_ string, until time.Time) bool { return !until.After(now) })
	if len(p.throttled) >= maxThrottled {
		delete(p.throttled, firstToEnd(p.throttled))
	}
	p.throttled[thread] = until
	return true
}

func firstToEnd(throttled map[string]time.Time) string {
	return slices.MinFunc(slices.Collect(maps.Keys(throttled)), func(a, b string) int {
		return cmp.Or(throttled[a].Compare(throttled[b]), cmp.Compare(a, b))
	})
}

// restore takes over the stored waits.
func (p *pacer) restore(kept map[string]time.Time) {
	now := p.now()
	for thread, until := range kept {
		if until.After(now) && until.Sub(now) <= maxRestored {
			p.throttled[thread] = until
		}
	}
}

// markThrottled holds back calls to a conversation for d, and stores that if a restart could be
// faster than d.
func (c *Connector) markThrottled(ctx context.Context, thread string, d time.Duration) {
	if !c.pace.markThrottled(thread, d) || c.throttle == nil || d <= c.maxWait {
		return
	}
	c.saving.Lock() // the last Save has the latest state
	defer c.saving.Unlock()
	c.pace.mu.Lock()
	throttled := maps.Clone(c.pace.throttled)
	c.pace.mu.Unlock()
	if err := c.throttle.Save(context.WithoutCancel(ctx), throttled); err != nil {
		c.log.WarnContext(ctx, "retry-after not stored", "wait", d, "err", err)
	}
}
