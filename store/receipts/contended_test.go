package receipts

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Writers of the file wait for each other, as every transaction takes the write lock at its
// beginning: one that had read first would be refused at once.
func TestSQLiteWaitsForAnotherWriter(t *testing.T) {
	t.Parallel()
	for name, write := range map[string]func(*testing.T, *DB) error{
		"import": func(t *testing.T, db *DB) error {
			_, err := db.Import(t.Context(), lines(map[string]string{"address": "uno@docentecoahuila.gob.mx"}), ImportOptions{Domains: domains()})
			return err
		},
		"put": func(t *testing.T, db *DB) error { return db.Put(t.Context(), teacher(2)) },
		"recovered": func(t *testing.T, db *DB) error {
			mustPut(t, db, teacher(2))
			return db.Recovered(t.Context(), teacher(1).Address, "2026-000900", recoveredAt)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := at("sqlite:" + t.TempDir() + "/receipts.db")
			db := b.open(t, nil)
			mustPut(t, db, teacher(1))
			other, err := b.SQL(t).BeginTx(t.Context(), nil)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := other.ExecContext(t.Context(), "UPDATE receipts SET director = 'another process'"); err != nil {
				t.Fatal(err)
			}
			defer other.Rollback()
			ended := make(chan error, 1)
			go func() { ended <- write(t, db) }()
			select {
			case err := <-ended:
				t.Fatalf("it did not wait: %v", err)
			case <-time.After(300 * time.Millisecond):
			}
			if err := other.Commit(); err != nil {
				t.Fatal(err)
			}
			if err := <-ended; err != nil {
				t.Errorf("once the other had written: %v", err)
			}
			if n := b.Count(t, "SELECT COUNT(*) FROM receipts"); n != 2 {
				t.Errorf("rows = %d, want 2", n)
			}
			if got := b.Count(t, "SELECT COUNT(*) FROM receipts WHERE director = 'another process'"); got != 1 {
				t.Errorf("the other's row is lost: %d", got)
			}
		})
	}
}

// A dry run takes no write lock, and needs no right to write.
func TestDryRunDoesNotLockSQLite(t *testing.T) {
	t.Parallel()
	b := at("sqlite:" + t.TempDir() + "/receipts.db")
	db := b.open(t, nil)
	mustPut(t, db, teacher(1))
	other, err := b.SQL(t).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := other.ExecContext(t.Context(), "UPDATE receipts SET director = 'another process'"); err != nil {
		t.Fatal(err)
	}
	got := importAll(t, db, true, []map[string]string{{"address": string(teacher(1).Address)}, {"address": "uno@docentecoahuila.gob.mx"}})
	if got[0].Outcome != OutcomeOurs || got[1].Outcome != OutcomeAdded {
		t.Errorf("rehearsal = %+v", got)
	}
	if err := other.Commit(); err != nil {
		t.Fatal(err)
	}
	if rows := findAddress(t, db, identity.Address("uno@docentecoahuila.gob.mx")); len(rows) != 0 {
		t.Errorf("the rehearsal wrote %+v", rows)
	}
}
