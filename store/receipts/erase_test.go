package receipts

import (
	"context"
	"errors"
	"iter"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// student returns the row of the n-th synthetic teacher as a student.
func student(n int) provisioning.Receipt {
	r := teacher(n)
	r.Address = identity.Address(strings.Replace(string(r.Address), "docente", "alumno", 1))
	r.Holder.Type, r.Holder.Person.EmployeeNumber = identity.Student, ""
	r.Holder.Person.Level, r.Holder.Person.Grade, r.Holder.Person.Group = "Primaria", "3", "A"
	return r
}

func mustErase(t *testing.T, db *DB, curp identity.CURP) Erased {
	t.Helper()
	e, err := db.Erase(t.Context(), curp)
	if err != nil {
		t.Fatalf("Erase: %v", err)
	}
	return e
}

// erased returns the row as Erase leaves it.
func erased(r provisioning.Receipt) provisioning.Receipt {
	r.Holder, r.State = identity.Holder{Type: r.Holder.Type}, provisioning.ReceiptErased
	r.Address = identity.Address("suprimida." + string(r.Stamp) + "@suprimida.invalid")
	return r
}

// byStamp returns all rows by their stamps, which they must have.
func byStamp(t *testing.T, db *DB) map[provisioning.Stamp]provisioning.Receipt {
	t.Helper()
	all := map[provisioning.Stamp]provisioning.Receipt{}
	for _, r := range allRows(t, db) {
		all[r.Stamp] = r
	}
	return all
}

// Both accounts of a person are erased, and nobody else's: not a homonym's.
func TestEraseBlanksEveryRowOfThePerson(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		asTeacher, asStudent, homonym := teacher(1), student(2), teacher(3)
		asStudent.Holder.Person.CURP = asTeacher.Holder.Person.CURP
		asTeacher.RecoveredAt, asTeacher.RecoveryFolio = recoveredAt, "2026-000900"
		for _, r := range []provisioning.Receipt{asTeacher, asStudent, homonym} {
			mustPut(t, db, r)
		}
		b.Exec(t, "UPDATE receipts SET centre_name = 'Primaria', responsible = 'Perla' WHERE type <> 'centro'")
		for i, want := range []int{2, 0} { // the second time changes nothing
			if e := mustErase(t, db, identity.CURP(" "+strings.ToLower(string(asTeacher.Holder.Person.CURP)))); e.Rows != want || len(e.Left) > 0 {
				t.Errorf("%d: erased %+v, want %d rows", i, e, want)
			}
			want := map[provisioning.Stamp]provisioning.Receipt{asTeacher.Stamp: erased(asTeacher), asStudent.Stamp: erased(asStudent), homonym.Stamp: homonym}
			if diff := cmp.Diff(want, byStamp(t, db)); diff != "" {
				t.Errorf("%d: rows (-want +got):\n%s", i, diff)
			}
		}
		if n := b.Count(t, "SELECT COUNT(*) FROM receipts WHERE state = 'suprimida' AND (centre_name IS NOT NULL OR responsible IS NOT NULL)"); n > 0 {
			t.Errorf("%d rows have a work centre", n)
		}
		if n := b.Count(t, "SELECT COUNT(*) FROM receipts WHERE state = 'suprimida' AND updated_at > (SELECT MAX(updated_at) FROM receipts WHERE state = 'activa')"); n != 2 {
			t.Errorf("%d rows have the time of the erasure, want 2", n)
		}
		q := provisioning.ReceiptQuery{Stamp: asTeacher.Stamp, Type: identity.Teacher, CURP: asTeacher.Holder.Person.CURP, Address: asTeacher.Address}
		if rows, err := db.Find(t.Context(), q); err != nil || len(rows) != 1 || rows[0].State != provisioning.ReceiptErased {
			t.Errorf("Find = %+v, %v", rows, err)
		}
		if last, odd, err := db.LastFolio(t.Context(), "2026-000000"); err != nil || last != asTeacher.Folio || odd != "" {
			t.Errorf("LastFolio = %q, %q, %v", last, odd, err)
		}
	})
}

