package connector

import (
	"context"
	"crypto/rsa"
	"encoding/base64"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// publisher is a key server that counts its calls.
type publisher struct {
	mu    sync.Mutex
	kids  []string
	down  bool
	calls int
	slow  time.Duration
}

func (p *publisher) fetch(ctx context.Context) (map[string]*signingKey, error) {
	p.mu.Lock()
	p.calls++
	keys, down, slow := map[string]*signingKey{}, p.down, p.slow
	for _, kid := range p.kids {
		keys[kid] = &signingKey{public: &rsa.PublicKey{}}
	}
	p.mu.Unlock()
	if err := sleep(ctx, slow); err != nil {
		return nil, err
	}
	if down {
		return nil, errors.New("down")
	}
	return keys, nil
}

func (p *publisher) publish(kids ...string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kids = kids
}

func (p *publisher) ring() *keyring { return newKeyring(p.fetch, time.Now, sleep) }

// After a start many people write at once, before the keys are read: one call serves all, and no
// one is refused.
func TestManyAskOneCall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{kids: []string{"a"}, slow: time.Second}
		ring := p.ring()
		var group sync.WaitGroup
		for range 5000 {
			group.Go(func() {
				if _, err := ring.find(t.Context(), "a"); err != nil {
					t.Error(err)
				}
			})
		}
		group.Wait()
		if p.calls != 1 {
			t.Errorf("calls = %d, want 1", p.calls)
		}
	})
}

func TestRefreshIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{kids: []string{"a"}, slow: time.Hour}
		started := time.Now()
		if _, err := p.ring().find(t.Context(), "a"); !errors.Is(err, errNoKeys) {
			t.Errorf("err = %v, want %v", err, errNoKeys)
		}
		if took := time.Since(started); took > refreshTimeout {
			t.Errorf("took %v, want at most %v", took, refreshTimeout)
		}
	})
}

// For an hour, ten forged tokens a second with ever new key ids; meanwhile Microsoft rotates its
// key.
func TestStormOfForgedKeys(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{kids: []string{"a"}}
		ring := p.ring()
		storm, calm := context.WithCancel(t.Context())
		var group sync.WaitGroup
		group.Go(func() {
			for i := 0; sleep(storm, 100*time.Millisecond) == nil; i++ {
				group.Go(func() { _, _ = ring.find(storm, fmt.Sprint("forged", i)) })
			}
		})
		_ = sleep(t.Context(), 30*time.Minute)
		p.publish("a", "b")
		rotated := time.Now()
		for {
			if _, err := ring.find(t.Context(), "b"); err == nil {
				break
			}
			_ = sleep(t.Context(), 100*time.Millisecond)
		}
		if took := time.Since(rotated); took > refreshMaxGap {
			t.Errorf("new key was known after %v, want within %v", took, refreshMaxGap)
		}
		_ = sleep(t.Context(), 30*time.Minute)
		calm()
		group.Wait()
		if most := int(time.Hour/refreshMaxGap) + 10; p.calls > most {
			t.Errorf("calls = %d in an hour, want at most %d", p.calls, most)
		}
	})
}

// A refresh that brought a new key may be followed by the next at once; one that brought none,
// or failed, by growing pauses; after a minute without a refresh they begin again at the
// shortest.
func TestPausesBetweenRefreshes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{kids: []string{"a"}}
		ring := p.ring()
		waits := func(kid string) time.Duration {
			began := time.Now()
			_, _ = ring.find(t.Context(), kid)
			return time.Since(began)
		}
		for _, kid := range []string{"a", "b", "c"} {
			p.publish(append(p.kids, kid)...)
			if took := waits(kid); took != 0 {
				t.Errorf("key %s, rotated in: known after %v, want at once", kid, took)
			}
		}
		_ = waits("forged") // the next may come after a pause
		_ = sleep(t.Context(), refreshPause)
		for _, kid := range []string{"d", "e"} {
			p.publish(append(p.kids, kid)...)
			if took := waits(kid); took != 0 {
				t.Errorf("key %s, rotated in after a forgery: known after %v, want at once", kid, took)
			}
		}
		for _, down := range []bool{false, true} {
			p.down = down
			_ = sleep(t.Context(), refreshReset)
			for i, want := range []time.Duration{0, refreshPause, 2 * refreshPause, 4 * refreshPause} {
				if took := waits(fmt.Sprint("forged", i)); took != want {
					t.Errorf("publisher down %v, forged key %d: refused after %v, want %v", down, i, took, want)
				}
			}
		}
	})
}

// A forged token just before a real rotation delays the next person's message a moment; it is
// not lost.
func TestRotationRightAfterForgery(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{kids: []string{"a"}}
		ring := p.ring()
		_, _ = ring.find(t.Context(), "a")
		_, _ = ring.find(t.Context(), "forged")
		p.publish("b")
		if _, err := ring.find(t.Context(), "b"); err != nil {
			t.Errorf("new key: %v", err)
		}
		if _, err := ring.find(t.Context(), "a"); !errors.Is(err, errUnknownKey) {
			t.Errorf("withdrawn key: err = %v, want %v", err, errUnknownKey)
		}
	})
}

