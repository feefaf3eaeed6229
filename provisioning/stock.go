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
	turn  chan struct{} // holds one token: whose turn it is to ask the tenant

	mu       sync.Mutex // never held while the tenant is asked: transactions wait for it
	seen     time.Time
	licences map[string]Licence // by SKU
	used     map[string]int     // seats assigned since the tenant was last asked, by SKU
}

// NewStockRoom returns a StockRoom that looks again after keep.
func NewStockRoom(s Stock, keep time.Duration, now func() time.Time) *StockRoom {
	r := &StockRoom{stock: s, keep: keep, now: now, turn: make(chan struct{}, 1)}
	r.turn <- struct{}{}
	return r
}

// Licences returns the stock by SKU, asking the tenant where the last answer is
// too old; of several who ask at once, one does.
func (s *StockRoom) Licences(ctx context.Context) (map[string]Licence, error) {
	select {
	case <-s.turn:
		defer func() { s.turn <- struct{}{} }()
	case <-ctx.Done():
		return nil, fmt.Errorf("read the licence stock: %w", ctx.Err())
	}
	if known, fresh := s.known(); fresh {
		return known, nil
	}
	s.asking()
	list, err := s.stock.Licences(ctx)
	if err != nil {
		return nil, fmt.Errorf("read the licence stock: %w", err)
	}
	s.learn(list)
	known, _ := s.known()
	return known, nil
}

// known returns what was last learned, and whether that is fresh enough.
func (s *StockRoom) known() (licences map[string]Licence, fresh bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.licences), !s.seen.IsZero() && s.now().Sub(s.seen) < s.keep
}

func (s *StockRoom) asking() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.used = map[string]int{}
}

// learn takes in the tenant's answer. It may or may not count what was assigned
// while it was on its way: a seat too few is put right at the next look, one too
// many would be promised to somebody.
func (s *StockRoom) learn(list []Licence) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.licences, s.seen = make(map[string]Licence, len(list)), s.now()
	for _, l := range list {
		l.Free = max(0, l.Free-s.used[l.SKU])
		s.licences[l.SKU] = l
	}
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
	if s.used != nil {
		s.used[sku]++
	}
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
