package store

import (
	"context"
	"slices"
	"sync"
)

// turn is a fair lock: waiting callers get it in the order of their calls. The zero value is
// free.
type turn struct {
	mu      sync.Mutex
	busy    bool
	waiting []chan struct{} // one per waiting caller, closed when it gets the turn
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
	return nil // the turn came at the same moment; callers check ctx again
}

// withdraw stops waiting; false if the turn was given already.
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

// handOver passes the turn to the first waiting caller. If there is none it returns false, and
// the caller keeps the turn.
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

// release passes the turn to the first waiting caller, or frees it.
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
