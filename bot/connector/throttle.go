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

// Throttle keeps until when Teams asked conversations to be left alone (Retry-After),
// by their ids, so that a process which is killed and started again still knows.
type Throttle interface {
	Load(ctx context.Context) (until map[string]time.Time, err error) // nil where nothing was kept
	Save(ctx context.Context, until map[string]time.Time) error
}

const (
	// maxRetryAfter is the longest that is believed, as Graph's is.
	maxRetryAfter = 24 * time.Hour
	// longestKept is the longest silence that is believed of the process before. Teams
	// asks for minutes: more is a clock that was wrong then and is right now. Where Teams
	// did mean it, the first call is told so again.
	longestKept = time.Hour
	// maxSilent bounds how many conversations are silent at once, those that end first
	// being forgotten: more are no conversations but the whole service.
	maxSilent = 1000
)

// retryAfter reads seconds, with or without a fraction, or an HTTP date, and of several
// the longest; 0 where it says nothing that can be believed.
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

// hush keeps a conversation quiet, as a Retry-After asked, and reports whether it was
// to end before.
func (p *pacer) hush(thread string, d time.Duration) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	until := now.Add(d)
	if !until.After(p.silent[thread]) {
		return false
	}
	maps.DeleteFunc(p.silent, func(_ string, until time.Time) bool { return !until.After(now) })
	if len(p.silent) >= maxSilent {
		delete(p.silent, firstToEnd(p.silent))
	}
	p.silent[thread] = until
	return true
}

func firstToEnd(silent map[string]time.Time) string {
	return slices.MinFunc(slices.Collect(maps.Keys(silent)), func(a, b string) int {
		return cmp.Or(silent[a].Compare(silent[b]), cmp.Compare(a, b))
	})
}

// recall takes over what the process before was asked.
func (p *pacer) recall(kept map[string]time.Time) {
	now := p.now()
	for thread, until := range kept {
		if until.After(now) && until.Sub(now) <= longestKept {
			p.silent[thread] = until
		}
	}
}

// hush keeps a conversation quiet, and has that outlive this process where the
// process might be dead and up again before it ends.
func (c *Connector) hush(ctx context.Context, thread string, d time.Duration) {
	if !c.pace.hush(thread, d) || c.silence == nil || d <= c.maxWait {
		return
	}
	c.keeping.Lock() // what is kept last is what holds
	defer c.keeping.Unlock()
	c.pace.mu.Lock()
	silent := maps.Clone(c.pace.silent)
	c.pace.mu.Unlock()
	if err := c.silence.Save(context.WithoutCancel(ctx), silent); err != nil {
		c.log.WarnContext(ctx, "teams' Retry-After not kept", "wait", d, "err", err)
	}
}
