package turn

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// A flood must not fill the disk with its own log.
const (
	logLimitOver  = time.Minute
	logLimitLines = 20
)

// LogLimit lets so many lines through in a while. The zero value is ready.
type LogLimit struct {
	mu    sync.Mutex
	since time.Time
	told  int
	left  int // untold since the last that was told
}

// take reports whether one more line may be told, and how many were not before it.
func (r *LogLimit) take(now time.Time) (ok bool, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.since) >= logLimitOver {
		r.since, r.told = now, 0
	}
	if r.told == logLimitLines {
		r.left++
		return false, 0
	}
	r.told++
	left, r.left = r.left, 0
	return true, left
}

// Warn logs what strangers, or floods, may cause at will: a few lines a minute as
// warnings, the rest at debug.
func (r *LogLimit) Warn(ctx context.Context, now time.Time, log *slog.Logger, message string, args ...any) {
	ok, left := r.take(now)
	if !ok {
		log.DebugContext(ctx, message, args...)
		return
	}
	if left > 0 {
		args = append(args, "untold", left)
	}
	log.Log(ctx, slog.LevelWarn, message, args...)
}
