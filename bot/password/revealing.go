package password

import (
	"context"
	"sync"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// revealing lets concurrent copies of one click share one call (single flight): a client may
// send a double click twice, and Teams repeats a slow invoke under a new id. The zero value is
// ready.
type revealing[T any] struct {
	mu       sync.Mutex
	inFlight map[string]*call[T] // by line or request, and person
	group    sync.WaitGroup      // of the running calls
}

// call is a password, or those of a request, being set, for the clicks that wait for it. It is
// dropped with the last of them; nothing of it is kept.
type call[T any] struct {
	done    chan struct{}      // closed when the result is set
	cancel  context.CancelFunc // cancels the work
	waiting int                // number of clicks that wait
	shown   T
	err     error
}

// reveal sets and returns what is shown, as TemporaryPasswords.Reveal does.
type reveal[T any] func(context.Context) (T, error)

// do runs work, or waits for the result of the same click before it. The work goes on, within
// revealTimeout, as long as one of the clicks waits.
func (r *revealing[T]) do(ctx context.Context, key string, work reveal[T]) (T, error) {
	s := r.join(ctx, key, work)
	select {
	case <-s.done:
		return s.shown, s.err
	case <-ctx.Done():
		r.leave(key, s)
		var none T
		return none, ctx.Err()
	}
}

// join returns the running call of the key, started if there is none.
func (r *revealing[T]) join(ctx context.Context, key string, work reveal[T]) *call[T] {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.inFlight[key]
	if s == nil {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), revealTimeout) //nolint:gosec // run and leave call it
		s = &call[T]{done: make(chan struct{}), cancel: cancel}
		if r.inFlight == nil {
			r.inFlight = make(map[string]*call[T])
		}
		r.inFlight[key] = s
		r.group.Go(func() { r.run(bounded, key, s, work) })
	}
	s.waiting++
	return s
}

func (r *revealing[T]) run(ctx context.Context, key string, s *call[T], work reveal[T]) {
	defer s.cancel()
	s.err = job.Safely(func() (err error) {
		s.shown, err = work(ctx)
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(key, s)
	close(s.done)
}

// leave records that a click stopped waiting. The last one cancels the work; a later click
// starts a new call.
func (r *revealing[T]) leave(key string, s *call[T]) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.waiting--; s.waiting == 0 {
		r.forget(key, s)
		s.cancel()
	}
}

func (r *revealing[T]) forget(key string, s *call[T]) {
	if r.inFlight[key] == s {
		delete(r.inFlight, key)
	}
}
