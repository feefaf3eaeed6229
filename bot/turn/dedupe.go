package turn

import (
	"hash/maphash"
	"sync"
	"time"
)

// SeenFor is how long an activity's id is remembered. Teams repeats an activity after about 15
// s, and gives up within minutes.
const SeenFor = 10 * time.Minute

// seenAtMost bounds a generation: at some 3,000 messages a second an id is remembered for five
// minutes, in 20 MB.
const seenAtMost = 1 << 20

// Dedupe remembers keys for a time, in two generations, so that it neither grows without bound
// nor has to be scanned. It keeps only hashes, which the garbage collector need not scan. It
// only saves work: what must not happen twice is guarded by the store.
type Dedupe struct {
	keep time.Duration
	now  func() time.Time
	seed maphash.Seed

	mu         sync.Mutex
	turned     time.Time
	young, old map[uint64]struct{}
}

// NewDedupe returns a Dedupe that remembers a key for at least keep, and at most twice that.
func NewDedupe(keep time.Duration, now func() time.Time) *Dedupe {
	return &Dedupe{keep: keep, now: now, seed: maphash.MakeSeed(), turned: now(), young: map[uint64]struct{}{}, old: map[uint64]struct{}{}}
}

// First reports whether the key is new, and remembers it.
func (m *Dedupe) First(key string) bool {
	hash := maphash.String(m.seed, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.now(); now.Sub(m.turned) > m.keep || len(m.young) >= seenAtMost {
		m.young, m.old, m.turned = map[uint64]struct{}{}, m.young, now
	}
	_, young := m.young[hash]
	_, old := m.old[hash]
	m.young[hash] = struct{}{}
	return !young && !old
}

// Seen reports whether the key is remembered.
func (m *Dedupe) Seen(key string) bool {
	hash := maphash.String(m.seed, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	_, young := m.young[hash]
	_, old := m.old[hash]
	return young || old
}

// Forget drops a key, after handling it failed.
func (m *Dedupe) Forget(key string) {
	hash := maphash.String(m.seed, key)
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.young, hash)
	delete(m.old, hash)
}
