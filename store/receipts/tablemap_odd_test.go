package receipts

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// in writes a statement's quoted names as the database wants them.
func in(kind, statement string) string {
	if kind == "mysql" {
		return strings.NewReplacer("`", "``", `"`, "`").Replace(statement)
	}
	return statement
}

func TestAViewIsNoTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind), in(b.Kind, `CREATE VIEW "Vista" AS SELECT * FROM "Correos O365"`))
		m := correosMap()
		m.Table = "Vista"
		var fault *MapError
		if err := b.open(t, m).Check(t.Context()); !errors.As(err, &fault) || len(fault.Faults) != 1 || !strings.Contains(fault.Faults[0], "it is a view") {
			t.Errorf("Check = %v", err)
		}
	})
}

// PostgreSQL has small letters where nobody quoted the names.
func TestCapitalsOfColumnsAreHintedAt(t *testing.T) {
	t.Parallel()
	b := backend{receiptstest.Postgres(t)}
	b.Exec(t, correos("postgres", `"NOMBRE"`, "NOMBRE"))
	err := b.open(t, correosMap()).Check(t.Context())
	if err == nil || !strings.Contains(err.Error(), "column NOMBRE for given_names is missing, but there is nombre (capitals count)") {
		t.Errorf("Check = %v", err)
	}
}

// What the table's own rules forbid is refused, with their words.
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
		wantReason(t, err, provisioning.CodeInvalid, ReasonRefused, true)
		if !strings.Contains(err.Error(), "prohibido") {
			t.Errorf("Put = %v", err)
		}
	})
}

// A collation that takes "ñ" for "n" gives both the same key: then one of the two
// has the address, and the other is told so.
func TestLookalikesThatTheKeyTakesForOne(t *testing.T) {
	t.Parallel()
	b := backend{receiptstest.MySQL(t)}
	b.Exec(t, correos(b.Kind), "ALTER TABLE `Correos O365` CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
	db := b.open(t, correosMap())
	first, second, third := teacher(1), teacher(2), teacher(3)
	first.Address, second.Address = "peña@x.mx", "pena@x.mx"
	mustPut(t, db, first)
	wantReason(t, db.Put(t.Context(), second), provisioning.CodeConflict, ReasonAddressTaken, true)
	mustPut(t, db, third)
	third.Address = "PENA@x.mx"
	wantReason(t, db.Put(t.Context(), third), provisioning.CodeConflict, ReasonAddressTaken, true)
	first.Address = "pena@x.mx"
	mustPut(t, db, first)
	if got := findAddress(t, db, "pena@x.mx"); len(got) != 1 || got[0].Stamp != first.Stamp {
		t.Errorf("found = %+v", got)
	}
}

// Whatever the ministry called its table and columns, they are names and nothing else.
func TestOddNames(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		for i, odd := range []string{"Año 2026", "select", "a`b", "a]b", "it's", "dos:puntos", "a::b", "¿qué?", "$1", "@p1", "%s {{x}}", `a\b`, "Tabla", "; DROP TABLE x; --"} {
			b.Exec(t, in(b.Kind, fmt.Sprintf(`CREATE TABLE "%[1]s" ("order %[1]s" VARCHAR(16) UNIQUE, "user %[1]s" VARCHAR(113) UNIQUE, "t %[1]s" VARCHAR(16),
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

// A table of another schema than the connection's own is named with it.
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
				schema = u.Query().Get("search_path")
			}
			m.Table = schema + "." + m.Table
			db := own.open(t, m)
			mustPut(t, db, teacher(1))
			if n := theirs.Count(t, in(theirs.Kind, `SELECT COUNT(*) FROM "Correos O365"`)); n != 1 || len(findAddress(t, db, teacher(1).Address)) != 1 {
				t.Errorf("%d rows, want 1, to be found", n)
			}
		})
	}
}
