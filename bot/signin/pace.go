package signin

import (
	"sync"
	"time"
)

// unknownEvery is how often a token may be verified whose key has signed no genuine one yet: each may cause
// a call to Entra, and anybody can post one.
const unknownEvery = time.Second

// unknownKeys paces the tokens of unknown keys. The zero value is ready.
type unknownKeys struct {
	mu    sync.Mutex
	known map[string]bool
	last  time.Time
}

// allow reports whether a token with that key id may be verified now.
func (u *unknownKeys) allow(kid string, now time.Time) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.known[kid] {
		return true
	}
	if since := now.Sub(u.last); since >= 0 && since < unknownEvery {
		return false
	}
	u.last = now
	return true
}

// maxKnown bounds how many key ids are remembered; Entra publishes some ten at a time.
const maxKnown = 100

// met remembers the key id of a genuine token.
func (u *unknownKeys) met(kid string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.known) >= maxKnown || u.known == nil {
		u.known = make(map[string]bool)
	}
	u.known[kid] = true
}
