package receipts

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// quoted replaces the quotes of names in a statement by the database's.
func quoted(kind, statement string) string {
	if kind == "mysql" {
		return strings.NewReplacer("`", "``", `"`, "`").Replace(statement)
	}
	return statement
}

func TestAViewIsNoTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind), quoted(b.Kind, `CREATE VIEW "Vista" AS SELECT * FROM "Correos O365"`))
		m := correosMap()
		m.Table = "Vista"
		var fault *MapError
		if err := b.open(t, m).Check(t.Context()); !errors.As(err, &fault) || len(fault.Faults) != 1 || !strings.Contains(fault.Faults[0], "it is a view") {
			t.Errorf("Check = %v", err)
		}
	})
}

// PostgreSQL folds unquoted names to lower case: the fault mentions the similar column.
func TestCapitalsOfColumnsAreHintedAt(t *testing.T) {
	t.Parallel()
	b := backend{receiptstest.Postgres(t)}
	b.Exec(t, correos("postgres", `"NOMBRE"`, "NOMBRE"))
	err := b.open(t, correosMap()).Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "column NOMBRE for given_names is missing, but there is nombre (capitals count)") {
		t.Errorf("Check = %v", err)
	}
}

// A row that a trigger of the table refuses is refused with the trigger's message.
func TestATriggerRefusesARow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind))
		switch b.Kind {
		case "postgres":
			b.Exec(t, `CREATE FUNCTION forbid() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'prohibido'; END $$`,
				`CREATE TRIGGER forbid BEFORE INSERT ON "Correos O365" FOR EACH ROW EXECUTE FUNCTION forbid()`)
		case "mysql":
			b.Exec(t, "CREATE TRIGGER forbid BEFORE INSERT ON `Correos O365` FOR EACH ROW SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'prohibido'")
		case "sqlite":
			b.Exec(t, `CREATE TRIGGER forbid BEFORE INSERT ON "Correos O365" BEGIN SELECT RAISE(ABORT, 'prohibido'); END`)
		}
		err := b.open(t, correosMap()).Put(t.Context(), teacher(1))
		wantReason(t, err, problem.CodeInvalid, ReasonRefused, true)
		if !strings.Contains(err.Error(), "prohibido") {
			t.Errorf("Put = %v", err)
		}
	})
}

// With a collation that takes "ñ" for "n", two such addresses have one key: the second is refused
// as taken.
func TestAddressesEqualByCollation(t *testing.T) {
	t.Parallel()
	b := backend{receiptstest.MySQL(t)}
	b.Exec(t, correos(b.Kind), "ALTER TABLE `Correos O365` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
	db := b.open(t, correosMap())
	first, second, third := teacher(1), teacher(2), teacher(3)
	first.Address, second.Address = "peña@x.mx", "pena@x.mx"
	mustPut(t, db, first)
	wantReason(t, db.Put(t.Context(), second), problem.CodeConflict, ReasonAddressTaken, true)
	mustPut(t, db, third)
	third.Address = "PENA@x.mx"
	wantReason(t, db.Put(t.Context(), third), problem.CodeConflict, ReasonAddressTaken, true)
	first.Address = "pena@x.mx"
	mustPut(t, db, first)
	if got := findAddress(t, db, "pena@x.mx"); len(got) != 1 || got[0].Stamp != first.Stamp {
		t.Errorf("found = %+v", got)
	}
}

// Any name of a table or column is quoted, and never executed.
func TestOddNames(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		for i, odd := range []string{"Año 2026", "select", "a`b", "a]b", "it's", "dos:puntos", "a::b", "¿qué?", "$1", "@p1", "%s {{x}}", `a\b`, "Tabla", "; DROP TABLE x; --"} {
			b.Exec(t, quoted(b.Kind, fmt.Sprintf(`CREATE TABLE "%[1]s" ("order %[1]s" VARCHAR(16) UNIQUE, "user %[1]s" VARCHAR(113) UNIQUE, "t %[1]s" VARCHAR(16),
				"c %[1]s" VARCHAR(18), "d %[1]s" VARCHAR(10), "k %[1]s" VARCHAR(9) NOT NULL)`, odd)))
			db := b.open(t, &TableMap{
				Table:     odd,
				Columns:   map[string]string{"stamp": "order " + odd, "address": "user " + odd, "type": "t " + odd, "curp": "c " + odd, "cct": "d " + odd},
				Constants: map[string]string{"k " + odd: "':x ?"},
			})
			row := teacher(i)
			mustPut(t, db, row)
			row.Address = "otra@x.mx"
			mustPut(t, db, row)
			if got := findAddress(t, db, row.Address); len(got) != 1 || got[0].Stamp != row.Stamp {
				t.Errorf("%s: found %+v", odd, got)
			}
		}
	})
}

