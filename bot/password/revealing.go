package password

import (
	"context"
	"sync"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// revealing lets copies of one click, which arrive while it is being handled, share what it
// comes to: a client may send a double click twice, and Teams an invoke that is slow to be
// answered once more, under a new id. The zero value is ready.
type revealing struct {
	mu    sync.Mutex
	under map[string]*showing // by line and person
	group sync.WaitGroup      // of the work
}

// showing is one password on its way to those who asked for it together. It is let go with
// the last of them; nothing of it is kept.
type showing struct {
	over    chan struct{}      // closed when the rest is known
	cancel  context.CancelFunc // gives it up
	waiting int                // how many want it
	account provisioning.Account
	secret  provisioning.Password
	err     error
}

// reveal sets and returns a password, as TemporaryPasswords.Reveal does.
type reveal func(context.Context) (provisioning.Account, provisioning.Password, error)

// do reveals, or waits for what the same click before it comes to. The work goes on, within
// setWithin, as long as one of those who asked is there.
func (r *revealing) do(ctx context.Context, key string, work reveal) (provisioning.Account, provisioning.Password, error) {
	s := r.join(ctx, key, work)
	select {
	case <-s.over:
		return s.account, s.secret, s.err
	case <-ctx.Done():
		r.leave(key, s)
		return provisioning.Account{}, provisioning.Password{}, ctx.Err()
	}
}

// join returns the showing that is under way for the key, begun where there is none.
func (r *revealing) join(ctx context.Context, key string, work reveal) *showing {
	r.mu.Lock()
	defer r.mu.Unlock()
	s := r.under[key]
	if s == nil {
		bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), setWithin)
		s = &showing{over: make(chan struct{}), cancel: cancel}
		if r.under == nil {
			r.under = make(map[string]*showing)
		}
		r.under[key] = s
		r.group.Go(func() { r.run(bounded, key, s, work) })
	}
	s.waiting++
	return s
}

func (r *revealing) run(ctx context.Context, key string, s *showing, work reveal) {
	defer s.cancel()
	s.err = job.Safely(func() (err error) {
		s.account, s.secret, err = work(ctx)
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget(key, s)
	close(s.over)
}

// leave notes that one gave up waiting. The last gives the work up, and whoever asks after
// that begins anew.
func (r *revealing) leave(key string, s *showing) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if s.waiting--; s.waiting == 0 {
		r.forget(key, s)
		s.cancel()
	}
}

func (r *revealing) forget(key string, s *showing) {
	if r.under[key] == s {
		delete(r.under, key)
	}
}
