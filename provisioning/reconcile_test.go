package provisioning_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
)

// world is what the three sides say; each story changes one thing of it.
type world struct {
	lines []provisioning.Account
	rows  []provisioning.Receipt
	users []provisioning.Entry
}

var reconcileNow = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// quiet is a world of n accounts in which nothing differs, and of people that
// are none of Altas's business.
func quiet(n int) *world {
	w := &world{}
	for i := range n {
		stamp := provisioning.NewStamp(provisioning.NewFolio(2026, 1+i), 1)
		a := provisioning.Address(fmt.Sprintf("a%d@docentecoahuila.gob.mx", i))
		id := fmt.Sprintf("id-%d", i)
		w.lines = append(w.lines, provisioning.Account{
			Stamp: stamp, Number: 1, Address: a, ObjectID: id, State: provisioning.AccountAnnounced, CreatedAt: reconcileNow.Add(-time.Hour)})
		w.rows = append(w.rows, provisioning.Receipt{Stamp: stamp, Address: a, ObjectID: id, State: provisioning.ReceiptActive})
		w.users = append(w.users, provisioning.Entry{ID: id, Stamp: stamp, Address: a, Enabled: true, SKUs: []string{"a1"}})
	}
	w.rows = append(w.rows, provisioning.Receipt{Address: "vieja@docentecoahuila.gob.mx", State: provisioning.ReceiptImported})
	w.users = append(w.users,
		provisioning.Entry{ID: "old", Address: "vieja@docentecoahuila.gob.mx", Enabled: true},
		provisioning.Entry{ID: "admin", Address: "admin@sedu.onmicrosoft.com", Enabled: true},
		provisioning.Entry{ID: "hr", Stamp: "4711", Address: "hr@sedu.onmicrosoft.com", Enabled: true})
	return w
}

func (w *world) reconcile(t *testing.T) []provisioning.Difference {
	t.Helper()
	var found []provisioning.Difference
	r := &provisioning.Reconciler{
		Lines: each(w.lines), Rows: each(w.rows), Users: each(w.users), Domains: []string{"docentecoahuila.gob.mx"},
		Grace: 10 * time.Minute, Now: func() time.Time { return reconcileNow }, TempDir: t.TempDir(),
	}
	_, err := r.Run(t.Context(), func(d provisioning.Difference) error {
		found = append(found, d)
		return nil
	})
	if err != nil {
		t.Fatalf("Run: %v", err)
	}
	return found
}

