package job

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"sync"
	"time"
)

// Handler runs the jobs of one kind. Do must be repeatable: it reads the state and ensures what is
// due. Its error says how it failed: nil is done; Permanent ends the job (Do has put its subject to
// attention before); RetryAfter and RetryAt set the time of the retry; any other error is retried
// with growing delays. Timeout limits one Do and, with a margin, is the lease. Workers is how many
// run concurrently, Urgent how many more are reserved for urgent jobs, so that a list which
// occupies all workers does not delay them.
type Handler struct {
	Do      func(ctx context.Context, j Job) error
	Workers int
	Urgent  int
	Timeout time.Duration
}

// Runner runs the jobs of a Queue with the Handlers of their kinds. Jobs of a kind without a
// handler stay in the queue.
type Runner struct {
	Queue    Queue
	Handlers map[Kind]Handler
	Now      func() time.Time
	Log      *slog.Logger
	Grace    time.Duration // how long running jobs may continue after Run's context ended

	After func(time.Duration) <-chan time.Time // default time.After
}

// The delays between tries of a job whose error sets no time: doubled from firstDelay to lastDelay,
// each with up to a quarter of jitter.
const (
	firstDelay = 2 * time.Second
	lastDelay  = 10 * time.Minute
	idlePoll   = time.Minute // in case another process enqueued
)

// Run runs jobs until ctx ends. Then it starts no more, lets the running ones continue for Grace,
// and returns when all have ended. A job that was cancelled stays in the queue.
func (r *Runner) Run(ctx context.Context) {
	work, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	pool := newPool(r.Handlers)
	after := r.After
	if after == nil {
		after = time.After
	}
	for ctx.Err() == nil {
		next := r.claim(ctx, work, pool)
		select {
		case <-ctx.Done():
		case <-r.Queue.Enqueued():
		case <-pool.freed:
		case <-after(next):
		}
	}
	grace := time.AfterFunc(r.Grace, stop)
	defer grace.Stop()
	pool.wait()
}

// Drain runs all due jobs, and those that become due because of them, and returns how long to wait
// before calling it again. It replaces Run if the clock is not the system's.
func (r *Runner) Drain(ctx context.Context) time.Duration {
	pool := newPool(r.Handlers)
	for {
		idle := r.claim(ctx, ctx, pool)
		pool.wait()
		if idle > 0 || ctx.Err() != nil {
			return idle
		}
	}
}

// claim starts the due jobs for which workers are free, and returns how long there is nothing more
// to do.
func (r *Runner) claim(ctx, work context.Context, p *pool) time.Duration {
	sleep := idlePoll
	for kind, h := range r.Handlers {
		room := p.room(kind)
		if room.All == 0 {
			continue // pool.freed wakes Run
		}
		due, err := r.Queue.NextDue(ctx, kind)
		if err != nil {
			r.trouble(ctx, kind, err)
			sleep = min(sleep, firstDelay)
			continue
		}
		if due.IsZero() {
			continue
		}
		if wait := due.Sub(r.Now()); wait > 0 {
			sleep = min(sleep, wait)
			continue
		}
		jobs, err := r.Queue.Claim(ctx, kind, r.Now(), h.Timeout+leaseMargin, room)
		if err != nil {
			r.trouble(ctx, kind, err)
			sleep = min(sleep, firstDelay)
			continue
		}
		for _, j := range jobs {
			p.start(j, func() { r.do(work, h, j) })
		}
		sleep = min(sleep, firstDelay) // the due jobs may not fit the free workers
		if len(jobs) > 0 {
			sleep = 0 // there may be more
		}
	}
	return sleep
}

// leaseMargin is how much longer than its timeout a job is leased, so that its result can be
// stored.
const leaseMargin = 30 * time.Second

// do runs one job and stores its result.
func (r *Runner) do(ctx context.Context, h Handler, j Job) {
	bounded, cancel := context.WithTimeout(ctx, h.Timeout)
	defer cancel()
	if j.Urgent {
		bounded = Urgent(bounded)
	}
	err := Safely(func() error { return h.Do(bounded, j) })
	settled := context.WithoutCancel(ctx)
	if err == nil {
		r.settle(settled, j, r.Queue.Finish(settled, j))
		return
	}
	if IsPermanent(err) {
		r.Log.ErrorContext(ctx, "job failed permanently", "kind", j.Kind, "key", j.Key, "attempt", j.Attempt, "err", err)
		r.settle(settled, j, r.Queue.Finish(settled, j))
		return
	}
	if advanced(err) {
		j.Attempt = 0
	}
	j.Due, j.Fault = r.Now().Add(delay(j.Attempt, err)), err.Error()
	level := slog.LevelInfo
	if at, together := retryTime(err); together {
		j.Due, level = at, slog.LevelDebug // there may be thousands; the cause is logged
	}
	if !errors.Is(err, context.Canceled) {
		j.Attempt++
		r.Log.Log(ctx, level, "job postponed", "kind", j.Kind, "key", j.Key, "attempt", j.Attempt, "due", j.Due, "err", err)
	}
	r.settle(settled, j, r.Queue.Postpone(settled, j))
}

// settle logs that a job's result could not be stored: the job runs again when its lease ends.
func (r *Runner) settle(ctx context.Context, j Job, err error) {
	if err != nil {
		r.Log.ErrorContext(ctx, "job result not stored", "kind", j.Kind, "key", j.Key, "err", err)
	}
}

func (r *Runner) trouble(ctx context.Context, kind Kind, err error) {
	if ctx.Err() == nil {
		r.Log.ErrorContext(ctx, "queue not read", "kind", kind, "err", err)
	}
}

// delay returns how long to wait before try number attempt+2.
func delay(attempt int, err error) time.Duration {
	d := lastDelay
	if attempt < 9 {
		d = min(lastDelay, firstDelay<<attempt)
	}
	d += time.Duration(rand.Int64N(int64(d)/4 + 1)) //nolint:gosec // jitter, not secrecy
	if asked, ok := RetryDelay(err); ok {
		return asked + time.Duration(rand.Int64N(int64(time.Second))) //nolint:gosec // as above
	}
	return d
}

// pool counts the free workers of each kind.
type pool struct {
	mu    sync.Mutex
	left  map[Kind]Room
	freed chan struct{}
	group sync.WaitGroup
}

func newPool(handlers map[Kind]Handler) *pool {
	p := &pool{left: make(map[Kind]Room, len(handlers)), freed: make(chan struct{}, 1)}
	for kind, h := range handlers {
		workers := max(1, h.Workers)
		p.left[kind] = Room{All: workers + h.Urgent, Plain: workers}
	}
	return p
}

func (p *pool) room(kind Kind) Room {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.left[kind]
}

func (p *pool) start(j Job, work func()) {
	p.take(j, 1)
	p.group.Go(func() {
		defer func() {
			p.take(j, -1)
			select {
			case p.freed <- struct{}{}:
			default:
			}
		}()
		work()
	})
}

func (p *pool) take(j Job, n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	left := p.left[j.Kind]
	left.All -= n
	if !j.Urgent {
		left.Plain -= n
	}
	p.left[j.Kind] = left
}

func (p *pool) wait() { p.group.Wait() }
