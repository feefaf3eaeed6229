package bot

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// A flood must not fill the disk with its own log.
const (
	rationOver  = time.Minute
	rationLines = 20
)

// ration lets so many lines through in a while. The zero value is ready.
type ration struct {
	mu    sync.Mutex
	since time.Time
	told  int
	left  int // untold since the last that was told
}

// take reports whether one more line may be told, and how many were not before it.
func (r *ration) take(now time.Time) (ok bool, left int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if now.Sub(r.since) >= rationOver {
		r.since, r.told = now, 0
	}
	if r.told == rationLines {
		r.left++
		return false, 0
	}
	r.told++
	left, r.left = r.left, 0
	return true, left
}

// warn logs what strangers, or floods, may cause at will: a few lines a minute as
// warnings, the rest at debug.
func (b *Bot) warn(ctx context.Context, r *ration, message string, args ...any) {
	ok, left := r.take(b.Now())
	if !ok {
		b.Log.DebugContext(ctx, message, args...)
		return
	}
	if left > 0 {
		args = append(args, "untold", left)
	}
	b.Log.Log(ctx, slog.LevelWarn, message, args...)
}
