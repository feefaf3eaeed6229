//go:build linux

package receipts

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// failure is statements that cause a failure of a whole server, and those that end it.
type failure struct{ begin, end []string }

// A failure of a whole server is an outage that ends with it: no row is refused permanently, and
// none is lost.
func TestFailuresOfTheServer(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts database servers")
	}
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		s := receiptstest.StartPostgres(t)
		s.Exec(t, "CREATE USER altas_plain PASSWORD 'plain'", "CREATE SCHEMA altas_plain AUTHORIZATION altas_plain")
		testFailures(t, s, map[string]failure{
			"read-only": {
				[]string{"ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()"},
				[]string{"SET default_transaction_read_only = off", "ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()"}},
			"no connection left": {[]string{"ALTER USER altas_plain CONNECTION LIMIT 0", disconnectPostgres}, []string{"ALTER USER altas_plain CONNECTION LIMIT -1"}},
			"login forbidden":    {[]string{"ALTER USER altas_plain NOLOGIN", disconnectPostgres}, []string{"ALTER USER altas_plain LOGIN"}},
			"rights withdrawn":   {[]string{"REVOKE USAGE ON SCHEMA altas_plain FROM altas_plain"}, []string{"GRANT USAGE ON SCHEMA altas_plain TO altas_plain"}},
			"schema recreated":   {[]string{"DROP SCHEMA altas_plain CASCADE"}, []string{"CREATE SCHEMA altas_plain AUTHORIZATION altas_plain"}},
		})
	})
	t.Run("mariadb", func(t *testing.T) {
		t.Parallel()
		s := receiptstest.StartMariaDB(t)
		testFailures(t, s, map[string]failure{
			"read-only":              {[]string{"SET GLOBAL read_only = 1"}, []string{"SET GLOBAL read_only = 0"}},
			"read-only transactions": {[]string{"SET GLOBAL tx_read_only = 1", disconnectMariaDB}, []string{"SET GLOBAL tx_read_only = 0", disconnectMariaDB}},
			"login forbidden":        {[]string{"ALTER USER altas_plain@'127.0.0.1' ACCOUNT LOCK", disconnectMariaDB}, []string{"ALTER USER altas_plain@'127.0.0.1' ACCOUNT UNLOCK"}},
			"password expired":       {[]string{"ALTER USER altas_plain@'127.0.0.1' PASSWORD EXPIRE", disconnectMariaDB}, []string{"ALTER USER altas_plain@'127.0.0.1' IDENTIFIED BY 'plain'", disconnectMariaDB}},
			"rights withdrawn":       {[]string{"REVOKE INSERT ON altas.* FROM altas_plain@'127.0.0.1'", disconnectMariaDB}, []string{"GRANT ALL ON altas.* TO altas_plain@'127.0.0.1'", disconnectMariaDB}},
			"tables dropped":         {[]string{"DROP TABLE receipts, altas_receipts_version"}, nil},
		})
	})
}

const (
	disconnectPostgres = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'altas_plain'"
	disconnectMariaDB  = "KILL USER altas_plain"
)

// testFailures causes the failures one after the other, with a login without special rights.
func testFailures(t *testing.T, s *receiptstest.Server, failures map[string]failure) {
	t.Helper()
	db := at(receiptstest.As(t, s.DSN, "altas_plain", "plain")).open(t, nil)
	n := 0
	put := func() error { // a new row
		n++
		return db.Put(t.Context(), teacher(n))
	}
	if err := put(); err != nil {
		t.Fatal(err)
	}
	for name, failure := range failures {
		s.Exec(t, failure.begin...)
		if err := outage(t, put, failure.end == nil); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		s.Exec(t, failure.end...)
		if err := eventually(t, put); err != nil {
			t.Errorf("%s, over: %v", name, err)
		}
	}
}

// outage waits until a Put fails, because it takes a while until the failure reaches all
// connections. A failure that ends by itself may fail one Put only, or none.
func outage(t *testing.T, put func() error, byItself bool) error {
	t.Helper()
	return eventually(t, func() error {
		err := put()
		switch {
		case err == nil && !byItself:
			return errors.New("the row was taken")
		case err != nil && (problem.CodeOf(err) != problem.CodeUnavailable || job.IsPermanent(err)):
			t.Errorf("Put = %v, want unavailable", err)
		}
		return nil
	})
}

