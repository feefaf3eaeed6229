package receipts

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
)

// onBoth runs the test on each database with our own schema, and with a table that the
// ministry has.
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

// The greatest folio of a year, whatever else somebody wrote into the column.
func TestLastFolio(t *testing.T) {
	t.Parallel()
	onBoth(t, func(t *testing.T, db *DB) {
		want := func(after, folio provisioning.Folio) {
			t.Helper()
			if got, err := db.LastFolio(t.Context(), after); err != nil || got != folio {
				t.Errorf("after %s: %q, %v; want %q", after, got, err, folio)
			}
		}
		want("2026-000000", "2026-000000")
		for i, stamp := range []provisioning.Stamp{"2026-000009-0002", "2026-000123-0001", "2026-000123-0044", "2025-999999-9999", "2027-000001-0001", "2026-9", "2026-00200"} {
			row := teacher(i)
			row.Stamp = stamp
			mustPut(t, db, row)
		}
		want("2025-000000", "2025-999999")
		want("2026-000000", "2026-000123")
		want("2026-000122", "2026-000123")
		want("2026-000123", "2026-000123")
		want("2026-000200", "2026-000200")
		want("2027-000000", "2027-000001")
		want("2028-000000", "2028-000000")
	})
}
