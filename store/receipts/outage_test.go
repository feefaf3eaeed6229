package receipts

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// Altas starts while the database is unavailable; the first Put afterwards migrates it.
func TestOpenWhileTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "gone")
	if err := os.WriteFile(dir, nil, 0o600); err != nil { // a file in place of the folder
		t.Fatal(err)
	}
	db := at("sqlite:"+filepath.Join(dir, "receipts.db")).open(t, nil)
	wantReason(t, db.Put(t.Context(), teacher(1)), problem.CodeUnavailable, ReasonUnavailable, false)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	mustPut(t, db, teacher(1))
}

func TestServerAwayIsUnavailable(t *testing.T) {
	t.Parallel()
	for _, scheme := range []string{"postgres", "mysql", "sqlserver"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			db := at(scheme+"://altas:s3cr3t%40%2F@127.0.0.1:1/altas").open(t, nil)
			wantReason(t, db.Put(t.Context(), teacher(1)), problem.CodeUnavailable, ReasonUnavailable, false)
			_, err := db.Find(t.Context(), provisioning.ReceiptQuery{Address: "a@x.mx"})
			wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
			err = db.Recovered(t.Context(), "a@x.mx", "2026-000900", recoveredAt)
			wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
			if strings.Contains(db.String(), "s3cr3t") {
				t.Errorf("String = %s", db)
			}
		})
	}
}

// A server that accepts connections but does not answer costs one timeout, for any number of
// callers.
func TestSilentServerCostsOneTimeout(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = silent.Close() })
	for _, scheme := range []string{"postgres", "mysql", "sqlserver"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			db, err := Open(Config{DSN: scheme + "://altas:s3cr3t@" + silent.Addr().String() + "/altas", Timeout: time.Second})
			if err != nil {
				t.Fatal(err)
			}
			defer db.Close()
			errs := make(chan error, 20)
			for range cap(errs) {
				go func() { errs <- db.Put(context.WithoutCancel(t.Context()), teacher(1)) }()
			}
			for range cap(errs) {
				wantReason(t, <-errs, problem.CodeUnavailable, ReasonUnavailable, false)
			}
			if n := db.tries.Load(); n > 10 {
				t.Errorf("first contact was tried %d times for 20 callers", n)
			}
		})
	}
}

// eventually repeats act for up to a minute, until it succeeds.
func eventually(t *testing.T, act func() error) (err error) {
	t.Helper()
	enough, retry := time.After(time.Minute), time.NewTicker(50*time.Millisecond)
	defer retry.Stop()
	for err = act(); err != nil; err = act() {
		select {
		case <-retry.C:
		case <-enough:
			return err
		}
	}
	return nil
}

func TestRefusedLoginIsUnavailable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		if b.Kind == "sqlite" {
			t.Skip("SQLite knows no logins")
		}
		b.Exec(t, createUser(b.Kind)...)
		t.Cleanup(func() { b.Exec(t, "DROP USER altas_nobody") })
		db := at(receiptstest.As(t, b.DSN, "altas_nobody", "s3cr3t-rotated")).open(t, nil)
		wantReason(t, db.Put(t.Context(), teacher(1)), problem.CodeUnavailable, ReasonUnavailable, false)
	})
}

// createUser returns the statements that create a login without rights.
func createUser(kind string) []string {
	if kind == "mysql" {
		return []string{"CREATE USER altas_nobody IDENTIFIED BY 'other'"}
	}
	return []string{"CREATE USER altas_nobody PASSWORD 'other'"}
}

