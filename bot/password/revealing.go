package password

import (
	"context"
	"sync"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// revealing lets concurrent copies of one click share one call (single flight): a client may
// send a double click twice, and Teams repeats a slow invoke under a new id. The zero value is
// ready.
type revealing struct {
	mu       sync.Mutex
	inFlight map[string]*call // by line and person
	group    sync.WaitGroup   // of the running calls
}

// call is one password being set, for the clicks that wait for it. It is dropped with the last
// of them; nothing of it is kept.
type call struct {
	done    chan struct{}      // closed when the result is set
	cancel  context.CancelFunc // cancels the work
	waiting int                // number of clicks that wait
	account provisioning.Account
	secret  secret.Password
	err     error
}

// reveal sets and returns a password, as TemporaryPasswords.Reveal does.
type reveal func(context.Context) (provisioning.Account, secret.Password, error)

// do runs work, or waits for the result of the same click before it. The work goes on, within
// revealTimeout, as long as one of the clicks waits.
func (r *revealing) do(ctx context.Context, key string, work reveal) (provisioning.Account, secret.Password, error) {
	s := r.join(ctx, key, work)
	select {
	case <-s.done:
		return s.account, s.secret, s.err
	case <-ctx.Done():
		r.leave(key, s)
		return provisioning.Account{}, secret.Password{}, ctx.Err()
	}
}

// join returns the running call of the key, started if there is none.
func (r *revealing) join(ctx context.Context, key string, work reveal) *call {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.inFlight[key]
	if s == nil {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), revealTimeout)
		s = &call{done: make(chan struct{}), cancel: cancel}
		if r.inFlight == nil {
			r.inFlight = make(map[string]*call)
		}
		r.inFlight[key] = s
		r.group.Go(func() { r.run(bounded, key, s, work) })
	}
	s.waiting++
	return s
}

func (r *revealing) run(ctx context.Context, key string, s *call, work reveal) {
	defer s.cancel()
	s.err = job.Safely(func() (err error) {
		s.account, s.secret, err = work(ctx)
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(key, s)
	close(s.done)
}

// leave records that a click stopped waiting. The last one cancels the work; a later click
// starts a new call.
func (r *revealing) leave(key string, s *call) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.waiting--; s.waiting == 0 {
		r.forget(key, s)
		s.cancel()
	}
}

func (r *revealing) forget(key string, s *call) {
	if r.inFlight[key] == s {
		delete(r.inFlight, key)
	}
}
