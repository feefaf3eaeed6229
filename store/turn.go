package store

import (
	"context"
	"slices"
	"sync"
)

// turn lets one caller write at a time, first come first served. The zero value
// is free.
type turn struct {
	mu      sync.Mutex
	busy    bool
	waiting []chan struct{} // closed when the turn is its owner's
}

// take waits for the turn, or for ctx to end.
func (t *turn) take(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	t.mu.Lock()
	if !t.busy {
		t.busy = true
		t.mu.Unlock()
		return nil
	}
	mine := make(chan struct{})
	t.waiting = append(t.waiting, mine)
	t.mu.Unlock()
	select {
	case <-mine:
		return nil
	case <-ctx.Done():
	}
	if t.withdraw(mine) {
		return ctx.Err()
	}
	return nil // it came in the same moment; what follows looks at ctx again
}

func (t *turn) withdraw(mine chan struct{}) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(t.waiting, mine)
	if i < 0 {
		return false
	}
	t.waiting = slices.Delete(t.waiting, i, i+1)
	return true
}

// handOver passes the turn to the first who waits; false if nobody does, and then
// it is still the caller's.
func (t *turn) handOver() bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) == 0 {
		return false
	}
	close(t.waiting[0])
	t.waiting = t.waiting[1:]
	return true
}

// release passes the turn on, or frees it.
func (t *turn) release() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.waiting) == 0 {
		t.busy = false
		return
	}
	close(t.waiting[0])
	t.waiting = t.waiting[1:]
}
