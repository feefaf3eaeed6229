package receipts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

func TestPutKeepsTheWholeRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		student := teacher(2)
		student.Holder.Type = identity.Student
		student.Holder.Person.Level, student.Holder.Person.Grade, student.Holder.Person.Group = "Primaria", "3", "A"
		student.Petition.Date = time.Time{}
		centre := teacher(3)
		centre.Holder = identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{
			CCT: "05DES0040M", Name: "Secundaria «Ñandú» No. 1", Responsible: "María del Socorro Ibáñez",
		}}
		for _, want := range []provisioning.Receipt{teacher(1), student, centre} {
			mustPut(t, db, want)
			got := findAddress(t, db, want.Address)
			if diff := cmp.Diff([]provisioning.Receipt{want}, got); diff != "" {
				t.Errorf("row (-want +got):\n%s", diff)
			}
		}
	})
}

func TestPutAgainChangesNothing(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		mustPut(t, db, teacher(1))
		before := updatedAt(t, b)
		mustPut(t, db, teacher(1))
		if after := updatedAt(t, b); after != before {
			t.Errorf("updated_at = %s, want %s", after, before)
		}
		changed := teacher(1)
		changed.State = provisioning.ReceiptDisabled
		mustPut(t, db, changed)
		if after := updatedAt(t, b); after == before {
			t.Error("a change left updated_at as it was")
		}
		if n := b.Count(t, "SELECT COUNT(*) FROM receipts"); n != 1 {
			t.Errorf("rows = %d, want 1", n)
		}
	})
}

func updatedAt(t *testing.T, b backend) string {
	t.Helper()
	var at time.Time
	if err := b.SQL(t).QueryRowContext(t.Context(), "SELECT updated_at FROM receipts").Scan(&at); err != nil {
		t.Fatal(err)
	}
	return at.UTC().String()
}

func TestPutFollowsTheAccount(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		row := teacher(1)
		mustPut(t, db, row)
		row.State, row.Address = provisioning.ReceiptDisabled, "perla.gamez.pena@docentecoahuila.gob.mx"
		row.Holder.Person.SecondSurname = ""
		mustPut(t, db, row)
		if diff := cmp.Diff([]provisioning.Receipt{row}, findAddress(t, db, row.Address)); diff != "" {
			t.Errorf("disabled and renamed (-want +got):\n%s", diff)
		}
		if old := findAddress(t, db, teacher(1).Address); len(old) != 0 {
			t.Errorf("the old address still has %v", old)
		}
		row.State, row.Address = provisioning.ReceiptActive, teacher(1).Address
		mustPut(t, db, row)
		if got := findAddress(t, db, row.Address); len(got) != 1 || got[0].State != provisioning.ReceiptActive {
			t.Errorf("recovered = %v", got)
		}
	})
}

// An address of another row is refused, whatever its capitals.
func TestPutRefusesATakenAddress(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		mustPut(t, db, teacher(1))
		other := teacher(2)
		other.Address = teacher(1).Address
		wantReason(t, db.Put(t.Context(), other), problem.CodeConflict, ReasonAddressTaken, true)
		other.Address = identity.Address(strings.ToUpper(string(teacher(1).Address)))
		wantReason(t, db.Put(t.Context(), other), problem.CodeConflict, ReasonAddressTaken, true)

		mustPut(t, db, teacher(2))
		renamed := teacher(2)
		renamed.Address = teacher(1).Address
		wantReason(t, db.Put(t.Context(), renamed), problem.CodeConflict, ReasonAddressTaken, true)
		if got := findAddress(t, db, teacher(2).Address); len(got) != 1 {
			t.Errorf("a refused renaming changed the row: %v", got)
		}
	})
}