// Every field is either the holder's, and blanked, or stays: a new one must be decided about.
func TestEraseKnowsEveryField(t *testing.T) {
	t.Parallel()
	full, want := record{}, record{}
	for _, f := range fields() {
		switch {
		case f.sort != text:
			*f.at(&full), *f.at(&want) = recoveredAt, recoveredAt
			continue
		case f.name == "stamp":
			*f.str(&full) = "2026-000001-0001"
		default:
			*f.str(&full) = f.name
		}
		switch f.name {
		case "stamp", "folio", "type", "petition_medium", "petition_number", "requester_id", "requester_name", "director", "subdirector", "object_id", "recovery_folio":
			*f.str(&want) = *f.str(&full)
		}
	}
	want.address, want.state = "suprimida.2026-000001-0001@suprimida.invalid", "suprimida"
	if diff := cmp.Diff(want, full.blank([]record{full}), cmp.AllowUnexported(record{})); diff != "" {
		t.Errorf("row (-want +got):\n%s", diff)
	}
}

// People type what they like as the number of a document.
func TestANumberThatNamesTheHolderIsErased(t *testing.T) {
	t.Parallel()
	for number, kept := range map[string]bool{
		"SEDU/DTI/045/2026": true, "Oficio de la Dra. Peña": true, "": true,
		"Correo de Perla Peña": false, "PEÑA, perla": false, "zxzz100101hnezzza1": false, "perla@docentecoahuila.gob.mx": false,
	} {
		rec := record{stamp: "2026-000001-0001", kind: "docente", givenNames: "Perla", firstSurname: "Peña", secondSurname: "de la O", petitionNumber: number}
		if got := rec.blank([]record{rec}).petitionNumber; got != map[bool]string{true: number}[kept] {
			t.Errorf("%q becomes %q", number, got)
		}
	}
}

// Rows that were imported have no stamp: their addresses differ all the same.
func TestEraseOfImportedRows(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		const curp = "ZXZZ100101HNEZZZA1"
		list := []map[string]string{
			{"address": "uno@docentecoahuila.gob.mx", "curp": curp}, {"address": "uno@alumnocoahuila.gob.mx", "curp": curp},
			{"address": "otra@docentecoahuila.gob.mx", "curp": "GAPM120515MCLRRRA4"},
		}
		importAll(t, db, false, list)
		if e := mustErase(t, db, curp); e.Rows != 2 {
			t.Errorf("erased %+v, want 2 rows", e)
		}
		rows := allRows(t, db)
		var blank []string
		for a, r := range rows {
			if r.State == provisioning.ReceiptErased && strings.HasPrefix(string(a), "suprimida.") && a.Domain() == "suprimida.invalid" {
				blank = append(blank, string(a))
			}
		}
		if len(rows) != 3 || len(blank) != 2 {
			t.Fatalf("rows = %+v", rows)
		}
		if n := b.Count(t, "SELECT COUNT(*) FROM receipts WHERE address <> LOWER(address)"); n > 0 {
			t.Errorf("%d addresses have capitals", n)
		}
		stamped := teacher(1)
		mustPut(t, db, stamped)
		mustErase(t, db, stamped.Holder.Person.CURP)
		rows = allRows(t, db)
		for _, a := range append(blank, string(erased(stamped).Address)) { // from a list that was exported
			if got := importAll(t, db, false, []map[string]string{{"address": a, "type": "docente", "given_names": "Perla", "curp": curp}}); got[0].Outcome != OutcomeRefused {
				t.Errorf("imported %s: %+v", a, got)
			}
		}
		if diff := cmp.Diff(rows, allRows(t, db)); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
	})
}