// An ENUM column must accept each value that Altas writes.
func TestEnum(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) receiptstest.Database{"postgres": receiptstest.Postgres, "mysql": receiptstest.MySQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b, kind := backend{open(t)}, "ENUM('D','A','O''K')"
			if b.Kind == "postgres" {
				b.Exec(t, "CREATE TYPE tipo AS "+kind)
				kind = "tipo"
			}
			b.Exec(t, correos(b.Kind, `"TIPO" CHAR(1)`, `"TIPO" `+kind))
			m := correosMap()
			var fault *MapError
			if err := b.open(t, m).Check(t.Context()); !errors.As(err, &fault) || len(fault.Faults) != 1 ||
				fault.Faults[0] != "column TIPO for type takes only enum('D','A','O''K'), not C: translate it by values: {type: {centro: …}}" {
				t.Errorf("Check = %v", err)
			}
			m.Values["type"]["centro"], m.Lengths = "O'K", map[string]int{"given_names": 60}
			db := b.open(t, m)
			mustPut(t, db, teacher(1))
			q := provisioning.ReceiptQuery{Type: identity.Teacher, CURP: teacher(1).Holder.Person.CURP}
			if rows, err := db.Find(t.Context(), q); err != nil || len(rows) != 1 || rows[0].Holder.Type != identity.Teacher {
				t.Errorf("Find = %+v, %v", rows, err)
			}
		})
	}
}

// The table is found anywhere in the search path, not only in its first schema.
func TestTableFurtherDownTheSearchPath(t *testing.T) {
	t.Parallel()
	theirs, own := receiptstest.Postgres(t), receiptstest.Postgres(t)
	theirs.Exec(t, correos(theirs.Kind))
	path := searchPath(t, own.DSN) + "," + searchPath(t, theirs.DSN)
	db := at(receiptstest.With(t, own.DSN, "search_path", path)).open(t, correosMap())
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	mustPut(t, db, teacher(1))
}

// A read-only login is told which rights it lacks, and can read.
func TestLoginThatMayNotWrite(t *testing.T) {
	t.Parallel()
	for name, open := range map[string]func(testing.TB) receiptstest.Database{"postgres": receiptstest.Postgres, "mysql": receiptstest.MySQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := backend{open(t)}
			b.Exec(t, correos(b.Kind))
			reader, to := reader(t, b)
			grant := func(rights string) { b.Exec(t, quoted(b.Kind, `GRANT `+rights+` ON "Correos O365" TO `+to)) }
			grant("SELECT")
			db := reader.open(t, correosMap())
			if err := db.Check(t.Context()); err != nil {
				t.Fatal(err)
			}
			err := db.Writable()
			wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
			if !strings.Contains(err.Error(), "this login may not write FOLIO_ALTAS, Correo: electrónico, TIPO, NOMBRE, PATERNO, CURP, CCT, OFICIO_FECHA, ESTATUS, CAPTURADO, USUARIO: grant it") {
				t.Errorf("Writable = %v", err)
			}
			findAddress(t, db, teacher(1).Address)
			wantReason(t, db.Put(t.Context(), teacher(1)), problem.CodeUnavailable, ReasonUnavailable, false)
			grant("INSERT, UPDATE")
			mustPut(t, db, teacher(1))
			if err := errors.Join(db.Check(t.Context()), db.Writable()); err != nil {
				t.Errorf("with the rights: %v", err)
			}
		})
	}
}