func TestRotatedPasswordIsUsed(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		present := "sqlite:" + t.TempDir() // a folder is not a database
		db, err := Open(Config{DSN: b.DSN, Reload: func() (string, error) {
			if b.Kind != "sqlite" {
				return strings.Replace(present, "sqlite:", b.Kind+"://x:y@127.0.0.1:1/", 1), nil
			}
			return present, nil
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		if err := db.Put(t.Context(), teacher(1)); err == nil {
			t.Fatal("Put through the old address succeeded")
		}
		kind := b.Kind
		b.Kind, present = "sqlite", b.DSN // now Reload returns the DSN unchanged
		mustPut(t, db, teacher(1))
		b.Kind = kind
	})
}

// A read-only, full or locked database is unavailable; the row is not refused.
func TestReadOnlyIsUnavailable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		mustPut(t, db, teacher(1))
		readOnly := func() {}
		switch b.Kind {
		case "postgres":
			db = at(receiptstest.With(t, b.DSN, "default_transaction_read_only", "on")).open(t, nil)
		case "sqlite":
			db.sql.SetMaxOpenConns(1)
			readOnly = func() { // sets the connection, which is closed after an outage
				if _, err := db.sql.ExecContext(t.Context(), "PRAGMA query_only = 1"); err != nil {
					t.Fatal(err)
				}
			}
		case "mysql":
			t.Skip("read_only is the whole server's; error 1290 is in the table of faults")
		}
		readOnly()
		if got := findAddress(t, db, teacher(1).Address); len(got) != 1 {
			t.Errorf("reading = %v", got)
		}
		wantReason(t, db.Put(t.Context(), teacher(2)), problem.CodeUnavailable, ReasonUnavailable, false)
		readOnly()
		err := db.Recovered(t.Context(), teacher(1).Address, "2026-000900", recoveredAt)
		wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
	})
}

func TestSlowStatementIsUnavailable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		if b.Kind == "sqlite" {
			t.Skip("writers wait for each other in SQLite's own busy handler")
		}
		mustPut(t, b.open(t, nil), teacher(1))
		db, err := Open(Config{DSN: b.DSN, Timeout: 200 * time.Millisecond})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = db.Close() })
		tx, err := b.SQL(t).BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := tx.ExecContext(t.Context(), "UPDATE receipts SET director = 'x'"); err != nil {
			t.Fatal(err)
		}
		changed := teacher(1)
		changed.State = provisioning.ReceiptDisabled
		wantReason(t, db.Put(t.Context(), changed), problem.CodeUnavailable, ReasonUnavailable, false)
		recovered := func() error { return db.Recovered(t.Context(), changed.Address, "2026-000900", recoveredAt) }
		wantReason(t, recovered(), problem.CodeUnavailable, ReasonUnavailable, false)
		if err := tx.Rollback(); err != nil {
			t.Fatal(err)
		}
		if err := eventually(t, recovered); err != nil {
			t.Errorf("recovery, once the row is free: %v", err)
		}
		if err := eventually(t, func() error { return db.Put(t.Context(), changed) }); err != nil {
			t.Errorf("once the row is free: %v", err)
		}
	})
}

func TestFullDiskIsUnavailable(t *testing.T) {
	t.Parallel()
	db := at("sqlite:"+filepath.Join(t.TempDir(), "receipts.db")).open(t, nil)
	mustPut(t, db, teacher(0))
	db.sql.SetMaxOpenConns(1)
	if _, err := db.sql.ExecContext(t.Context(), "PRAGMA max_page_count = 1"); err != nil { // at most the present number of pages
		t.Fatal(err)
	}
	var err error
	for n := 1; n < 500 && err == nil; n++ {
		err = db.Put(t.Context(), teacher(n))
	}
	wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
	if _, err := db.sql.ExecContext(t.Context(), "PRAGMA max_page_count = 1000000"); err != nil {
		t.Fatal(err)
	}
	mustPut(t, db, teacher(500))
}

func TestSQLiteFileIsItsOwnersAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "data", "año 1?#%.db")
	mustPut(t, at("sqlite:"+path).open(t, nil), teacher(1))
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if info.Mode().Perm() != 0o600 || info.Size() == 0 {
		t.Errorf("mode = %v, size = %d", info.Mode(), info.Size())
	}
}
