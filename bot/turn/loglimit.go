package turn

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Limits on the log lines that a flood of activities can cause.
const (
	logLimitOver  = time.Minute
	logLimitLines = 20
)

// LogLimit allows logLimitLines per logLimitOver. The zero value is ready.
type LogLimit struct {
	mu         sync.Mutex
	since      time.Time
	logged     int
	suppressed int // since the last line that was logged
}

// allow reports whether one more line may be logged, and how many were suppressed before it.
func (r *LogLimit) allow(now time.Time) (ok bool, suppressed int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.since) >= logLimitOver {
		r.since, r.logged = now, 0
	}
	if r.logged == logLimitLines {
		r.suppressed++
		return false, 0
	}
	r.logged++
	suppressed, r.suppressed = r.suppressed, 0
	return true, suppressed
}

// Warn logs what unverified senders or floods can cause at will: a few lines a minute as
// warnings, the rest at debug level.
func (r *LogLimit) Warn(ctx context.Context, now time.Time, log *slog.Logger, message string, args ...any) {
	ok, suppressed := r.allow(now)
	if !ok {
		log.DebugContext(ctx, message, args...)
		return
	}
	if suppressed > 0 {
		args = append(args, "suppressed", suppressed)
	}
	log.Log(ctx, slog.LevelWarn, message, args...)
}
