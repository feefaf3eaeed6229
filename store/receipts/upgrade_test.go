package receipts

import (
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/pressly/goose/v3"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// older returns a provider with the migrations of an Altas without recoveries.
func older(t *testing.T, db *DB) *goose.Provider {
	t.Helper()
	const first = "00001_receipts.sql"
	text, err := migrations.ReadFile("migrations/" + db.dialect.label + "/" + first)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(db.dialect.goose, db.sql.DB, fstest.MapFS{first: {Data: text}}, goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// The first schema, with rows in it, is upgraded by two processes concurrently; the rows are
// unchanged and can get recoveries.
func TestUpgradeOfTheFirstSchema(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		first := b.open(t, nil)
		if steps, err := older(t, first).Up(t.Context()); err != nil || len(steps) != 1 {
			t.Fatalf("the first schema: %v, %v", steps, err)
		}
		want := asFirstSchemaHas(teacher(1))
		b.Exec(t, `INSERT INTO receipts (stamp, folio, address, type, curp, state, updated_at)
			VALUES ('`+string(want.Stamp)+`', '`+string(want.Folio)+`', '`+string(want.Address)+`', 'docente', '`+string(want.Holder.Person.CURP)+`', 'activa', '2026-01-01')`,
			`INSERT INTO receipts (address, type, state, updated_at) VALUES ('vieja@docentecoahuila.gob.mx', 'docente', 'importada', '2026-01-01')`)
		one, two := b.open(t, nil), b.open(t, nil)
		var wg sync.WaitGroup
		for _, db := range []*DB{one, two} {
			wg.Go(func() {
				if err := db.Check(t.Context()); err != nil {
					t.Errorf("Check: %v", err)
				}
			})
		}
		wg.Wait()
		if diff := cmp.Diff([]provisioning.Receipt{want}, findAddress(t, one, want.Address)); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
		mustRecover(t, one, want.Address, "2026-000900", recoveredAt)
		mustRecover(t, two, "vieja@docentecoahuila.gob.mx", "2026-000901", recoveredAt)
		want.RecoveredAt, want.RecoveryFolio = recoveredAt, "2026-000900"
		if diff := cmp.Diff([]provisioning.Receipt{want}, findAddress(t, two, want.Address)); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
		if n := b.Count(t, "SELECT COUNT(*) FROM receipts WHERE recovered_at IS NOT NULL"); n != 2 || len(allRows(t, one)) != 2 {
			t.Errorf("%d recovered rows, want 2 of 2", n)
		}
	})
}

// asFirstSchemaHas returns the row with only the fields that the test inserts.
func asFirstSchemaHas(r provisioning.Receipt) provisioning.Receipt {
	return provisioning.Receipt{
		Stamp: r.Stamp, Folio: r.Folio, Address: r.Address, State: r.State,
		Holder: identity.Holder{Type: r.Holder.Type, Person: identity.Person{CURP: r.Holder.Person.CURP}},
	}
}

// An upgrade that was interrupted after its columns were added is completed. Only MySQL commits
// them before the version; SQLite, whose ALTER TABLE cannot be repeated, never does.
func TestInterruptedUpgrade(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		if b.Kind == "sqlite" {
			t.Skip("adds the columns and the version in one transaction")
		}
		mustPut(t, b.open(t, nil), teacher(1))
		b.Exec(t, "DELETE FROM altas_receipts_version WHERE version_id = 2")
		db := b.open(t, nil)
		mustRecover(t, db, teacher(1).Address, "2026-000900", recoveredAt)
		if steps, err := db.Status(t.Context()); err != nil || len(steps) != 2 || steps[1].Applied.IsZero() {
			t.Errorf("Status = %v, %v", steps, err)
		}
	})
}

// An Altas without recoveries does not use this schema, and does not change it.
func TestOlderAltasMeetsThisSchema(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		mustPut(t, db, teacher(1))
		err := db.notNewer(t.Context(), older(t, db))
		wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
		if want := "receipts: its schema was made by a newer Altas: it is 2, this one knows up to 1"; err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error = %v, want %q", err, want)
		}
	})
}

// The upgrade can be reversed without losing a row, and repeated.
func TestUpgradeIsReversible(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		mustPut(t, db, row)
		mustRecover(t, db, row.Address, "2026-000900", recoveredAt)
		provider, err := db.provider()
		if err != nil {
			t.Fatal(err)
		}
		if _, err := provider.DownTo(t.Context(), 1); err != nil {
			t.Fatal(err)
		}
		again := b.open(t, nil)
		if diff := cmp.Diff([]provisioning.Receipt{row}, findAddress(t, again, row.Address)); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
	})
}
