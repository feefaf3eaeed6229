package provisioning_test

import (
	"context"
	"iter"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
)

// pagedStore is a Store of one request with many lines that records whether a transaction is open.
type pagedStore struct {
	provisioning.Store
	lines int
	open  bool
}

func (s *pagedStore) View(_ context.Context, fn func(provisioning.Tx) error) error {
	s.open = true
	defer func() { s.open = false }()
	return fn(&pagedTx{lines: s.lines})
}

type pagedTx struct {
	provisioning.Tx
	lines int
}

func (t *pagedTx) ListRequests(f provisioning.RequestFilter) iter.Seq2[provisioning.Request, error] {
	return func(yield func(provisioning.Request, error) bool) {
		if f.Before == "" {
			yield(provisioning.Request{Folio: "2026-000001"}, nil)
		}
	}
}

func (t *pagedTx) AccountsOf(f provisioning.Folio, after int) iter.Seq2[provisioning.Account, error] {
	return func(yield func(provisioning.Account, error) bool) {
		for n := after + 1; n <= t.lines; n++ {
			if !yield(provisioning.Account{Stamp: provisioning.NewStamp(f, n), Number: n}, nil) {
				return
			}
		}
	}
}

func TestAllLinesHoldsNoTransactionOpen(t *testing.T) {
	t.Parallel()
	for _, lines := range []int{0, 1, 500, 501, 1203} {
		s := &pagedStore{lines: lines}
		n := 0
		for a, err := range provisioning.AllLines(s)(t.Context()) {
			if n++; err != nil || a.Number != n || s.open {
				t.Fatalf("line %d = %v, %v, transaction open: %v", n, a, err, s.open)
			}
		}
		if n != lines {
			t.Errorf("lines = %d, want %d", n, lines)
		}
	}
}
