package receipts

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// onBoth runs the test on each kind of database, with our own schema and with a mapped table.
func onBoth(t *testing.T, test func(t *testing.T, db *DB)) {
	t.Helper()
	onEach(t, func(t *testing.T, b backend) {
		t.Run("ours", func(t *testing.T) { test(t, b.open(t, nil)) })
		t.Run("theirs", func(t *testing.T) {
			b.Exec(t, correos(b.Kind))
			test(t, b.open(t, correosMap()))
		})
	})
}

// After the store was lost, stamps are assigned again. The row of a stamp's first holder is not
// overwritten: neither by a holder of the same name, nor for the same address.
func TestPutNeverOverwritesAnotherHoldersRow(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(first, second *provisioning.Receipt){
		"another person":                 func(_, second *provisioning.Receipt) { second.Holder.Person.GivenNames = "Rosa" },
		"a namesake":                     func(_, second *provisioning.Receipt) {},
		"a namesake at the same address": func(first, second *provisioning.Receipt) { second.Address = first.Address },
		"a student of the same CURP": func(first, second *provisioning.Receipt) {
			second.Holder.Type, second.Holder.Person.CURP = identity.Student, first.Holder.Person.CURP
		},
		"two foreigners of the generic CURP": func(first, second *provisioning.Receipt) {
			first.Holder.Person.CURP, second.Holder.Person.CURP = "XEXX010101HNEXXXA4", "XEXX010101HNEXXXA4"
			second.Holder.Person.GivenNames, second.Holder.Person.FirstSurname = "Peter", "Brown"
		},
		"a centre where a person was": func(_, second *provisioning.Receipt) {
			second.Holder = identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: "05EPR0093X", Name: "Primaria"}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onBoth(t, func(t *testing.T, db *DB) {
				first, second := teacher(1), teacher(2)
				second.Stamp, second.Folio = first.Stamp, first.Folio
				change(&first, &second)
				mustPut(t, db, first)
				before := findAddress(t, db, first.Address)
				for range 2 {
					err := db.Put(t.Context(), second)
					wantReason(t, err, problem.CodeConflict, ReasonStampTaken, true)
				}
				if diff := cmp.Diff(before, findAddress(t, db, first.Address)); diff != "" || len(before) != 1 {
					t.Errorf("the first one's row (-before +after):\n%s", diff)
				}
				if second.Address != first.Address && len(findAddress(t, db, second.Address)) > 0 {
					t.Error("the second has a row")
				}
			})
		})
	}
}

// The row of a holder without CURP or CCT is updated with the account all the same.
func TestPutFollowsAHolderWithoutAKey(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db *DB) {
		row := teacher(1)
		row.Holder.Person.CURP = "XEXX010101HNEXXXA4"
		mustPut(t, db, row)
		row.Address = "perla.otra@docentecoahuila.gob.mx"
		mustPut(t, db, row)
		row.State = provisioning.ReceiptDisabled
		mustPut(t, db, row)
		if got := findAddress(t, db, row.Address); len(got) != 1 || got[0].State != provisioning.ReceiptDisabled {
			t.Errorf("the row: %+v", got)
		}
	})
}

func TestFindByStamp(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db *DB) {
		mustPut(t, db, teacher(1))
		mustPut(t, db, teacher(2))
		rows, err := db.Find(t.Context(), provisioning.ReceiptQuery{Stamp: teacher(2).Stamp, Address: teacher(2).Address})
		if err != nil || len(rows) != 1 || rows[0].Address != teacher(2).Address {
			t.Errorf("found %+v, %v", rows, err)
		}
	})
}

// LastFolio returns the greatest folio of a year, whatever else the column contains.
func TestLastFolio(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db *DB) {
		want := func(after, folio provisioning.Folio) {
			t.Helper()
			got, odd, err := db.LastFolio(t.Context(), after)
			if strange := after < "2026-000000"; err != nil || got != folio || (odd == "2025-999999-9999") != strange || !strange && odd != "" {
				t.Errorf("after %s: %q, %q, %v; want %q", after, got, odd, err, folio)
			}
		}
		want("2026-000000", "2026-000000")
		for i, stamp := range []provisioning.Stamp{"2025-000077-0001", "2025-900000-0001", "2026-000009-0002", "2026-000123-0001", "2026-000123-0044", "2025-999999-9999", "2027-000001-0001", "2026-9", "2026-00200"} {
			row := teacher(i)
			row.Stamp = stamp
			mustPut(t, db, row)
		}
		want("2025-000000", "2025-000077")
		want("2025-950000", "2025-950000")
		want("2026-000000", "2026-000123")
		want("2026-000122", "2026-000123")
		want("2026-000123", "2026-000123")
		want("2026-000200", "2026-000200")
		want("2027-000000", "2027-000001")
		want("2028-000000", "2028-000000")
	})
}
