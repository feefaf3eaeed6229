package receipts

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// stored returns the bytes of the table's files, after the database has written its pages to them:
// SQLite's with all beside it, and those of the table and its indexes on a server.
func (b backend) stored(t *testing.T) []byte {
	t.Helper()
	if b.Kind == "sqlite" {
		return b.files(t)
	}
	if b.Kind == "mysql" {
		return b.tablespace(t)
	}
	b.Exec(t, "CHECKPOINT")
	var all []byte
	err := b.SQL(t).QueryRowContext(t.Context(), `SELECT string_agg(pg_read_binary_file(pg_relation_filepath(c.oid)), '') FROM pg_class c
		WHERE c.oid = CAST('receipts' AS regclass) OR c.oid IN (SELECT indexrelid FROM pg_index WHERE indrelid = CAST('receipts' AS regclass))`).Scan(&all)
	if err != nil {
		receiptstest.Unavailable(t, "this login may not read the server's files: "+err.Error())
	}
	return all
}

// tablespace returns the bytes of MariaDB's file of the table, which is on this machine.
func (b backend) tablespace(t *testing.T) []byte {
	t.Helper()
	b.Exec(t, "FLUSH TABLES receipts FOR EXPORT")
	var path string
	if err := b.SQL(t).QueryRowContext(t.Context(), "SELECT CONCAT(@@datadir, DATABASE(), '/receipts.ibd')").Scan(&path); err != nil {
		t.Fatal(err)
	}
	all, err := os.ReadFile(path)
	if err != nil {
		receiptstest.Unavailable(t, "the server's files cannot be read: "+err.Error())
	}
	return all
}

// files returns the bytes of SQLite's file and of all beside it.
func (b backend) files(t *testing.T) (all []byte) {
	t.Helper()
	names, err := filepath.Glob(strings.TrimPrefix(b.DSN, "sqlite:") + "*")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, text...)
	}
	return all
}

// settled makes SQLite move its log into its file.
func (b backend) settled(t *testing.T) {
	t.Helper()
	if b.Kind == "sqlite" {
		b.Exec(t, "PRAGMA wal_checkpoint(TRUNCATE)")
	}
}

// somebody is a person whose data no other row has.
func somebody() provisioning.Receipt {
	r := teacher(50)
	r.Address = "xochitl.zurdo@docentecoahuila.gob.mx"
	r.Holder.Person = identity.Person{
		GivenNames: "Xóchitl", FirstSurname: "Zurdo", SecondSurname: "Iñárritu", CURP: "ZUIX800101MCLRXC09",
		CCT: "05DPR9876K", EmployeeNumber: "E-776655", Level: "Telesecundaria", Grade: "Sexto", Group: "Grupo Q",
	}
	r.Requester.Name = "Zurdo Iñárritu Xóchitl"
	return r
}

// told returns what the bytes still have of somebody.
func told(all []byte) (found []string) {
	for _, word := range []string{
		"ZUIX800101MCLRXC09", "Xóchitl", "Zurdo", "Iñárritu", "xochitl", "zurdo", "05DPR9876K", "E-776655", "Telesecundaria", "Sexto", "Grupo Q",
	} {
		if bytes.Contains(all, []byte(word)) {
			found = append(found, word)
		}
	}
	return found
}

// fillPages leaves the name in pages that the table does not use any more.
func fillPages(t *testing.T, b backend, db *DB, name string) {
	t.Helper()
	list := make([]map[string]string, 1000)
	for n := range list {
		list[n] = map[string]string{"address": fmt.Sprintf("a%d@docentecoahuila.gob.mx", n), "given_names": strings.Repeat(name, 20)}
	}
	importAll(t, db, false, list)
	b.stored(t) // written
	b.Exec(t, "DELETE FROM receipts WHERE state = 'importada'")
}

// After Erase and Compact, no byte of what the row said is in the files, nor of what it said earlier;
// the other rows are there.
func TestCompactLeavesNoBytes(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := somebody()
		for n := range 40 {
			mustPut(t, db, teacher(n))
			if n == 20 {
				mustPut(t, db, row)
			}
		}
		b.settled(t)
		if found := told(b.stored(t)); len(found) != 11 {
			t.Fatalf("before, the files have only %q", found)
		}
		fillPages(t, b, db, "Zurdo")
		if e := mustErase(t, db, row.Holder.Person.CURP); e.Rows != 1 {
			t.Fatalf("erased %+v", e)
		}
		b.settled(t)
		if len(told(b.stored(t))) == 0 {
			t.Error("nothing was left to be compacted: the test shows nothing")
		}
		for range 2 {
			if err := db.Compact(t.Context()); err != nil {
				t.Fatalf("Compact: %v", err)
			}
			if found := told(b.stored(t)); len(found) > 0 {
				t.Errorf("the files have %q", found)
			}
		}
		if all := b.stored(t); !bytes.Contains(all, []byte(teacher(7).Address)) || !bytes.Contains(all, []byte("suprimida."+row.Stamp)) || len(allRows(t, db)) != 41 {
			t.Error("rows are missing")
		}
		mustPut(t, db, teacher(99))
	})
}