// reader creates a login without rights on the tables, and returns it with its name in a GRANT.
func reader(t *testing.T, b backend) (reader backend, grantee string) {
	t.Helper()
	name := "reader_" + fmt.Sprint(time.Now().UnixNano())
	if b.Kind == "mysql" {
		b.Exec(t, "CREATE USER "+name+"@'%'")
		t.Cleanup(func() { b.Exec(t, "DROP USER "+name+"@'%'") })
		return at(receiptstest.As(t, b.DSN, name, "")), name + "@'%'"
	}
	b.Exec(t, "CREATE USER "+name, "GRANT USAGE ON SCHEMA "+searchPath(t, b.DSN)+" TO "+name)
	t.Cleanup(func() { b.Exec(t, "DROP OWNED BY "+name, "DROP USER "+name) })
	return at(receiptstest.As(t, b.DSN, name, "")), name
}

func searchPath(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal("the server's address is no URL")
	}
	return u.Query().Get("search_path")
}

// After the table was altered while Altas runs, the next try checks it again.
func TestTableIsAlteredMeanwhile(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		if b.Kind == "sqlite" {
			t.Skip("its table is a file's, and has nobody to alter it")
		}
		b.Exec(t, correos(b.Kind))
		db := b.open(t, correosMap())
		mustPut(t, db, teacher(1))
		b.Exec(t, quoted(b.Kind, `ALTER TABLE "Correos O365" RENAME COLUMN "NOMBRE" TO "NOMBRES"`))
		wantReason(t, db.Put(t.Context(), teacher(2)), problem.CodeUnavailable, ReasonUnavailable, false)
		if err := db.Put(t.Context(), teacher(2)); err == nil || !strings.Contains(err.Error(), "column NOMBRE for given_names is missing") {
			t.Errorf("Put = %v", err)
		}
		widen := `ALTER TABLE "Correos O365" ALTER COLUMN "NOMBRE" TYPE VARCHAR(200)`
		if b.Kind == "mysql" {
			widen = "ALTER TABLE `Correos O365` MODIFY NOMBRE VARCHAR(200)"
		}
		b.Exec(t, quoted(b.Kind, `ALTER TABLE "Correos O365" RENAME COLUMN "NOMBRES" TO "NOMBRE"`))
		mustPut(t, db, teacher(2))
		b.Exec(t, widen)
		if err := db.Put(t.Context(), teacher(3)); err != nil { // the prepared lookup may be stale
			wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
		}
		mustPut(t, db, teacher(3))
	})
}

// A table of another schema than the connection's is named with its schema.
func TestTableOfAnotherSchema(t *testing.T) {
	t.Parallel()
	for name, other := range map[string]func(testing.TB) receiptstest.Database{"postgres": receiptstest.Postgres, "mysql": receiptstest.MySQL} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			theirs, own := other(t), backend{other(t)}
			theirs.Exec(t, correos(theirs.Kind))
			u, err := url.Parse(theirs.DSN)
			if err != nil {
				t.Fatal("the server's address is no URL")
			}
			m := correosMap()
			schema := strings.TrimPrefix(u.Path, "/")
			if theirs.Kind == "postgres" {
				schema = searchPath(t, theirs.DSN)
			}
			m.Table = schema + "." + m.Table
			db := own.open(t, m)
			mustPut(t, db, teacher(1))
			if n := theirs.Count(t, quoted(theirs.Kind, `SELECT COUNT(*) FROM "Correos O365"`)); n != 1 || len(findAddress(t, db, teacher(1).Address)) != 1 {
				t.Errorf("%d rows, want 1, to be found", n)
			}
		})
	}
}
