package receipts

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// correos returns the statement of an existing table: names with blanks and a colon, an own key, a
// NOT NULL column, one with a default, and short texts.
func correos(kind string, edits ...string) string {
	text := `CREATE TABLE "Correos O365" (
  "ID" BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  "FOLIO_ALTAS" VARCHAR(16),
  "Correo: electrónico" VARCHAR(120) NOT NULL,
  "TIPO" CHAR(1) NOT NULL,
  "CURP" CHAR(18),
  "CCT" VARCHAR(10) NOT NULL,
  "NOMBRE" VARCHAR(60),
  "PATERNO" VARCHAR(128) NOT NULL,
  "OFICIO_FECHA" DATE,
  "ESTATUS" VARCHAR(16),
  "CAPTURADO" TIMESTAMP(0),
  "USUARIO" VARCHAR(20) NOT NULL,
  "ALTA" TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "OBSERVACIONES" VARCHAR(10),
  UNIQUE ("FOLIO_ALTAS"), UNIQUE ("Correo: electrónico"))`
	for i := 0; i+1 < len(edits); i += 2 {
		text = strings.ReplaceAll(text, edits[i], edits[i+1])
	}
	switch kind {
	case "mysql":
		text = strings.NewReplacer(`"`, "`", "GENERATED ALWAYS AS IDENTITY", "AUTO_INCREMENT", "TIMESTAMP(0)", "DATETIME").Replace(text) +
			" CHARACTER SET utf8mb4 COLLATE utf8mb4_spanish_ci"
	case "sqlite":
		text = strings.NewReplacer("BIGINT GENERATED ALWAYS AS IDENTITY", "INTEGER").Replace(text)
	}
	return text
}

func correosMap() *TableMap {
	return &TableMap{
		Table: "Correos O365",
		Columns: map[string]string{
			"stamp": "FOLIO_ALTAS", "address": "Correo: electrónico", "type": "TIPO", "curp": "CURP", "cct": "CCT", "given_names": "NOMBRE",
			"first_surname": "PATERNO", "petition_date": "OFICIO_FECHA", "state": "ESTATUS", "created_at": "CAPTURADO",
		},
		Constants: map[string]string{"USUARIO": "ALTAS"},
		Values:    map[string]map[string]string{"type": {"docente": "D", "alumno": "A", "centro": "C"}, "state": {"activa": "ACTIVO"}},
		Lengths:   map[string]int{"given_names": 60, "type": 1},
	}
}

func TestExistingTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind))
		db := b.open(t, correosMap())
		if err := db.Check(t.Context()); err != nil {
			t.Fatalf("Check: %v", err)
		}
		want := teacher(1)
		mustPut(t, db, want)
		mustPut(t, db, want)
		want.State, want.Address = provisioning.ReceiptDisabled, "otra@docentecoahuila.gob.mx"
		mustPut(t, db, want)

		want = asCorreosHas(want, b.Kind)
		if diff := cmp.Diff([]provisioning.Receipt{want}, findAddress(t, db, "OTRA@docentecoahuila.gob.mx")); diff != "" {
			t.Errorf("row (-want +got):\n%s", diff)
		}
		q := provisioning.ReceiptQuery{Type: identity.Teacher, CURP: want.Holder.Person.CURP}
		if rows, err := db.Find(t.Context(), q); err != nil || len(rows) != 1 {
			t.Errorf("Find by CURP = %v, %v", rows, err)
		}
		if _, err := db.Migrate(t.Context()); err == nil {
			t.Error("Migrate changed a table that is not ours")
		}
		long := teacher(2)
		long.Holder.Person.GivenNames = strings.Repeat("ñ", 61)
		wantReason(t, db.Put(t.Context(), long), problem.CodeInvalid, ReasonRefused, true)
	})
}

// asCorreosHas returns the row without the fields that the table has no column for.
func asCorreosHas(r provisioning.Receipt, kind string) provisioning.Receipt {
	p, grain := r.Holder.Person, time.Second
	if kind == "sqlite" {
		grain = time.Microsecond // SQLite ignores the precision of a column's type
	}
	return provisioning.Receipt{
		Stamp: r.Stamp, Address: r.Address, State: r.State, Petition: provisioning.Petition{Date: r.Petition.Date},
		Holder: identity.Holder{Type: r.Holder.Type, Person: identity.Person{
			GivenNames: p.GivenNames, FirstSurname: p.FirstSurname, CURP: p.CURP, CCT: p.CCT,
		}},
		CreatedAt: r.CreatedAt.Truncate(grain),
	}
}

