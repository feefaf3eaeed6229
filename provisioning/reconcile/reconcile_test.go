package reconcile_test

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
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
)

// world is the data of the three sides; each case changes one thing of it.
type world struct {
	lines []provisioning.Account
	rows  []provisioning.Receipt
	users []provisioning.Entry
}

var now = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// quiet is n accounts without differences, and people who have nothing to do with Altas.
func quiet(n int) *world {
	w := &world{}
	for i := range n {
		stamp := provisioning.NewStamp(provisioning.NewFolio(2026, 1+i), 1)
		a := identity.Address(fmt.Sprintf("a%d@docentecoahuila.gob.mx", i))
		id := fmt.Sprintf("id-%d", i)
		w.lines = append(w.lines, provisioning.Account{
			Stamp: stamp, Number: 1, Address: a, ObjectID: id, State: provisioning.AccountAnnounced, CreatedAt: now.Add(-time.Hour)})
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

func (w *world) differences(t *testing.T) []reconcile.Difference {
	t.Helper()
	var found []reconcile.Difference
	r := &reconcile.Comparison{
		Lines: each(w.lines), Rows: each(w.rows), Users: each(w.users), Domains: []string{"docentecoahuila.gob.mx"},
		Grace: 10 * time.Minute, Now: func() time.Time { return now }, TempDir: t.TempDir(),
	}
	_, err := r.Run(t.Context(), func(d reconcile.Difference) error {
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

func TestWhatDiffersIsFound(t *testing.T) {
	t.Parallel()
	const stamp, a = provisioning.Stamp("2026-000002-0001"), identity.Address("a1@docentecoahuila.gob.mx")
	for name, c := range map[string]struct {
		change func(*world)
		want   []reconcile.Difference
	}{
		"nothing differs": {func(*world) {}, nil},
		"row missing": {func(w *world) { w.rows = slices.Delete(w.rows, 1, 2) }, []reconcile.Difference{
			{Kind: reconcile.RowMissing, Stamp: stamp, Line: a, User: a, ObjectID: "id-1"}}},
		"row not yet written": {func(w *world) {
			w.rows = slices.Delete(w.rows, 1, 2)
			w.lines[1].CreatedAt = now.Add(-time.Minute)
		}, []reconcile.Difference{{Kind: reconcile.RowYoung, Stamp: stamp, Line: a, User: a, ObjectID: "id-1"}}},
		"account missing": {func(w *world) { w.users = slices.Delete(w.users, 1, 2) }, []reconcile.Difference{
			{Kind: reconcile.AccountMissing, Stamp: stamp, Line: a, Row: a, ObjectID: "id-1"}}},
		"account in the recycle bin": {func(w *world) { w.users[1].Deleted = now }, []reconcile.Difference{
			{Kind: reconcile.AccountMissing, Stamp: stamp, Line: a, Row: a, ObjectID: "id-1"}}},
		"imported account missing": {func(w *world) { w.users[3].Address = "z@x.mx" }, []reconcile.Difference{
			{Kind: reconcile.AccountMissing, Row: "vieja@docentecoahuila.gob.mx"}}},
		"imported, disabled, and gone": {func(w *world) {
			w.users[3].Address, w.rows[len(w.rows)-1].State = "z@x.mx", provisioning.ReceiptDisabled
		}, nil},
		"imported, of another domain": {func(w *world) {
			w.rows = append(w.rows, provisioning.Receipt{Address: "hr@sedu.onmicrosoft.com", State: provisioning.ReceiptImported}, provisioning.Receipt{Address: "x@elsewhere.mx"})
		}, nil},
		"imported by another of its addresses": {func(w *world) {
			w.users[3].Address, w.users[3].Proxies = "nueva@docentecoahuila.gob.mx", []identity.Address{"vieja@docentecoahuila.gob.mx"}
		}, nil},
		"renamed in the directory": {func(w *world) { w.users[1].Address = "b@docentecoahuila.gob.mx" }, []reconcile.Difference{
			{Kind: reconcile.AddressDiffers, Stamp: stamp, Line: a, Row: a, User: "b@docentecoahuila.gob.mx", ObjectID: "id-1"}}},
		"other address in the receipts": {func(w *world) { w.rows[1].Address = "b@docentecoahuila.gob.mx" }, []reconcile.Difference{
			{Kind: reconcile.AddressDiffers, Stamp: stamp, Line: a, Row: "b@docentecoahuila.gob.mx", User: a, ObjectID: "id-1"}}},
		"nobody asked": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Address: "x@docentecoahuila.gob.mx"})
		}, []reconcile.Difference{{Kind: reconcile.AccountUnasked, User: "x@docentecoahuila.gob.mx", ObjectID: "x"}}},
		"nobody asked, with a stamp": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Stamp: "2020-000001-0001", Address: "x@docentecoahuila.gob.mx", Proxies: []identity.Address{"y@docentecoahuila.gob.mx"}})
		}, []reconcile.Difference{{Kind: reconcile.AccountUnasked, Stamp: "2020-000001-0001", User: "x@docentecoahuila.gob.mx", ObjectID: "x"}}},
		"found by a request": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Address: "x@docentecoahuila.gob.mx"})
			w.lines = append(w.lines, provisioning.Account{Stamp: "2026-000099-0001", Address: "x@docentecoahuila.gob.mx", ObjectID: "x", State: provisioning.AccountExists})
		}, nil},
		"stamp lost": {func(w *world) { w.users[1].Stamp = "" }, []reconcile.Difference{
			{Kind: reconcile.AccountUnstamped, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1"}}},
		"one stamp, two accounts": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "x", Stamp: stamp, Address: "z@docentecoahuila.gob.mx", Enabled: true, SKUs: []string{"a1"}})
		}, []reconcile.Difference{
			{Kind: reconcile.AccountTwice, Stamp: stamp, Line: a, Row: a, User: "z@docentecoahuila.gob.mx", ObjectID: "x"}}},
		"the stamp's row is another holder's": {func(w *world) {
			w.lines[1].Holder, w.rows[1].Holder = provisioningtest.Teacher(1), provisioningtest.Teacher(2)
			w.users[1].Enabled = false
		}, []reconcile.Difference{
			{Kind: reconcile.HolderDiffers, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1"}}},
		"the stamp's row is another holder's, and the line on its way": {func(w *world) {
			w.lines[1] = provisioning.Account{Stamp: stamp, Number: 1, Holder: provisioningtest.Teacher(1), Address: "n@docentecoahuila.gob.mx", State: provisioning.AccountAttention}
			w.rows[1].Holder = provisioningtest.Teacher(2)
		}, []reconcile.Difference{
			{Kind: reconcile.HolderDiffers, Stamp: stamp, Line: "n@docentecoahuila.gob.mx", Row: a, User: a, ObjectID: "id-1"}}},
		"of holders without a key": {func(w *world) {
			for i, given := range []string{"John", "Jon"} {
				h := provisioningtest.Teacher(1)
				h.Person.CURP, h.Person.GivenNames = "XEXX010101HNEXXXA4", given
				if w.lines[1].Holder = h; i == 1 {
					w.rows[1].Holder = h
				}
			}
		}, nil},
		"the stamp is on another account": {func(w *world) { w.users[1].ID, w.users[1].Enabled = "x", false }, []reconcile.Difference{
			{Kind: reconcile.HolderDiffers, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "x"}}},
		"one stamp, two accounts, one disabled": {func(w *world) {
			w.users = append(w.users, provisioning.Entry{ID: "a", Stamp: stamp, Address: "z@docentecoahuila.gob.mx"})
			w.users[1], w.users[len(w.users)-1] = w.users[len(w.users)-1], w.users[1]
		}, []reconcile.Difference{
			{Kind: reconcile.AccountTwice, Stamp: stamp, Line: a, Row: a, User: "z@docentecoahuila.gob.mx", ObjectID: "a"}}},
		"line lost": {func(w *world) { w.lines = slices.Delete(w.lines, 1, 2) }, []reconcile.Difference{
			{Kind: reconcile.LineMissing, Stamp: stamp, Row: a, User: a, ObjectID: "id-1"}}},
		"disabled in the directory": {func(w *world) { w.users[1].Enabled = false }, []reconcile.Difference{
			{Kind: reconcile.StateDiffers, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1", State: provisioning.ReceiptDisabled}}},
		"disabled in the receipts": {func(w *world) { w.rows[1].State = provisioning.ReceiptDisabled }, []reconcile.Difference{
			{Kind: reconcile.StateDiffers, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1", State: provisioning.ReceiptActive}}},
		"licence gone": {func(w *world) { w.users[1].SKUs = nil }, []reconcile.Difference{
			{Kind: reconcile.LicenceMissing, Stamp: stamp, Line: a, Row: a, User: a, ObjectID: "id-1"}}},
		"on its way": {func(w *world) {
			w.lines = append(w.lines, provisioning.Account{Stamp: "2026-000098-0001", Address: "n@docentecoahuila.gob.mx", State: provisioning.AccountReserved})
			w.users = append(w.users, provisioning.Entry{ID: "n", Stamp: "2026-000098-0001", Address: "n@docentecoahuila.gob.mx", Enabled: true})
		}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := quiet(3)
			c.change(w)
			if diff := cmp.Diff(c.want, w.differences(t)); diff != "" {
				t.Errorf("differences (-want +got):\n%s", diff)
			}
		})
	}
}

func TestASideThatFailsEndsIt(t *testing.T) {
	t.Parallel()
	broken := errors.New("no more pages")
	w := quiet(1)
	r := &reconcile.Comparison{
		Lines: each(w.lines), Rows: each(w.rows), Now: func() time.Time { return now }, TempDir: t.TempDir(),
		Users: func(context.Context) iter.Seq2[provisioning.Entry, error] {
			return func(yield func(provisioning.Entry, error) bool) { yield(provisioning.Entry{}, broken) }
		},
	}
	_, err := r.Run(t.Context(), func(d reconcile.Difference) error {
		t.Errorf("half a census found %v", d)
		return nil
	})
	if !errors.Is(err, broken) {
		t.Errorf("Run = %v, want %v", err, broken)
	}
}