// While somebody reads what the rows said, it is kept; then Compact fails, and says why.
func TestCompactDuringATransaction(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		if b.Kind == "mysql" {
			t.Skip("waits for the reader, as for any change of the table")
		}
		db := b.open(t, nil)
		mustPut(t, db, somebody())
		reader, err := b.SQL(t).BeginTx(t.Context(), nil)
		if err != nil {
			t.Fatal(err)
		}
		defer reader.Rollback()
		var n int
		if err := reader.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM receipts").Scan(&n); err != nil || n != 1 {
			t.Fatal(n, err)
		}
		mustErase(t, db, somebody().Holder.Person.CURP)
		db.timeout = 6 * time.Second / compactTimeouts
		err = db.Compact(t.Context())
		want := map[string]string{"sqlite": "somebody else is reading the file", "postgres": "an earlier transaction is still running"}[b.Kind]
		if !errors.Is(err, ErrNotCompacted) || !strings.Contains(err.Error(), want) {
			t.Errorf("Compact = %v, want %q", err, want)
		}
		if err := reader.Rollback(); err != nil {
			t.Fatal(err)
		}
		db.timeout = time.Minute
		if err := db.Compact(t.Context()); err != nil {
			t.Errorf("Compact: %v", err)
		}
		if found := told(b.stored(t)); len(found) > 0 {
			t.Errorf("the files have %q", found)
		}
	})
}

// A table that cannot be rewritten is told, and its rows are blanked all the same.
func TestCompactThatFails(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		if b.Kind == "sqlite" {
			t.Skip("rewrites the whole file")
		}
		db := b.open(t, nil)
		mustPut(t, db, teacher(1))
		b.Exec(t, "ALTER TABLE receipts RENAME TO elsewhere")
		if err := db.Compact(t.Context()); !errors.Is(err, ErrNotCompacted) || !strings.Contains(err.Error(), "receipts") {
			t.Errorf("Compact = %v", err)
		}
	})
	nowhere := at("postgres://x@127.0.0.1:1/x")
	if err := nowhere.open(t, nil).Compact(t.Context()); !errors.Is(err, ErrNotCompacted) {
		t.Errorf("without a server: %v", err)
	}
	if err := nowhere.open(t, correosMap()).Compact(t.Context()); err != nil { // it is not even asked
		t.Errorf("a mapped table: %v", err)
	}
}

// PostgreSQL lets a login that only writes rows execute the statement, and does nothing.
func TestCompactNeedsTheOwnerInPostgres(t *testing.T) {
	t.Parallel()
	b := backend{receiptstest.Postgres(t)}
	owner := b.open(t, nil)
	mustPut(t, owner, somebody())
	schema := "current_schema()"
	if err := b.SQL(t).QueryRowContext(t.Context(), "SELECT "+schema).Scan(&schema); err != nil {
		t.Fatal(err)
	}
	login := "writer_of_" + schema
	b.Exec(t, "CREATE USER "+login+" PASSWORD 'w'", "GRANT USAGE ON SCHEMA "+schema+" TO "+login, "GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA "+schema+" TO "+login)
	t.Cleanup(func() { b.Exec(t, "DROP OWNED BY "+login, "DROP USER "+login) })
	db := at(receiptstest.As(t, b.DSN, login, "w")).open(t, nil)
	if e := mustErase(t, db, somebody().Holder.Person.CURP); e.Rows != 1 {
		t.Errorf("erased %+v", e)
	}
	if err := db.Compact(t.Context()); !errors.Is(err, ErrNotCompacted) || !strings.Contains(err.Error(), `its owner has to execute VACUUM FULL "receipts"`) {
		t.Errorf("Compact = %v", err)
	}
	if err := owner.Compact(t.Context()); err != nil {
		t.Errorf("by the owner: %v", err)
	}
	if found := told(b.stored(t)); len(found) > 0 {
		t.Errorf("the files have %q", found)
	}
}
