package bot

import (
	"sync"
	"time"
)

// seenFor is how long an activity's id is remembered. Teams sends one again after
// about 15 s, and gives up within minutes.
const seenFor = 10 * time.Minute

// memory remembers keys for a while, in two generations, so that it neither grows
// nor scans. It only spares work: what must not happen twice is held by the
// store.
type memory struct {
	keep time.Duration
	now  func() time.Time

	mu         sync.Mutex
	turned     time.Time
	young, old map[string]struct{}
}

func newMemory(keep time.Duration, now func() time.Time) *memory {
	return &memory{keep: keep, now: now, turned: now(), young: map[string]struct{}{}, old: map[string]struct{}{}}
}

// first reports whether the key is new, and remembers it.
func (m *memory) first(key string) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := m.now(); now.Sub(m.turned) > m.keep {
		m.young, m.old, m.turned = map[string]struct{}{}, m.young, now
	}
	_, young := m.young[key]
	_, old := m.old[key]
	m.young[key] = struct{}{}
	return !young && !old
}

// forget lets the key be new again: handling it failed.
func (m *memory) forget(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.young, key)
	delete(m.old, key)
}
