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

// LicenceCache caches the tenant's licences for a few minutes, and deducts the seats assigned since
// they were read.
type LicenceCache struct {
	stock provisioning.Stock
	keep  time.Duration
	now   func() time.Time
	turn  chan struct{} // holds one token: its taker may ask the tenant

	mu       sync.Mutex // not held during a request to the tenant: transactions wait for it
	seen     time.Time
	licences map[string]provisioning.Licence // by SKU
	used     map[string]int                  // seats assigned since the last request to the tenant, by SKU
	refused  error                           // why the stock cannot be read; nil if it can
	dry      map[string]int                  // if it cannot: seats to try, of each SKU that ran out
}

// NewLicenceCache returns a LicenceCache whose entries are valid for the time keep.
func NewLicenceCache(s provisioning.Stock, keep time.Duration, now func() time.Time) *LicenceCache {
	r := &LicenceCache{stock: s, keep: keep, now: now, turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

// Licences returns the stock by SKU. It reads it from the tenant if the cached one is too old; of
// concurrent callers one does. After a permanent error the stock is unknown, and Free treats every
// SKU as available until one runs out.
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

// known returns the cached stock, and whether it is still valid.
func (s *LicenceCache) known() (fresh bool, licences map[string]provisioning.Licence, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	fresh = !s.seen.IsZero() && s.now().Sub(s.seen) < s.keep
	if s.refused != nil {
		return fresh, nil, s.refused
	}
	return fresh, maps.Clone(s.licences), nil
}

// guess records that the stock is unknown. A SKU that had no free seat when it was last known is
// tried with one.
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

// learn stores the tenant's answer. It may or may not include the seats assigned during the
// request; they are deducted, because one seat too few is corrected by the next read, while one too
// many would be reserved for a line.
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

// Free returns how many seats of the SKU were free when the stock was read, less those assigned
// since. It sends no request. If the stock is unknown it returns math.MaxInt, or how many seats to
// try of a SKU that ran out.
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

// Exhausted records that the tenant refused a seat: the SKU has none until the next read.
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

// Used records that a seat was assigned.
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

// Forget makes the next Licences read the stock again. If it is unknown, one seat is tried of each
// SKU that ran out.
func (s *LicenceCache) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for sku := range s.dry {
		s.dry[sku] = 1
	}
	s.seen = time.Time{}
}
