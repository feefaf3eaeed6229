package provisioning

import (
	"context"
	"fmt"
	"maps"
	"sync"
	"time"
)

// StockRoom remembers the tenant's licences for a few minutes, less what was
// assigned since it looked.
type StockRoom struct {
	stock Stock
	keep  time.Duration
	now   func() time.Time

	mu       sync.Mutex
	seen     time.Time
	licences map[string]Licence // by SKU
}

// NewStockRoom returns a StockRoom that looks again after keep.
func NewStockRoom(s Stock, keep time.Duration, now func() time.Time) *StockRoom {
	return &StockRoom{stock: s, keep: keep, now: now}
}

// Licences returns the stock by SKU, asking the tenant where the last answer is
// too old.
func (s *StockRoom) Licences(ctx context.Context) (map[string]Licence, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.seen.IsZero() && s.now().Sub(s.seen) < s.keep {
		return maps.Clone(s.licences), nil
	}
	list, err := s.stock.Licences(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the licence stock: %w", err)
	}
	s.licences, s.seen = make(map[string]Licence, len(list)), s.now()
	for _, l := range list {
		s.licences[l.SKU] = l
	}
	return maps.Clone(s.licences), nil
}

// Free returns how many seats of the SKU were free when the tenant was last asked,
// less those assigned since. It asks nobody.
func (s *StockRoom) Free(sku string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.licences[sku].Free
}

// Exhausted notes that the tenant refused a seat: there is none until it is asked
// again.
func (s *StockRoom) Exhausted(sku string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.licences[sku]; ok {
		l.Free = 0
		s.licences[sku] = l
	}
}

// Used notes that a seat was assigned.
func (s *StockRoom) Used(sku string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if l, ok := s.licences[sku]; ok {
		l.Free = max(0, l.Free-1)
		s.licences[sku] = l
	}
}

// Forget makes the next Licences ask the tenant.
func (s *StockRoom) Forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = time.Time{}
}