// A requester who is the holder is not named; any other is.
func TestEraseOfTheRequester(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		first, second, third := teacher(1), student(2), student(3)
		first.Requester.Name, second.Requester.Name, third.Requester.Name = "perla GAMEZ  peña", "Gámez Pena Perla", "Perla Gámez Peña Ruiz"
		second.Holder.Person.SecondSurname = "" // the other row has it
		want := map[provisioning.Stamp]provisioning.Receipt{}
		for _, r := range []provisioning.Receipt{first, second, third} {
			r.Holder.Person.CURP = first.Holder.Person.CURP
			mustPut(t, db, r)
			if r = erased(r); r.Stamp != third.Stamp {
				r.Requester.Name = ""
			}
			want[r.Stamp] = r
		}
		mustErase(t, db, first.Holder.Person.CURP)
		if diff := cmp.Diff(want, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// A collation that takes "Ñ" for "N" leads to another person's row, which stays.
func TestEraseOfACURPThatIsEqualByCollation(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		mine, other := teacher(1), teacher(2)
		mine.Holder.Person.CURP, other.Holder.Person.CURP = "PEÑA100101HNEZZZA1", "PENA100101HNEZZZA1"
		mustPut(t, db, mine)
		mustPut(t, db, other)
		switch b.Kind {
		case "mysql":
			b.Exec(t, "ALTER TABLE receipts CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
		case "postgres":
			b.Exec(t, "CREATE COLLATION loose (provider = icu, locale = 'und-u-ks-level1', deterministic = false)",
				"ALTER TABLE receipts ALTER COLUMN curp TYPE VARCHAR(18) COLLATE loose")
		}
		if b.Kind != "sqlite" && b.Count(t, "SELECT COUNT(*) FROM receipts WHERE curp = 'PENA100101HNEZZZA1'") != 2 {
			t.Error("the collation does not take Ñ for N")
		}
		want := map[provisioning.Stamp]provisioning.Receipt{mine.Stamp: erased(mine), other.Stamp: other}
		if e := mustErase(t, b.open(t, nil), mine.Holder.Person.CURP); e.Rows != 1 {
			t.Errorf("erased %+v, want 1 row", e)
		}
		if diff := cmp.Diff(want, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// A mapped table is not ours to change: what it has is returned.
func TestEraseLeavesAMappedTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, correos(b.Kind))
		db := b.open(t, correosMap())
		mine, asStudent, other := teacher(1), student(2), teacher(3)
		asStudent.Holder.Person.CURP = mine.Holder.Person.CURP
		if b.Kind == "mysql" { // whose collation takes é for e
			other.Holder.Person.CURP = identity.CURP(strings.Replace(string(mine.Holder.Person.CURP), "E", "É", 1))
		}
		for _, r := range []provisioning.Receipt{mine, asStudent, other} {
			mustPut(t, db, r)
		}
		before := byStamp(t, db)
		e := mustErase(t, db, mine.Holder.Person.CURP)
		left := map[provisioning.Stamp]provisioning.Receipt{}
		for _, r := range e.Left {
			left[r.Stamp] = r
		}
		want := map[provisioning.Stamp]provisioning.Receipt{mine.Stamp: before[mine.Stamp], asStudent.Stamp: before[asStudent.Stamp]}
		if diff := cmp.Diff(want, left); diff != "" || e.Rows != 0 || len(e.Left) != 2 {
			t.Errorf("%d rows; left (-want +got):\n%s", e.Rows, diff)
		}
		if diff := cmp.Diff(before, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
		if err := db.Compact(t.Context()); err != nil {
			t.Errorf("Compact: %v", err)
		}
	})
}

// A CURP that identifies nobody is refused before anything is read.
func TestEraseRefusesACURPOfNobody(t *testing.T) {
	t.Parallel()
	db := at("postgres://x@127.0.0.1:1/x").open(t, nil) // there is none
	for _, curp := range []identity.CURP{"", "  ", "XEXX010101HNEXXXA4", "xexx010101hnexxxa4", identity.CURP(identity.CURP("GAPM120515MCLRRRA4").Masked())} {
		_, err := db.Erase(t.Context(), curp)
		wantReason(t, err, problem.CodeInvalid, ReasonRefused, true)
		if why, is := errors.AsType[*problem.Error](err); !is || why.Field != "curp" || !errors.Is(err, errNobody) {
			t.Errorf("%q: %v", string(curp), err)
		}
	}
	_, err := db.Erase(t.Context(), "GAPM120515MCLRRRA4")
	wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
}

// Of a person's rows all are erased, or none: what was refused, or interrupted, is done by the next
// run.
func TestEraseOfARowThatIsRefused(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		for _, r := range []provisioning.Receipt{teacher(1), student(11), teacher(21)} { // of one CURP
			mustPut(t, db, r)
		}
		forbid, permit := "ALTER TABLE receipts ADD CONSTRAINT stay CHECK (state <> 'suprimida' OR type <> 'alumno')", "ALTER TABLE receipts DROP CONSTRAINT stay"
		if b.Kind == "sqlite" {
			forbid, permit = "CREATE TRIGGER stay BEFORE UPDATE ON receipts WHEN OLD.type = 'alumno' BEGIN SELECT RAISE(ABORT, 'stay'); END", "DROP TRIGGER stay"
		}
		b.Exec(t, forbid)
		before := byStamp(t, db)
		e, err := db.Erase(t.Context(), teacher(1).Holder.Person.CURP)
		if problem.ReasonOf(err) != ReasonRefused || !job.IsPermanent(err) || e.Rows != 0 {
			t.Errorf("Erase = %+v, %v", e, err)
		}
		if diff := cmp.Diff(before, byStamp(t, db)); diff != "" {
			t.Errorf("rows (-before +after):\n%s", diff)
		}
		b.Exec(t, permit)
		if e := mustErase(t, db, teacher(1).Holder.Person.CURP); e.Rows != 3 {
			t.Errorf("erased %+v, want 3 rows", e)
		}
	})
}