// After a fail-over, the server is a read-only copy and its name has another address: the next try
// connects there, although the old server still answers.
func TestFailOver(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts database servers")
	}
	old, fresh := receiptstest.StartMariaDB(t), receiptstest.StartMariaDB(t)
	name := &proxy{}
	name.pointTo(t, old.DSN)
	dsn := receiptstest.As(t, old.DSN, "altas_plain", "plain")
	db := at(strings.Replace(dsn, hostOf(t, old.DSN), name.listen(t), 1)).open(t, nil)
	mustPut(t, db, teacher(1))
	old.Exec(t, "SET GLOBAL read_only = 1")
	name.pointTo(t, fresh.DSN)
	wantReason(t, db.Put(t.Context(), teacher(2)), problem.CodeUnavailable, ReasonUnavailable, false)
	mustPut(t, db, teacher(2))
	if n := fresh.Count(t, "SELECT COUNT(*) FROM receipts"); n != 1 {
		t.Errorf("the new server has %d rows, want 1", n)
	}
}

// proxy is a listener whose connections go to a server that can be changed.
type proxy struct{ to atomic.Value }

func hostOf(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("the server's address is no URL")
	}
	return u.Host
}

func (a *proxy) pointTo(t *testing.T, dsn string) {
	t.Helper()
	a.to.Store(hostOf(t, dsn))
}

func (a *proxy) listen(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	go func() {
		for {
			in, err := l.Accept()
			if err != nil {
				return
			}
			out, err := net.Dial("tcp", a.to.Load().(string))
			if err != nil {
				_ = in.Close()
				continue
			}
			pass := func(to, from net.Conn) {
				_, _ = io.Copy(to, from)
				_ = to.Close()
			}
			go pass(in, out)
			go pass(out, in)
		}
	}()
	return l.Addr().String()
}

// The server's settings make no difference to what is stored: autocommit, quotes and backslashes,
// the case of names, strictness, character set, isolation.
func TestSettingsOfMariaDBMakeNoDifference(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("starts database servers")
	}
	s := receiptstest.StartMariaDB(t, "--autocommit=0", "--lower-case-table-names=1", "--character-set-server=latin1", "--collation-server=latin1_spanish_ci",
		"--sql-mode=ANSI_QUOTES,NO_BACKSLASH_ESCAPES,PIPES_AS_CONCAT,PAD_CHAR_TO_FULL_LENGTH,NO_ZERO_DATE,IGNORE_SPACE",
		"--transaction-isolation=SERIALIZABLE", "--default-time-zone=-06:00", "--init-connect=SET NAMES latin1, sql_safe_updates=1")
	dsn := receiptstest.As(t, s.DSN, "altas_plain", "plain")
	db := at(dsn).open(t, nil)
	for i, hostile := range hostileTexts {
		row := teacher(i)
		row.Holder.Person.GivenNames, row.Petition.Number = hostile, hostile
		mustPut(t, db, row)
		row.State = provisioning.ReceiptDisabled
		mustPut(t, db, row)
		if got := findAddress(t, at(dsn).open(t, nil), row.Address); len(got) != 1 || got[0] != row {
			t.Errorf("%q is stored as %+v", hostile, got)
		}
	}
	s.Exec(t, correos("mysql", "Correos O365", "Correos_O365", "electrónico", "electronico"))
	m := correosMap()
	m.Table, m.Columns["address"] = "CORREOS_O365", "correo: electronico"
	mapped := at(dsn).open(t, m)
	if err := mapped.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	row := teacher(1)
	mustPut(t, mapped, row)
	row.Address = "otra@docentecoahuila.gob.mx"
	mustPut(t, mapped, row)
	if n := s.Count(t, "SELECT COUNT(*) FROM altas.correos_o365"); n != 1 {
		t.Errorf("%d rows in the mapped table, want 1", n)
	}
}

// A database with a smaller character set refuses other characters as values, and stores its own
// exactly.
func TestNarrowEncodings(t *testing.T) {
	t.Parallel()
	for _, encoding := range []string{"LATIN1", "SQL_ASCII"} {
		t.Run(encoding, func(t *testing.T) {
			t.Parallel()
			shared := receiptstest.Postgres(t)
			name := strings.ToLower(encoding) + fmt.Sprint(time.Now().UnixNano())
			shared.Exec(t, "CREATE DATABASE "+name+" TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C' ENCODING '"+encoding+"'")
			t.Cleanup(func() { shared.Exec(t, "DROP DATABASE "+name+" WITH (FORCE)") })
			db := at(receiptstest.With(t, receiptstest.InDatabase(t, shared.DSN, name), "search_path", "public")).open(t, nil)
			for i, hostile := range hostileTexts {
				row := teacher(i)
				row.Holder.Person.GivenNames = hostile
				err := db.Put(t.Context(), row)
				if got := findAddress(t, db, row.Address); err == nil && (len(got) != 1 || got[0] != row) {
					t.Errorf("%q is stored as %+v", hostile, got)
				}
				if err != nil && !errors.Is(err, &problem.Error{Code: problem.CodeInvalid, Reason: ReasonRefused}) {
					t.Errorf("%q: %v", hostile, err)
				}
			}
			mustPut(t, db, teacher(100))
		})
	}
}
