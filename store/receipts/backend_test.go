package receipts

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The suite runs against SQLite always, and against real servers where these
// name one; ALTAS_REQUIRE_DATABASES=1 makes a missing one a failure.
const (
	postgresEnv = "ALTAS_TEST_POSTGRES_DSN"
	mysqlEnv    = "ALTAS_TEST_MYSQL_DSN"
	requireEnv  = "ALTAS_REQUIRE_DATABASES"
)

// onEach runs the test on each database, each time on an empty one of its own.
func onEach(t *testing.T, test func(t *testing.T, b backend)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		test(t, backend{kind: "sqlite", dsn: "sqlite:" + filepath.Join(t.TempDir(), "receipts.db")})
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		test(t, backend{kind: "postgres", dsn: freshSchema(t, serverDSN(t, postgresEnv))})
	})
	t.Run("mysql", func(t *testing.T) {
		t.Parallel()
		test(t, backend{kind: "mysql", dsn: freshDatabase(t, serverDSN(t, mysqlEnv))})
	})
}

type backend struct{ kind, dsn string }

func (b backend) open(t *testing.T, m *TableMap) *DB {
	t.Helper()
	db, err := Open(t.Context(), Config{DSN: b.dsn, Table: m, Now: tick()})
	if err != nil {
		t.Fatalf("Open: %v", err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// tick is a clock that never stands still.
func tick() func() time.Time {
	start := time.Date(2026, 3, 2, 15, 0, 0, 0, time.UTC)
	var n atomic.Int64
	return func() time.Time { return start.Add(time.Duration(n.Add(1)) * time.Second) }
}

func serverDSN(t *testing.T, env string) string {
	t.Helper()
	dsn := os.Getenv(env)
	if dsn == "" {
		unavailable(t, "set "+env+" to test against a real server")
	}
	return dsn
}

func unavailable(t *testing.T, why string) {
	t.Helper()
	if os.Getenv(requireEnv) == "1" {
		t.Fatal(why + " (" + requireEnv + "=1)")
	}
	t.Skip(why)
}

var serial atomic.Int64

func freshName() string { return fmt.Sprintf("altas_test_%d_%d", os.Getpid(), serial.Add(1)) }

func freshSchema(t *testing.T, dsn string) string {
	t.Helper()
	name := freshName()
	execOn(t, dsn, "CREATE SCHEMA "+name)
	t.Cleanup(func() { execOn(t, dsn, "DROP SCHEMA "+name+" CASCADE") })
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("the server's address is no URL")
	}
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

func freshDatabase(t *testing.T, dsn string) string {
	t.Helper()
	name := freshName()
	execOn(t, dsn, "CREATE DATABASE "+name)
	t.Cleanup(func() { execOn(t, dsn, "DROP DATABASE "+name) })
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("the server's address is no URL")
	}
	u.Path = "/" + name
	return u.String()
}

// raw is a connection to the database that bypasses what is tested.
func raw(t *testing.T, dsn string) *sql.DB {
	t.Helper()
	target, err := parseDSN(dsn)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(target.connector)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func execOn(t *testing.T, dsn string, statements ...string) {
	t.Helper()
	db := raw(t, dsn)
	for _, s := range statements {
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

func count(t *testing.T, dsn, query string) int {
	t.Helper()
	var n int
	if err := raw(t, dsn).QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}

// teacher is a row of an invented person.
func teacher(n int) provisioning.Receipt {
	stamp := provisioning.NewStamp(provisioning.NewFolio(2026, 1+n/1000), 1+n%1000)
	at := time.Date(2026, 3, 2, 15, 4, 5, 678901000, time.UTC)
	return provisioning.Receipt{
		Stamp: stamp, Folio: stamp.Folio(), Address: provisioning.Address(fmt.Sprintf("perla.gamez%d@docentecoahuila.gob.mx", n)),
		Holder: provisioning.Holder{Type: provisioning.Teacher, Person: provisioning.Person{
			GivenNames: "Perla", FirstSurname: "Gámez", SecondSurname: "Peña",
			CURP: provisioning.CURP(fmt.Sprintf("XEXX10010%dHNEXXXA3", n%10)), CCT: "05EPR0093X", EmployeeNumber: fmt.Sprint(10000 + n),
		}},
		Petition:  provisioning.Petition{Medium: provisioning.MediumOficio, Number: "SEDU/DTI/045/2026", Date: time.Date(2026, 2, 27, 0, 0, 0, 0, time.UTC)},
		Requester: provisioning.Actor{ID: "5b4fb1a5-0000-4000-8000-000000000001", Name: "Secretaria Uno"},
		Director:  "Dirección", Subdirector: "Subdirección", ObjectID: fmt.Sprintf("0b1fb1a5-0000-4000-8000-%012d", n),
		State: provisioning.ReceiptActive, RequestedAt: at.Add(-time.Hour), AuthorizedAt: at.Add(-time.Minute), CreatedAt: at,
	}
}

func mustPut(t *testing.T, db *DB, r provisioning.Receipt) {
	t.Helper()
	if err := db.Put(t.Context(), r); err != nil {
		t.Fatalf("Put %s: %v", r.Stamp, err)
	}
}

func findAddress(t *testing.T, db *DB, a provisioning.Address) []provisioning.Receipt {
	t.Helper()
	rows, err := db.Find(t.Context(), provisioning.ReceiptQuery{Address: a})
	if err != nil {
		t.Fatalf("Find %s: %v", a, err)
	}
	return rows
}

func wantReason(t *testing.T, err error, code provisioning.Code, reason string, permanent bool) {
	t.Helper()
	if !errors.Is(err, &provisioning.Error{Code: code, Reason: reason}) {
		t.Fatalf("error = %v, want %s %s", err, code, reason)
	}
	if provisioning.IsPermanent(err) != permanent {
		t.Errorf("permanent = %v, want %v: %v", !permanent, permanent, err)
	}
	if strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("the error holds the password: %v", err)
	}
}