func each[T any](all []T) func(context.Context) iter.Seq2[T, error] {
	return func(context.Context) iter.Seq2[T, error] {
		return func(yield func(T, error) bool) {
			for _, v := range all {
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

func TestReconcileFindsWhatDiffers(t *testing.T) {
	t.Parallel()
	const stamp, a = provisioning.Stamp("2026-000002-0001"), provisioning.Address("a1@docentecoahuila.gob.mx")
	for name, c := range map[string]struct {
		change func(*world)
		want   []provisioning.Difference
	}{
		"nothing differs": {func(*world) {}, nil},
		"row missing": {func(w *world) { w.rows = slices.Delete(w.rows, 1, 2) }, []provisioning.Difference{
			{Kind: provisioning.RowMissing, Stamp: stamp, Line: a, User: a, ObjectID: "id-1"}}},
		"row not yet written": {func(w *world) {
			w.rows = slices.Delete(w.rows, 1, 2)
			w.lines[1].CreatedAt = reconcileNow.Add(-time.Minute)
		}, nil},
		"account missing": {func(w *world) { w.users = slices.Delete(w.users, 1, 2) }, []provisioning.Difference{
			{Kind: provisioning.AccountMissing, Stamp: stamp, Line: a, Row: a, ObjectID: "id-1"}}},
		"account in the recycle bin": {func(w *world) { w.users[1].Deleted = reconcileNow }, []provisioning.Difference{
			{Kind: provisioning.AccountMissing, Stamp: stamp, Line: a, Row: a, ObjectID: "id-1"}}},
		"imported account missing": {func(w *world) { w.users[3].Address = "z@x.mx" }, []provisioning.Difference{
			{Kind: provisioning.AccountMissing, Row: "vieja@docentecoahuila.gob.mx"}}},
		"imported, of another domain": {func(w *world) {
			w.rows = append(w.rows, provisioning.Receipt{Address: "hr@sedu.onmicrosoft.com", State: provisioning.ReceiptImported}, provisioning.Receipt{Address: "x@elsewhere.mx"})
		}, nil},
		"imported by another of its addresses": {func(w *world) {
			w.users[3].Address, w.users[3].Proxies = "nueva@docentecoahuila.gob.mx", []provisioning.Address{"vieja@docentecoahuila.gob.mx"}
		}, nil},
		"renamed in the directory": {func(w *world) { w.users[1].Address = "b@docentecoahuila.gob.mx" }, []provisioning.Difference{
			{Kind: provisioning.AddressDiffers, Stamp: stamp, Line: a, Row: a, User: "b@docentecoahuila.gob.mx", ObjectID: "id-1"}}},
		"other address in the receipts": {func(w *world) { w.rows[1].Address = "b@docentecoahuila.gob.mx" }, []provisioning.Difference{
			{Kind: provisioning.AddressDiffers, Stamp: stamp, Line: a, Row: "b@docentecoahuila.gob.mx", User: a, ObjectID: "id-1"}}},
		"nobody asked": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Address: "x@docentecoahuila.gob.mx"})
		}, []provisioning.Difference{{Kind: provisioning.AccountUnasked, User: "x@docentecoahuila.gob.mx", ObjectID: "x"}}},
		"nobody asked, with a stamp": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Stamp: "2020-000001-0001", Address: "x@docentecoahuila.gob.mx", Proxies: []provisioning.Address{"y@docentecoahuila.gob.mx"}})
		}, []provisioning.Difference{{Kind: provisioning.AccountUnasked, Stamp: "2020-000001-0001", User: "x@docentecoahuila.gob.mx", ObjectID: "x"}}},
		"found by a request": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Address: "x@docentecoahuila.gob.mx"})
			w.lines = append(w.lines, provisioning.Account{Stamp: "2026-000099-0001", Address: "x@docentecoahuila.gob.mx", ObjectID: "x", State: provisioning.AccountExists})
		}, nil},
		"stamp lost": {func(w *world) { w.users[1].Stamp = "" }, []provisioning.Difference{
			{Kind: provisioning.AccountUnstamped, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1"}}},
		"one stamp, two accounts": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Stamp: stamp, Address: "z@docentecoahuila.gob.mx", Enabled: true, SKUs: []string{"a1"}})
		}, []provisioning.Difference{
			{Kind: provisioning.AccountTwice, Stamp: stamp, Line: a, Row: a, User: "z@docentecoahuila.gob.mx", ObjectID: "x"}}},
		"line lost": {func(w *world) { w.lines = slices.Delete(w.lines, 1, 2) }, []provisioning.Difference{
			{Kind: provisioning.LineMissing, Stamp: stamp, Row: a, User: a, ObjectID: "id-1"}}},
		"disabled in the directory": {func(w *world) { w.users[1].Enabled = false }, []provisioning.Difference{
			{Kind: provisioning.StateDiffers, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1", State: provisioning.ReceiptDisabled}}},
		"disabled in the receipts": {func(w *world) { w.rows[1].State = provisioning.ReceiptDisabled }, []provisioning.Difference{
			{Kind: provisioning.StateDiffers, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1", State: provisioning.ReceiptActive}}},
		"licence gone": {func(w *world) { w.users[1].SKUs = nil }, []provisioning.Difference{
			{Kind: provisioning.LicenceMissing, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1"}}},
		"on its way": {func(w *world) {
			w.lines = append(w.lines, provisioning.Account{Stamp: "2026-000098-0001", Address: "n@docentecoahuila.gob.mx", State: provisioning.AccountReserved})
			w.users = append(w.users, provisioning.Entry{ID: "n", Stamp: "2026-000098-0001", Address: "n@docentecoahuila.gob.mx", Enabled: true})
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := quiet(3)
			c.change(w)
			if diff := cmp.Diff(c.want, w.reconcile(t)); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestReconcileStopsWhereASideFails(t *testing.T) {
	t.Parallel()
	broken := errors.New("no more pages")
	w := quiet(1)
	r := &provisioning.Reconciler{
		Lines: each(w.lines), Rows: each(w.rows), Now: func() time.Time { return reconcileNow }, TempDir: t.TempDir(),
		Users: func(context.Context) iter.Seq2[provisioning.Entry, error] {
			return func(yield func(provisioning.Entry, error) bool) { yield(provisioning.Entry{}, broken) }
		},
	}
	_, err := r.Run(t.Context(), func(d provisioning.Difference) error {
		t.Errorf("half a census found %v", d)
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("Run = %v, want %v", err, broken)
	}
}

// pagedStore is a Store of one request with many lines; it knows whether a
// transaction is open.
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