// Addresses that collations take for equal, such as n and ñ, or a and á, are different.
func TestPutDistinguishesSimilarAddresses(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		for i, a := range []identity.Address{"pena@x.mx", "peña@x.mx", "péna@x.mx", "pena-@x.mx", "pen\u0303a@x.mx", "strasse@x.mx", "straße@x.mx"} {
			row := teacher(i)
			row.Address = a
			mustPut(t, db, row)
			if got := findAddress(t, db, a); len(got) != 1 || got[0].Address != a {
				t.Errorf("Find %q = %v", a, got)
			}
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		asTeacher, asStudent, centre, member := teacher(1), teacher(2), teacher(3), teacher(4)
		asStudent.Holder.Type = identity.Student
		asStudent.Holder.Person.CURP = asTeacher.Holder.Person.CURP
		centre.Holder = identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{CCT: "05EPR0093X", Name: "Primaria"}}
		for _, r := range []provisioning.Receipt{asTeacher, asStudent, centre, member} {
			mustPut(t, db, r)
		}
		curp := asTeacher.Holder.Person.CURP
		for name, c := range map[string]struct {
			query provisioning.ReceiptQuery
			want  []identity.Address
		}{
			"nothing":             {provisioning.ReceiptQuery{}, nil},
			"curp of a teacher":   {provisioning.ReceiptQuery{Type: identity.Teacher, CURP: curp}, []identity.Address{asTeacher.Address}},
			"curp of a student":   {provisioning.ReceiptQuery{Type: identity.Student, CURP: curp}, []identity.Address{asStudent.Address}},
			"curp without type":   {provisioning.ReceiptQuery{CURP: curp}, nil},
			"cct of a centre":     {provisioning.ReceiptQuery{Type: identity.WorkCentre, CCT: "05epr0093x"}, []identity.Address{centre.Address}},
			"cct is not people's": {provisioning.ReceiptQuery{Type: identity.Teacher, CCT: "05EPR0093X"}, nil},
			"address in capitals": {provisioning.ReceiptQuery{Address: "PERLA.GAMEZ4@docentecoahuila.gob.mx"}, []identity.Address{member.Address}},
			"holder and address":  {provisioning.ReceiptQuery{Type: identity.Teacher, CURP: curp, Address: asTeacher.Address}, []identity.Address{asTeacher.Address}},
			"no wildcard":         {provisioning.ReceiptQuery{Address: "perla.gamez_@docentecoahuila.gob.mx"}, nil},
			"an SQL injection":    {provisioning.ReceiptQuery{Address: "' OR '1'='1"}, nil},
		} {
			rows, err := db.Find(t.Context(), c.query)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			var got []identity.Address
			for _, r := range rows {
				got = append(got, r.Address)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestConcurrentPutsOfOneStampMakeOneRow(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		one, two := b.open(t, nil), b.open(t, nil) // two processes, before the schema exists
		var wg sync.WaitGroup
		errs := make(chan error, 32)
		for i := range 32 {
			db := one
			if i%2 == 0 {
				db = two
			}
			wg.Go(func() { // switching a fresh SQLite file to WAL may be busy at once
				errs <- eventually(t, func() error { return db.Put(t.Context(), teacher(i%4)) })
			})
		}
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				t.Errorf("Put: %v", err)
			}
		}
		if n := b.Count(t, "SELECT COUNT(*) FROM receipts"); n != 4 {
			t.Errorf("rows = %d, want 4", n)
		}
	})
}

func TestMigrateIsRepeatable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		if steps, err := db.Status(t.Context()); err != nil || len(steps) == 0 || !steps[0].Applied.IsZero() {
			t.Fatalf("Status before = %v, %v", steps, err)
		}
		if steps, err := db.Migrate(t.Context()); err != nil || len(steps) == 0 {
			t.Fatalf("Migrate = %v, %v", steps, err)
		}
		if steps, err := db.Migrate(t.Context()); err != nil || len(steps) != 0 {
			t.Fatalf("Migrate again = %v, %v", steps, err)
		}
		steps, err := db.Status(t.Context())
		if err != nil || len(steps) != 2 || steps[0].Name != "00001_receipts.sql" || steps[1].Name != "00002_recovery.sql" {
			t.Fatalf("Status after = %v, %v", steps, err)
		}
		if steps[0].Applied.IsZero() || steps[1].Applied.IsZero() {
			t.Errorf("Status after = %v, want both applied", steps)
		}
		if err := db.Check(t.Context()); err != nil {
			t.Errorf("Check: %v", err)
		}
	})
}