// Rows that others wrote are found whatever their capitals, and become ours when the same holder
// gets the same address.
func TestExistingRowsAreFoundAndTakenOver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind))
		b.Exec(t, quoted(b.Kind, `INSERT INTO "Correos O365" ("Correo: electrónico", "TIPO", "CURP", "CCT", "PATERNO", "USUARIO", "OBSERVACIONES") VALUES
			('Perla.Gamez1@DocenteCoahuila.gob.mx', 'D', 'zxzz100101hnezzza1', '05EPR0093X', 'Gámez', 'LUPITA', 'nota')`))
		db := b.open(t, correosMap())

		found := findAddress(t, db, teacher(1).Address)
		if len(found) != 1 || found[0].State != provisioning.ReceiptImported || found[0].Holder.Person.CURP != "ZXZZ100101HNEZZZA1" {
			t.Fatalf("found = %+v", found)
		}
		somebody := teacher(9)
		somebody.Address = teacher(1).Address
		wantReason(t, db.Put(t.Context(), somebody), problem.CodeConflict, ReasonAddressTaken, true)

		mustPut(t, db, teacher(1))
		found = findAddress(t, db, teacher(1).Address)
		if len(found) != 1 || found[0].Stamp != teacher(1).Stamp {
			t.Errorf("taken over = %+v", found)
		}
		kept := quoted(b.Kind, `SELECT COUNT(*) FROM "Correos O365" WHERE "OBSERVACIONES" = 'nota' AND "USUARIO" = 'LUPITA'`)
		if n := b.Count(t, kept); n != 1 {
			t.Errorf("columns left alone: %d rows have them, want 1", n)
		}
	})
}

func TestMapIsCheckedAgainstTheLiveTable(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		edits []string
		want  []string
	}{
		"no such table":  {[]string{"Correos O365", "Otra"}, []string{"there is no such table, or this login may not read it"}},
		"missing column": {[]string{`"PATERNO" VARCHAR(128) NOT NULL,`, ""}, []string{"column PATERNO for first_surname is missing"}},
		"too short": {[]string{`electrónico" VARCHAR(120)`, `electrónico" VARCHAR(40)`}, []string{
			"column Correo: electrónico for address holds 40 characters, want 113: widen it, or accept it by lengths: {address: 40}"}},
		"wrong type": {[]string{`"CCT" VARCHAR(10)`, `"CCT" INTEGER`, `"OFICIO_FECHA" DATE`, `"OFICIO_FECHA" INTEGER`}, []string{
			"column CCT for cct is of type int, want text", "column OFICIO_FECHA for petition_date is of type int, want a date or time"}},
		"no unique key": {[]string{`,
  UNIQUE ("FOLIO_ALTAS"), UNIQUE ("Correo: electrónico")`, `, UNIQUE ("FOLIO_ALTAS", "Correo: electrónico")`}, []string{
			"column FOLIO_ALTAS for stamp needs a unique key of its own", "column Correo: electrónico for address needs a unique key of its own"}},
		"must be filled": {[]string{`"OBSERVACIONES" VARCHAR(10)`, `"OBSERVACIONES" VARCHAR(10) NOT NULL`}, []string{
			"column OBSERVACIONES must be filled (NOT NULL, no default) but is not mapped: map it or give it a constant"}},
		"must allow NULL": {[]string{`"FOLIO_ALTAS" VARCHAR(16)`, `"FOLIO_ALTAS" VARCHAR(16) NOT NULL`}, []string{
			"column FOLIO_ALTAS for stamp must allow NULL: rows may have none"}},
		"written by the table": {[]string{`"NOMBRE" VARCHAR(60)`, `"NOMBRE" VARCHAR(60) GENERATED ALWAYS AS ('x') STORED`}, []string{
			"column NOMBRE for given_names cannot be written, for the table generates it: leave it out of the map"}},
		"constant without column": {[]string{`"USUARIO" VARCHAR(20) NOT NULL,`, ""}, []string{"column USUARIO for a constant is missing"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onEach(t, func(t *testing.T, b backend) {
				b.Exec(t, correos(b.Kind, c.edits...))
				db := b.open(t, correosMap())
				err := db.Check(t.Context())
				var fault *MapError
				if !errors.As(err, &fault) {
					t.Fatalf("Check = %v", err)
				}
				for i := range fault.Faults {
					fault.Faults[i] = strings.NewReplacer("integer", "int", " (capitals count)", "").Replace(fault.Faults[i])
				}
				if diff := cmp.Diff(c.want, fault.Faults); diff != "" {
					t.Errorf("faults (-want +got):\n%s", diff)
				}
				wantReason(t, db.Put(t.Context(), teacher(1)), problem.CodeUnavailable, ReasonUnavailable, false)
			})
		})
	}
}

// A unique key over lower(column) suffices in PostgreSQL, which is case-sensitive. A partial one
// suffices only if it excludes nothing but NULL.
func TestUniqueKeysThatCount(t *testing.T) {
	t.Parallel()
	for index, counts := range map[string]bool{
		`(lower("Correo: electrónico"))`:                                                      true,
		`("Correo: electrónico")`:                                                             true,
		`("Correo: electrónico") WHERE "Correo: electrónico" IS NOT NULL`:                     true,
		`(lower("Correo: electrónico")) WHERE "Correo: electrónico" IS NOT NULL`:              true,
		`("Correo: electrónico") WHERE "ESTATUS" IS NOT NULL`:                                 false,
		`("Correo: electrónico") WHERE "ESTATUS" = 'A' AND "Correo: electrónico" IS NOT NULL`: false,
		`("Correo: electrónico", "CCT")`:                                                      false,
		`(reverse("Correo: electrónico"))`:                                                    false,
	} {
		t.Run(index, func(t *testing.T) {
			t.Parallel()
			b := backend{receiptstest.Postgres(t)}
			b.Exec(t, correos("postgres", `, UNIQUE ("Correo: electrónico")`, ""), `CREATE UNIQUE INDEX ON "Correos O365" `+index)
			if err := b.open(t, correosMap()).Check(t.Context()); (err == nil) != counts {
				t.Errorf("Check = %v", err)
			}
		})
	}
}