func TestKeysGrowOld(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{kids: []string{"a"}}
		ring := p.ring()
		find := func() error { _, err := ring.find(t.Context(), "a"); return err }
		_ = find()
		_ = sleep(t.Context(), keysFresh-time.Second)
		if err := find(); err != nil || p.calls != 1 {
			t.Errorf("within a day: %v, calls = %d, want 1", err, p.calls)
		}
		p.down = true
		_ = sleep(t.Context(), time.Hour)
		for range 2 { // the second before the next refresh is allowed
			began := time.Now()
			if err := find(); err != nil || p.calls != 2 || time.Since(began) > 0 {
				t.Errorf("after a day, publisher down: %v after %v, calls = %d, want 2", err, time.Since(began), p.calls)
			}
		}
		_ = sleep(t.Context(), keysExpire)
		for range 3 { // the first refreshes, for the others it is not allowed yet
			if err := find(); !errors.Is(err, errNoKeys) {
				t.Errorf("after two days: err = %v, want %v", err, errNoKeys)
			}
		}
		p.down = false
		_ = sleep(t.Context(), refreshMaxGap)
		if err := find(); err != nil {
			t.Errorf("publisher back: %v", err)
		}
	})
}

func TestWaitersAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := &publisher{kids: []string{"a"}, slow: 3 * time.Second}
		ring := p.ring()
		var group sync.WaitGroup
		const flood = 2 * maxRefreshWaiters
		var refused atomic.Int64
		for i := range flood {
			group.Go(func() {
				if _, err := ring.find(t.Context(), fmt.Sprint("forged", i)); err != nil {
					refused.Add(1)
				}
			})
		}
		waiting := func() int {
			synctest.Wait()
			ring.mu.Lock()
			defer ring.mu.Unlock()
			return ring.waiting
		}
		if n := waiting(); n != maxRefreshWaiters {
			t.Errorf("waiting for the first keys: %d, want %d", n, maxRefreshWaiters)
		}
		_ = sleep(t.Context(), 2*p.slow+refreshPause/2) // two refreshes, and the pause after them
		if n := waiting(); n < 1 || n > maxPauseWaiters {
			t.Errorf("waiting for a refresh to be allowed: %d, want at most %d", n, maxPauseWaiters)
		}
		group.Wait()
		if n := refused.Load(); n != flood || p.calls > 6 {
			t.Errorf("refused %d, calls = %d", n, p.calls)
		}
	})
}

// The published document may contain anything; only RSA signing keys of full length are kept.
func TestOnlySigningKeysOfFullLengthAreKept(t *testing.T) {
	t.Parallel()
	number := func(bits uint) string {
		return base64.RawURLEncoding.EncodeToString(append([]byte{1 << ((bits - 1) % 8)}, make([]byte, (bits-1)/8)...))
	}
	for name, c := range map[string]struct {
		jwk  string
		kept bool
	}{
		"plain":                     {`{"kid":"a","kty":"RSA","n":"` + number(2048) + `","e":"AQAB"}`, true},
		"with all that may be said": {`{"kid":"a","kty":"RSA","use":"sig","alg":"RS256","x5t":"a","x5c":["bm8="],"x5u":"http://127.0.0.1:1/","n":"` + number(4096) + `","e":"AQAB"}`, true},
		"1024 bits":                 {`{"kid":"a","kty":"RSA","use":"sig","n":"` + number(1024) + `","e":"AQAB"}`, false},
		"2047 bits":                 {`{"kid":"a","kty":"RSA","use":"sig","n":"` + number(2047) + `","e":"AQAB"}`, false},
		"for encryption":            {`{"kid":"a","kty":"RSA","use":"enc","n":"` + number(2048) + `","e":"AQAB"}`, false},
		"for another algorithm":     {`{"kid":"a","kty":"RSA","alg":"PS256","n":"` + number(2048) + `","e":"AQAB"}`, false},
		"a shared secret":           {`{"kid":"a","kty":"oct","k":"c2VjcmV0"}`, false},
		"without an id":             {`{"kty":"RSA","n":"` + number(2048) + `","e":"AQAB"}`, false},
		"a certificate alone":       {`{"kid":"a","kty":"RSA","x5c":["bm8="],"x5u":"http://127.0.0.1:1/"}`, false},
		"no key":                    {`"a"`, false},
	} {
		if kid, key := parseKey([]byte(c.jwk)); (key != nil) != c.kept || key != nil && kid != "a" {
			t.Errorf("%s: kept = %v", name, key != nil)
		}
	}
}
