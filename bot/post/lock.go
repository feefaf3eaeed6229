package post

import (
	"context"
	"sync"
)

// KeyLock is a mutex per key. A message has several writers (the click on it, the form's job,
// the request's job); without it, the older of two concurrent updates could arrive last and
// stay. The zero value is ready.
type KeyLock struct {
	mu    sync.Mutex
	taken map[string]chan struct{} // closed on unlock
}

// Do runs work while holding the lock of the key. It returns ctx's error if the lock is not
// acquired in time.
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

// claim acquires the lock of the key, or returns the channel that is closed when it is free.
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