// Columns without a time zone store the local time of the map's zone: a row of the evening of the
// 2nd has that day.
func TestZoneOfTheTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind, `"OBSERVACIONES" VARCHAR(10)`, `"DIA" DATE, "CON_ZONA" TIMESTAMP WITH TIME ZONE`, "TIMESTAMP WITH TIME ZONE", map[string]string{
			"postgres": "TIMESTAMP WITH TIME ZONE", "mysql": "TIMESTAMP NULL", "sqlite": "TIMESTAMP"}[b.Kind]))
		m := correosMap()
		m.Zone, m.Columns["authorized_at"], m.Columns["requested_at"] = "America/Monterrey", "DIA", "CON_ZONA"
		row := teacher(1)
		row.CreatedAt = time.Date(2026, 3, 3, 4, 30, 0, 0, time.UTC) // 22:30 of the 2nd
		row.AuthorizedAt, row.RequestedAt = row.CreatedAt, row.CreatedAt
		mustPut(t, b.open(t, m), row)
		got := findAddress(t, b.open(t, m), row.Address)[0] // by a DB that has not checked the table yet
		if !got.CreatedAt.Equal(row.CreatedAt) || !got.RequestedAt.Equal(row.RequestedAt) || got.AuthorizedAt.Format(time.RFC3339) != "2026-03-02T06:00:00Z" {
			t.Errorf("read back: %v, %v, %v", got.CreatedAt, got.RequestedAt, got.AuthorizedAt)
		}
		shown := `"CAPTURADO" = '2026-03-02 22:30:00'`
		if b.Kind == "sqlite" {
			shown = `"CAPTURADO" = '2026-03-03 04:30:00+00:00'` // SQLite stores the zone with it
		}
		if n := b.Count(t, quoted(b.Kind, `SELECT COUNT(*) FROM "Correos O365" WHERE `+shown+` AND CAST("DIA" AS CHAR(10)) LIKE '2026-03-02%'`)); n != 1 {
			t.Errorf("%d rows show the day and hour of Monterrey, want 1", n)
		}
	})
}

// A row without a date that the table requires is refused, in a dry run too.
func TestDateThatMustBeFilled(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind, `"CAPTURADO" TIMESTAMP(0)`, `"CAPTURADO" TIMESTAMP(0) NOT NULL`))
		db := b.open(t, correosMap())
		mustPut(t, db, teacher(1))
		for _, rehearsal := range []bool{true, false} {
			got := importAll(t, db, rehearsal, []map[string]string{{"address": "dos@docentecoahuila.gob.mx", "cct": "05EPR0093X"}})
			if why, is := errors.AsType[*problem.Error](got[0].Err); !is || why.Reason != ReasonRefused || why.Field != "created_at" {
				t.Errorf("rehearsal %v: %+v", rehearsal, got)
			}
		}
	})
}

func TestTableMapValidate(t *testing.T) {
	t.Parallel()
	m := &TableMap{
		Table:     "a.b.c",
		Columns:   map[string]string{"stamp": "A", "address": "a", "nickname": "N", "type": "T", "curp": "C\x00"},
		Constants: map[string]string{"t": "x"},
		Values:    map[string]map[string]string{"curp": {}, "type": {"alumno": "A", "docente": "A"}},
		Lengths:   map[string]int{"stamp": 17, "type": 5},
		Zone:      "Coahuila",
	}
	got := strings.Split(m.Validate().Error(), "\n")
	want := []string{
		`receipts table: name "a.b.c" is not a table's, or schema.table`,
		`receipts table: field cct needs a column`,
		`receipts table: fields address and stamp share the column A`,
		`receipts table: field curp: "C\x00" is not a column's name`,
		`receipts table: no field is called nickname`,
		`receipts table: constant for column "t": no column's name, or field type has it`,
		`receipts table: length of stamp: want 1 to 16 of a text field`,
		`receipts table: values of curp cannot be translated, only those of type, state and petition_medium`,
		`receipts table: two values of type become "A"`,
		`receipts table: zone "Coahuila" is none; America/Monterrey, for one`,
		`receipts table: type is written as "centro", which is longer than 5: translate it by values: {type: {centro: …}}`,
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("faults (-want +got):\n%s", diff)
	}
	if err := correosMap().Validate(); err != nil {
		t.Errorf("a good map: %v", err)
	}
}
