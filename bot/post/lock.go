package post

import (
	"context"
	"sync"
)

// KeyLock lets one at a time do what concerns a key. A message has several writers (the
// click on it, the job of the form, the job of the request), and of two that draw at
// once the older picture could arrive last, and stay. The zero value is ready.
type KeyLock struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // closed when its turn is over
}

// Do waits for the key's turn and does what is to be done; it returns ctx's error
// where that does not come in time.
func (o *KeyLock) Do(ctx context.Context, key string, work func() error) error {
	mine := make(chan struct{})
	for {
		before := o.claim(key, mine)
		if before == nil {
			break
		}
		select {
		case <-before:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	defer o.end(key, mine)
	return work()
}

// claim takes the key's turn, or returns the one that it must wait for.
func (o *KeyLock) claim(key string, mine chan struct{}) chan struct{} {
	o.mu.Lock()
	defer o.mu.Unlock()
	if before := o.taken[key]; before != nil {
		return before
	}
	if o.taken == nil {
		o.taken = make(map[string]chan struct{})
	}
	o.taken[key] = mine
	return nil
}

func (o *KeyLock) end(key string, mine chan struct{}) {
	o.mu.Lock()
	defer o.mu.Unlock()
	delete(o.taken, key)
	close(mine)
}
