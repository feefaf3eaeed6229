package connector

import (
	"context"
	"crypto/rsa"
	"errors"
	"sync"
	"time"
)

// Why a cache of our own: keyfunc's and jwkset's storages drop the `endorsements` of
// a key, which decide for which channels it may sign, and pace refreshes by making
// every caller wait. Parsing the keys is jwkset's.

const (
	keysFresh = 24 * time.Hour // as Microsoft's own SDKs
	keysDead  = 48 * time.Hour // with the publisher unreachable, old keys are believed no longer than this

	refreshTimeout = 4 * time.Second
	refreshPause   = time.Second     // after a refresh that brought nothing new; doubles with each further one
	refreshMaxGap  = 8 * time.Second // so a rotated key is known within this even under a storm of forged ones
	refreshForgive = time.Minute     // a quiet spell after which the next unknown key is looked up at once
	refreshPatient = 4 * time.Second // a request waits at most this for the next refresh to be allowed
	refreshWaiters = 128             // at once, for a refresh that is not allowed yet: most bring invented keys
	flightWaiters  = 8192            // at once, for the refresh under way: after a start, everybody
)

var (
	errUnknownKey = errors.New("signing key is not published")
	errNoKeys     = errors.New("signing keys cannot be read")
)

// signingKey is one published key and the channels it may sign for.
type signingKey struct {
	public       *rsa.PublicKey
	endorsements []string
}

// keyring holds the published keys. A known key costs no call; an unknown one costs
// at most one bounded refresh, shared by everyone who waits for it.
type keyring struct {
	fetch func(context.Context) (map[string]*signingKey, error)
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu      sync.Mutex
	keys    map[string]*signingKey
	fetched time.Time // of keys
	tried   time.Time // last refresh ended, well or not
	gap     time.Duration
	flight  chan struct{} // closed when the refresh under way ends; nil without one
	waiting int
}

func newKeyring(fetch func(context.Context) (map[string]*signingKey, error), now func() time.Time, sleep func(context.Context, time.Duration) error) *keyring {
	return &keyring{fetch: fetch, now: now, sleep: sleep}
}

// find returns the key of that id, refreshing the ring when it must. It returns
// errUnknownKey, or errNoKeys when nothing could be read at all.
func (k *keyring) find(ctx context.Context, kid string) (*signingKey, error) {
	for {
		k.mu.Lock()
		key, age := k.keys[kid], k.now().Sub(k.fetched)
		if key != nil && age < keysFresh {
			k.mu.Unlock()
			return key, nil
		}
		usable := key != nil && age < keysDead
		wait := k.untilRefresh()
		switch {
		case k.flight == nil && wait <= 0:
			flight := make(chan struct{})
			k.flight = flight
			k.mu.Unlock()
			k.refresh(ctx, flight)
			return k.settled(kid)
		case usable:
			k.mu.Unlock()
			return key, nil
		case k.crowded() || wait > refreshPatient:
			err := k.unknown()
			k.mu.Unlock()
			return nil, err
		}
		if err := k.await(ctx, k.flight, wait); err != nil {
			return nil, err
		}
	}
}

// crowded reports whether so many wait already that one more is refused.
func (k *keyring) crowded() bool {
	if k.flight != nil {
		return k.waiting >= flightWaiters
	}
	return k.waiting >= refreshWaiters
}

// await gives the lock back and waits for the refresh under way, or until the next is allowed.
func (k *keyring) await(ctx context.Context, flight chan struct{}, wait time.Duration) error {
	k.waiting++
	k.mu.Unlock()
	defer func() { k.mu.Lock(); k.waiting--; k.mu.Unlock() }()
	if flight == nil {
		return k.sleep(ctx, wait)
	}
	select {
	case <-flight:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refresh reads the published keys once. The caller who started it stays with it
// even if its own request is given up, because others wait for the outcome.
func (k *keyring) refresh(ctx context.Context, flight chan struct{}) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTimeout)
	defer cancel()
	keys, err := k.fetch(ctx)

	k.mu.Lock()
	defer k.mu.Unlock()
	defer close(flight)
	k.flight = nil
	k.tried = k.now()
	if err != nil {
		k.gap = min(max(2*k.gap, refreshPause), refreshMaxGap)
		return
	}
	if bringsNew(k.keys, keys) {
		k.gap = 0 // what comes next may be a rotation as well
	} else {
		k.gap = min(max(2*k.gap, refreshPause), refreshMaxGap)
	}
	k.keys, k.fetched = keys, k.tried // keys no longer published are dropped here
}

// settled looks once more, after a refresh.
func (k *keyring) settled(kid string) (*signingKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.keys[kid]; key != nil && k.now().Sub(k.fetched) < keysDead {
		return key, nil
	}
	return nil, k.unknown()
}

func (k *keyring) unknown() error {
	if len(k.keys) == 0 || k.now().Sub(k.fetched) >= keysDead {
		return errNoKeys
	}
	return errUnknownKey
}

func (k *keyring) untilRefresh() time.Duration {
	since := k.now().Sub(k.tried)
	if k.tried.IsZero() || since >= refreshForgive {
		k.gap = 0
		return 0
	}
	return k.gap - since
}

func bringsNew(before, after map[string]*signingKey) bool {
	for kid := range after {
		if before[kid] == nil {
			return true
		}
	}
	return false
}
