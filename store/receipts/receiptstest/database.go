// Package receiptstest provides databases for tests: SQLite always, PostgreSQL and MariaDB if they
// are available. Only tests import it.
//
//	receiptstest.OnEach(t, func(t *testing.T, d receiptstest.Database) { … d.DSN … })
//	s := receiptstest.StartPostgres(t) // a new server; OnEachServer starts both kinds
//	s.Kill()
//	s.Start()
//
// ALTAS_TEST_POSTGRES_DSN and ALTAS_TEST_MYSQL_DSN are the shared servers. With
// ALTAS_REQUIRE_DATABASES=1 a missing one fails the test instead of skipping it.
package receiptstest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	mysqldriver "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib" // "pgx"
	_ "modernc.org/sqlite"             // "sqlite"
)

// Database is a new, empty database of a test. Kind is sqlite, postgres or mysql; DSN is a value of
// RECEIPTS_DSN.
type Database struct{ Kind, DSN string }

// OnEach runs the test on each kind of database, each time on a new, empty one.
func OnEach(t *testing.T, test func(*testing.T, Database)) {
	t.Helper()
	for kind, open := range map[string]func(testing.TB) Database{"sqlite": SQLite, "postgres": Postgres, "mysql": MySQL} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			test(t, open(t))
		})
	}
}

// SQLite returns a new file.
func SQLite(t testing.TB) Database {
	t.Helper()
	return Database{"sqlite", "sqlite:" + filepath.Join(t.TempDir(), "receipts.db")}
}

// Postgres returns a new schema on the shared server.
func Postgres(t testing.TB) Database {
	t.Helper()
	server, schema := shared(t, "postgres", "ALTAS_TEST_POSTGRES_DSN"), freshName()
	server.Exec(t, "CREATE SCHEMA "+schema)
	t.Cleanup(func() { server.Exec(t, "DROP SCHEMA "+schema+" CASCADE") })
	return Database{"postgres", With(t, server.DSN, "search_path", schema)}
}

// MySQL returns a new database on the shared server.
func MySQL(t testing.TB) Database {
	t.Helper()
	server, name := shared(t, "mysql", "ALTAS_TEST_MYSQL_DSN"), freshName()
	server.Exec(t, "CREATE DATABASE "+name)
	t.Cleanup(func() { server.Exec(t, "DROP DATABASE "+name) })
	return Database{"mysql", InDatabase(t, server.DSN, name)}
}

func shared(t testing.TB, kind, variable string) Database {
	t.Helper()
	dsn := strings.TrimSpace(os.Getenv(variable))
	if dsn == "" {
		Unavailable(t, "set "+variable+" to test against a real server")
	}
	return Database{kind, dsn}
}

// Unavailable skips the test, because a database or its files cannot be reached; with
// ALTAS_REQUIRE_DATABASES=1 it fails.
func Unavailable(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("ALTAS_REQUIRE_DATABASES") == "1" {
		t.Fatal(why + " (ALTAS_REQUIRE_DATABASES=1)")
	}
	t.Skip(why)
}

var serial atomic.Int64

func freshName() string { return fmt.Sprintf("altas_test_%d_%d", os.Getpid(), serial.Add(1)) }

// With returns the DSN of a server with a further option.
func With(t testing.TB, dsn, option, value string) string {
	t.Helper()
	u := parse(t, dsn)
	q := u.Query()
	q.Set(option, value)
	u.RawQuery = q.Encode()
	return u.String()
}

// As returns the DSN of a server with another login.
func As(t testing.TB, dsn, user, password string) string {
	t.Helper()
	u := parse(t, dsn)
	u.User = url.UserPassword(user, password)
	return u.String()
}

// InDatabase returns the DSN of a server with another database.
func InDatabase(t testing.TB, dsn, name string) string {
	t.Helper()
	u := parse(t, dsn)
	u.Path = "/" + name
	return u.String()
}

func parse(t testing.TB, dsn string) *url.URL {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("the server's address is no URL")
	}
	return u
}

// SQL returns a connection that bypasses the code under test, until the test ends.
func (d Database) SQL(t testing.TB) *sql.DB {
	t.Helper()
	db, err := d.open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

func (d Database) open() (*sql.DB, error) {
	if path, is := strings.CutPrefix(d.DSN, "sqlite:"); is {
		return sql.Open("sqlite", "file:"+(&url.URL{Path: path}).EscapedPath()+"?_pragma=busy_timeout(5000)")
	}
	if d.Kind == "postgres" {
		return sql.Open("pgx", d.DSN)
	}
	u, err := url.Parse(d.DSN)
	if err != nil {
		return nil, err
	}
	c := mysqldriver.NewConfig()
	c.Net, c.Addr, c.DBName, c.User = "tcp", u.Host, strings.TrimPrefix(u.Path, "/"), u.User.Username()
	c.Passwd, _ = u.User.Password()
	c.ParseTime, c.Timeout, c.Logger = true, time.Second, &mysqldriver.NopLogger{}
	connector, err := mysqldriver.NewConnector(c)
	return sql.OpenDB(connector), err
}

// Exec executes statements on a new connection that bypasses the code under test.
func (d Database) Exec(t testing.TB, statements ...string) {
	t.Helper()
	db, err := d.open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	db.SetMaxOpenConns(1) // settings of one statement apply to the next
	for _, s := range statements {
		if _, err := db.ExecContext(context.WithoutCancel(t.Context()), s); err != nil {
			t.Fatalf("%.200s: %v", s, err)
		}
	}
}

// Count returns the number that the query selects.
func (d Database) Count(t testing.TB, query string) int {
	t.Helper()
	db, err := d.open()
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(t.Context(), query).Scan(&n); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return n
}