// An in-memory database has a single connection, which the transaction holds.
func TestEraseInMemory(t *testing.T) {
	t.Parallel()
	db := at("sqlite::memory:").open(t, nil)
	mustPut(t, db, teacher(1))
	if e := mustErase(t, db, teacher(1).Holder.Person.CURP); e.Rows != 1 {
		t.Errorf("erased %+v, want 1 row", e)
	}
	if err := db.Compact(t.Context()); err != nil {
		t.Errorf("Compact: %v", err)
	}
	if diff := cmp.Diff(map[provisioning.Stamp]provisioning.Receipt{teacher(1).Stamp: erased(teacher(1))}, byStamp(t, db)); diff != "" {
		t.Errorf("rows (-want +got):\n%s", diff)
	}
}

// Behind a transaction pooler, nothing is left on a connection.
func TestEraseBehindAPooler(t *testing.T) {
	t.Parallel()
	b := at(receiptstest.With(t, receiptstest.Postgres(t).DSN, "default_query_exec_mode", "simple_protocol"))
	db := b.open(t, nil)
	mustPut(t, db, teacher(1))
	if e := mustErase(t, db, teacher(1).Holder.Person.CURP); e.Rows != 1 {
		t.Errorf("erased %+v, want 1 row", e)
	}
	if err := db.Compact(t.Context()); err != nil {
		t.Errorf("Compact: %v", err)
	}
}

// A line whose holder was erased agrees with its row, and with a directory that has no account.
func TestReconcileOfAnErasedRow(t *testing.T) {
	t.Parallel()
	db := backend{receiptstest.SQLite(t)}.open(t, nil)
	for _, r := range []provisioning.Receipt{teacher(1), teacher(2)} {
		mustPut(t, db, r)
	}
	importAll(t, db, false, []map[string]string{{"address": "uno@docentecoahuila.gob.mx", "curp": "GAPM120515MCLRRRA4"}})
	mustErase(t, db, teacher(1).Holder.Person.CURP)
	mustErase(t, db, "GAPM120515MCLRRRA4")
	line := func(r provisioning.Receipt) provisioning.Account {
		return provisioning.Account{Stamp: r.Stamp, Address: r.Address, Holder: r.Holder, ObjectID: r.ObjectID, State: provisioning.AccountAnnounced, CreatedAt: r.CreatedAt}
	}
	c := &reconcile.Comparison{
		Lines: func(context.Context) iter.Seq2[provisioning.Account, error] {
			return func(yield func(provisioning.Account, error) bool) {
				first := line(teacher(1))
				first.Address, first.Holder, first.ErasedAt = "", identity.Holder{Type: identity.Teacher}, recoveredAt
				_ = yield(first, nil) && yield(line(teacher(2)), nil)
			}
		},
		Rows: db.Rows, Users: func(context.Context) iter.Seq2[provisioning.Entry, error] {
			return func(func(provisioning.Entry, error) bool) {}
		},
		Domains: []string{"docentecoahuila.gob.mx"}, Now: time.Now, TempDir: t.TempDir(),
	}
	var found []reconcile.Difference
	_, err := c.Run(t.Context(), func(d reconcile.Difference) error {
		found = append(found, d)
		return nil
	})
	if err != nil || len(found) != 1 || found[0].Kind != reconcile.AccountMissing || found[0].Stamp != teacher(2).Stamp {
		t.Errorf("differences = %+v, %v; want only that teacher 2's account is missing", found, err)
	}
}