// A schema that a newer Altas migrated is not changed, and Put is CodeUnavailable.
func TestSchemaOfANewerAltas(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		mustPut(t, db, teacher(1))
		b.Exec(t, "INSERT INTO altas_receipts_version (version_id, is_applied) VALUES (3, TRUE)")
		_, migrating := db.Migrate(t.Context())
		_, status := db.Status(t.Context())
		for act, err := range map[string]error{"migrate": migrating, "status": status, "put": b.open(t, nil).Put(t.Context(), teacher(2))} {
			wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
			if !strings.Contains(err.Error(), "made by a newer Altas: it is 3, this one knows up to 2") {
				t.Errorf("%s: %v", act, err)
			}
		}
	})
}

// A foreign table with our name is not changed, and the error says so.
func TestForeignTable(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		b.Exec(t, "CREATE TABLE receipts (id INTEGER PRIMARY KEY, curp VARCHAR(18), cct VARCHAR(10), folio VARCHAR(9), amount INTEGER)")
		db := b.open(t, nil)
		_, migrating := db.Migrate(t.Context())
		for act, err := range map[string]error{"migrate": migrating, "put": db.Put(t.Context(), teacher(1))} {
			wantReason(t, err, problem.CodeUnavailable, ReasonUnavailable, false)
			if !strings.Contains(err.Error(), "there is a table receipts that Altas did not make") {
				t.Errorf("%s: %v", act, err)
			}
		}
	})
}

// Behind a transaction pooler no prepared statement and no lock is left on a connection. All else
// is the same.
func TestBehindAPooler(t *testing.T) {
	t.Parallel()
	b := at(receiptstest.With(t, receiptstest.Postgres(t).DSN, "default_query_exec_mode", "simple_protocol"))
	b.Kind = "postgres"
	for i, m := range []*TableMap{nil, correosMap()} {
		db := b.open(t, m)
		db.sql.SetMaxOpenConns(1)
		if m != nil {
			b.Exec(t, correos("postgres"))
		}
		for n, hostile := range hostileTexts {
			row := teacher(n)
			row.Holder.Person.GivenNames = hostile
			mustPut(t, db, row)
			row.State = provisioning.ReceiptDisabled
			mustPut(t, db, row)
			mustRecover(t, db, row.Address, "2026-000900", recoveredAt)
			if got := findAddress(t, db, row.Address); len(got) != 1 || got[0].Holder.Person.GivenNames != hostile || got[0].State != row.State {
				t.Errorf("%d, %q is stored as %+v", i, hostile, got)
			}
		}
		list := make([]map[string]string, 120)
		for n := range list {
			list[n] = map[string]string{"address": fmt.Sprintf("a%d@docentecoahuila.gob.mx", n), "given_names": "O'Hara \\"}
		}
		importAll(t, db, false, list)
		for range db.Rows(t.Context()) { // read to the end
		}
		var left int
		if err := db.sql.GetContext(t.Context(), &left, "SELECT (SELECT COUNT(*) FROM pg_prepared_statements) + (SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())"); err != nil || left > 0 {
			t.Errorf("%d statements and locks are left, %v", left, err)
		}
	}
}

func TestRowsYieldsEachOnce(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		want := map[provisioning.Stamp]provisioning.Receipt{}
		for i := range 50 {
			want[teacher(i).Stamp] = teacher(i)
			mustPut(t, db, teacher(i))
		}
		got := map[provisioning.Stamp]provisioning.Receipt{}
		for r, err := range db.Rows(t.Context()) {
			if err != nil {
				t.Fatal(err)
			}
			got[r.Stamp] = r
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("rows (-want +got):\n%s", diff)
		}
	})
}

// BenchmarkPut writes new rows by eight goroutines, as many as the workers.
func BenchmarkPut(b *testing.B) {
	for _, dsn := range []string{"sqlite:" + filepath.Join(b.TempDir(), "receipts.db"), os.Getenv("ALTAS_TEST_POSTGRES_DSN"), os.Getenv("ALTAS_TEST_MYSQL_DSN")} {
		if dsn == "" {
			continue
		}
		scheme, _, _ := strings.Cut(dsn, ":")
		b.Run(scheme, func(b *testing.B) {
			db, err := Open(Config{DSN: dsn})
			if err != nil {
				b.Fatal(err)
			}
			defer db.Close()
			var n atomic.Int64
			first := time.Now().UnixNano() % 900_000 * 1000 // a server keeps the rows of the previous run
			b.SetParallelism(4)
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					if err := db.Put(b.Context(), teacher(int(first+n.Add(1)))); err != nil {
						b.Error(err)
					}
				}
			})
		})
	}
}
