package connector

import (
	"context"
	"crypto/rsa"
	"errors"
	"sync"
	"time"
)

// Why we have our own cache: keyfunc's and jwkset's storages drop the `endorsements` of
// a key, which are the channels that it may sign for, and pace refreshes by making
// every caller wait. jwkset parses the keys.

const (
	keysFresh  = 24 * time.Hour // as Microsoft's own SDKs
	keysExpire = 48 * time.Hour // maximum age of keys while the publisher is unreachable

	refreshTimeout    = 4 * time.Second
	refreshPause      = time.Second     // after a refresh without a new key; doubles with each further one
	refreshMaxGap     = 8 * time.Second // so a rotated key is known within this even under a flood of forged ones
	refreshReset      = time.Minute     // after this time without a refresh the next unknown key is looked up at once
	refreshMaxWait    = 4 * time.Second // longest wait of a request for the next refresh
	maxPauseWaiters   = 128             // concurrent waiters for a refresh that is not allowed yet: most have forged keys
	maxRefreshWaiters = 8192            // concurrent waiters for the running refresh: after a start, every request
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

// keyring caches the published keys. A known key costs no call; an unknown one costs at most one
// bounded refresh, shared by all requests that wait for it.
type keyring struct {
	fetch func(context.Context) (map[string]*signingKey, error)
	now   func() time.Time
	sleep func(context.Context, time.Duration) error

	mu         sync.Mutex
	keys       map[string]*signingKey
	fetched    time.Time // of keys
	tried      time.Time // end of the last refresh, successful or not
	gap        time.Duration
	refreshing chan struct{} // closed when the running refresh ends; nil without one
	waiting    int
}

func newKeyring(fetch func(context.Context) (map[string]*signingKey, error), now func() time.Time, sleep func(context.Context, time.Duration) error) *keyring {
	return &keyring{fetch: fetch, now: now, sleep: sleep}
}

// find returns the key of that id, after a refresh if necessary. It returns errUnknownKey, or
// errNoKeys if no keys could be read.
func (k *keyring) find(ctx context.Context, kid string) (*signingKey, error) {
	for {
		k.mu.Lock()
		key, age := k.keys[kid], k.now().Sub(k.fetched)
		if key != nil && age < keysFresh {
			k.mu.Unlock()
			return key, nil
		}
		usable := key != nil && age < keysExpire
		wait := k.untilRefresh()
		switch {
		case k.refreshing == nil && wait <= 0:
			refreshing := make(chan struct{})
			k.refreshing = refreshing
			k.mu.Unlock()
			k.refresh(ctx, refreshing)
			return k.findRefreshed(kid)
		case usable:
			k.mu.Unlock()
			return key, nil
		case k.crowded() || wait > refreshMaxWait:
			err := k.unknown()
			k.mu.Unlock()
			return nil, err
		}
		if err := k.await(ctx, k.refreshing, wait); err != nil {
			return nil, err
		}
	}
}

// crowded reports whether too many requests wait already.
func (k *keyring) crowded() bool {
	if k.refreshing != nil {
		return k.waiting >= maxRefreshWaiters
	}
	return k.waiting >= maxPauseWaiters
}

// await releases the lock and waits for the running refresh, or until the next is allowed.
func (k *keyring) await(ctx context.Context, refreshing chan struct{}, wait time.Duration) error {
	k.waiting++
	k.mu.Unlock()
	defer func() { k.mu.Lock(); k.waiting--; k.mu.Unlock() }()
	if refreshing == nil {
		return k.sleep(ctx, wait)
	}
	select {
	case <-refreshing:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// refresh reads the published keys once. It is not cancelled with the request that started it,
// since others wait for the result.
func (k *keyring) refresh(ctx context.Context, refreshing chan struct{}) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTimeout)
	defer cancel()
	keys, err := k.fetch(ctx)

	k.mu.Lock()
	defer k.mu.Unlock()
	defer close(refreshing)
	k.refreshing = nil
	k.tried = k.now()
	if err != nil {
		k.gap = min(max(2*k.gap, refreshPause), refreshMaxGap)
		return
	}
	if bringsNew(k.keys, keys) {
		k.gap = 0 // the next unknown key may be a rotation as well
	} else {
		k.gap = min(max(2*k.gap, refreshPause), refreshMaxGap)
	}
	k.keys, k.fetched = keys, k.tried // drops keys that are no longer published
}

// findRefreshed looks up the key after a refresh.
func (k *keyring) findRefreshed(kid string) (*signingKey, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if key := k.keys[kid]; key != nil && k.now().Sub(k.fetched) < keysExpire {
		return key, nil
	}
	return nil, k.unknown()
}

func (k *keyring) unknown() error {
	if len(k.keys) == 0 || k.now().Sub(k.fetched) >= keysExpire {
		return errNoKeys
	}
	return errUnknownKey
}

func (k *keyring) untilRefresh() time.Duration {
	since := k.now().Sub(k.tried)
	if k.tried.IsZero() || since >= refreshReset {
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
