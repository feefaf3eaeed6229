package creation

import (
	"context"
	"fmt"
	"maps"
	"math"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// LicenceCache remembers the tenant's licences for a few minutes, less what was
// assigned since it looked.
type LicenceCache struct {
	stock provisioning.Stock
	keep  time.Duration
	now   func() time.Time
	turn  chan struct{} // holds one token: whose turn it is to ask the tenant

	mu       sync.Mutex // never held while the tenant is asked: transactions wait for it
	seen     time.Time
	licences map[string]provisioning.Licence // by SKU
	used     map[string]int                  // seats assigned since the tenant was last asked, by SKU
	refused  error                           // why the tenant does not tell its stock; nil where it does
	dry      map[string]int                  // while it does not: by SKU that ran out, seats to try
}

// NewLicenceCache returns a LicenceCache that looks again after keep.
func NewLicenceCache(s provisioning.Stock, keep time.Duration, now func() time.Time) *LicenceCache {
	r := &LicenceCache{stock: s, keep: keep, now: now, turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

// Licences returns the stock by SKU, asking the tenant where the last answer is
// too old; of several who ask at once, one does. After an error that is permanent
// the stock is not known, and Free takes every SKU for plenty until one runs out.
func (s *LicenceCache) Licences(ctx context.Context) (map[string]provisioning.Licence, error) {
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return nil, fmt.Errorf("read the licence stock: %w", ctx.Err())
	}
	if fresh, known, err := s.known(); fresh {
		return known, err
	}
	s.asking()
	list, err := s.stock.Licences(ctx)
	switch {
	case job.IsPermanent(err):
		s.guess(fmt.Errorf("read the licence stock: %w", err))
	case err != nil:
		return nil, fmt.Errorf("read the licence stock: %w", err)
	default:
		s.learn(list)
	}
	_, known, err := s.known()
	return known, err
}

// known returns what was last learned, and whether that is fresh enough.
func (s *LicenceCache) known() (fresh bool, licences map[string]provisioning.Licence, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh = !s.seen.IsZero() && s.now().Sub(s.seen) < s.keep
	if s.refused != nil {
		return fresh, nil, s.refused
	}
	return fresh, maps.Clone(s.licences), nil
}

// guess goes on without knowing the stock. What was used up when it was last known
// is tried with one seat.
func (s *LicenceCache) guess(refused error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused == nil {
		s.dry = map[string]int{}
		for sku, l := range s.licences {
			if l.Free == 0 {
				s.dry[sku] = 1
			}
		}
	}
	s.refused, s.seen = refused, s.now()
}

func (s *LicenceCache) asking() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = map[string]int{}
}

// learn takes in the tenant's answer. It may or may not count what was assigned
// while it was on its way: a seat too few is put right at the next look, one too
// many would be promised to somebody.
func (s *LicenceCache) learn(list []provisioning.Licence) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refused, s.dry = nil, nil
	s.licences, s.seen = make(map[string]provisioning.Licence, len(list)), s.now()
	for _, l := range list {
		l.Free = max(0, l.Free-s.used[l.SKU])
		s.licences[l.SKU] = l
	}
}

// Free returns how many seats of the SKU were free when the tenant was last asked,
// less those assigned since. It asks nobody. Where the tenant does not tell, that is
// any number, or how many are to be tried of a SKU that ran out.
func (s *LicenceCache) Free(sku string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != nil {
		if tries, dry := s.dry[sku]; dry {
			return tries
		}
		return math.MaxInt
	}
	return s.licences[sku].Free
}

// Exhausted notes that the tenant refused a seat: there is none until it is asked
// again.
func (s *LicenceCache) Exhausted(sku string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.refused != nil {
		s.dry[sku] = 0
	}
	if l, ok := s.licences[sku]; ok {
		l.Free = 0
		s.licences[sku] = l
	}
}

// Used notes that a seat was assigned.
func (s *LicenceCache) Used(sku string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.dry, sku)
	if s.used != nil {
		s.used[sku]++
	}
	if l, ok := s.licences[sku]; ok {
		l.Free = max(0, l.Free-1)
		s.licences[sku] = l
	}
}

// Forget makes the next Licences ask the tenant and, where it does not tell, one seat
// be tried of what ran out.
func (s *LicenceCache) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for sku := range s.dry {
		s.dry[sku] = 1
	}
	s.seen = time.Time{}
}
