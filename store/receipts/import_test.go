package receipts

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const listText = `Listado de correos;;;;;
;;;;;
CORREO ELECTRÓNICO;Tipo;Nombre(s);Apellido Paterno;C.U.R.P.;Observaciones
Perla.Gamez1@docentecoahuila.gob.mx;Docente;Perla;Gámez;ZXZZ100101HNEZZZA1;"una; nota"

nunez@alumnocoahuila.gob.mx;;Iñaki;Núñez;;
`

func listWant() []ListLine {
	return []ListLine{
		{Cells: map[string]string{
			"address": "Perla.Gamez1@docentecoahuila.gob.mx", "type": "Docente", "given_names": "Perla", "first_surname": "Gámez", "curp": "ZXZZ100101HNEZZZA1"}},
		{Cells: map[string]string{"address": "nunez@alumnocoahuila.gob.mx", "given_names": "Iñaki", "first_surname": "Núñez"}},
	}
}

func TestReadListTakesWhatPeopleSave(t *testing.T) {
	t.Parallel()
	windows, err := charmap.Windows1252.NewEncoder().String(listText)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(listText, ";", "\t"))
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"utf-8, semicolons": listText, "windows-1252": windows, "utf-16, tabs": utf16, "byte order mark": "\ufeff" + listText,
		"commas, crlf": strings.ReplaceAll(strings.ReplaceAll(listText, ";", ","), "\n", "\r\n"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := filepath.Join(t.TempDir(), "lista.CSV")
			if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
				t.Fatal(err)
			}
			wantLines(t, ReadList(path), listWant())
		})
	}
}

func TestReadListReadsASpreadsheet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lista.xlsx")
	book := excelize.NewFile()
	for i, l := range strings.Split(listText, "\n") {
		cells := strings.Split(strings.ReplaceAll(l, `"una; nota"`, "nota"), ";")
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := book.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	wantLines(t, ReadList(path), listWant())
}

func wantLines(t *testing.T, lines iter.Seq2[ListLine, error], want []ListLine) {
	t.Helper()
	var got []ListLine
	for l, err := range lines {
		if err != nil {
			t.Fatal(err)
		}
		l.Number = 0
		got = append(got, l)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestReadListSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{"sin.csv": "a;b;c\n1;2;3\n", "vacia.csv": "", "falsa.xlsx": "not a zip", "carta.pdf": "x"} {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		var fault error
		for _, err := range ReadList(path) {
			fault = err
		}
		if fault == nil || !strings.Contains(fault.Error(), name) {
			t.Errorf("%s: %v", name, fault)
		}
	}
}

func domains() map[string]identity.AccountType {
	return map[string]identity.AccountType{
		"docentecoahuila.gob.mx": identity.Teacher, "alumnocoahuila.gob.mx": identity.Student, "seducoahuila.gob.mx": identity.WorkCentre,
	}
}

func lines(cells ...map[string]string) iter.Seq2[ListLine, error] {
	return func(yield func(ListLine, error) bool) {
		for i, c := range cells {
			if !yield(ListLine{Number: i + 2, Cells: c}, nil) {
				return
			}
		}
	}
}

// The generic CURP identifies nobody: of two foreigners neither is reported as repeated, no lookup
// by it finds a row, and both lines have a warning. A placeholder is not an employee number.
func TestImportOfPeopleWithTheGenericCURP(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		results := importAll(t, db, false, []map[string]string{
			{"address": "john@docentecoahuila.gob.mx", "given_names": "John", "first_surname": "Smith", "curp": "XEXX010101HNEXXXA4", "employee_number": "S/N"},
			{"address": "peter@docentecoahuila.gob.mx", "given_names": "Peter", "first_surname": "Brown", "curp": "XEXX010101HNEXXXA4", "employee_number": "0001"},
			{"address": "mary@docentecoahuila.gob.mx", "given_names": "Mary", "first_surname": "Brown", "curp": "XEXX010101MNEXXXA8"},
			{"address": "john@docentecoahuila.gob.mx", "given_names": "John"},
		})
		if diff := cmp.Diff([]Outcome{OutcomeAdded, OutcomeAdded, OutcomeAdded, OutcomeRepeated}, outcomes(results)); diff != "" {
			t.Errorf("outcomes (-want +got):\n%s", diff)
		}
		for i, warned := range []int{2, 1, 1} {
			if r := results[i]; r.Earlier != 0 || len(r.Warnings) != warned {
				t.Errorf("line %d: the holder of line %d, warned of %v", r.Line, r.Earlier, r.Warnings)
			}
		}
		for _, c := range []identity.CURP{"XEXX010101HNEXXXA4", "XEXX010101MNEXXXA8"} {
			if found, err := db.Find(t.Context(), provisioning.ReceiptQuery{Type: identity.Teacher, CURP: c}); err != nil || len(found) > 0 {
				t.Errorf("%s finds %v, %v", string(c), found, err)
			}
		}
		if got := findAddress(t, db, "john@docentecoahuila.gob.mx"); len(got) != 1 || got[0].Holder.Person.EmployeeNumber != "" || got[0].Holder.Person.CURP != "XEXX010101HNEXXXA4" {
			t.Errorf("John's row: %+v", got)
		}
	})
}

// The list from before Altas is imported: first as a dry run, then applied, then again, which
// changes nothing.
func TestImport(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		ours := teacher(9)
		mustPut(t, db, ours)
		list := []map[string]string{
			{"address": "UNO@docentecoahuila.gob.mx", "curp": "zxzz100101hnezzza1", "given_names": "Uno"},
			{"address": "dos@seducoahuila.gob.mx", "cct": "05EPR0093X", "centre_name": "Primaria"},
			{"address": "uno@docentecoahuila.gob.mx", "given_names": "Otro"},
			{"address": "tres@docentecoahuila.gob.mx", "curp": "ZXZZ100101HNEZZZA1"},
			{"address": string(ours.Address)},
			{"address": "cuatro@docentecoahuila.gob.mx", "curp": "NO ES", "cct": "TAMPOCO"},
			{"address": "sin arroba"},
			{"address": "otro@dominio.mx"},
			{"address": "largo@alumnocoahuila.gob.mx", "given_names": strings.Repeat("x", 200)},
		}
		want := []Outcome{OutcomeAdded, OutcomeAdded, OutcomeRepeated, OutcomeAdded, OutcomeOurs, OutcomeAdded, OutcomeRefused, OutcomeRefused, OutcomeRefused}
		results := importAll(t, db, true, list)
		if diff := cmp.Diff(want, outcomes(results)); diff != "" {
			t.Errorf("rehearsal (-want +got):\n%s", diff)
		}
		if results[2].Earlier != 2 || results[3].Earlier != 2 || len(results[5].Warnings) != 2 {
			t.Errorf("results = %+v", results)
		}
		if n := b.Count(t, "SELECT COUNT(*) FROM receipts"); n != 1 {
			t.Fatalf("the rehearsal left %d rows, want 1", n)
		}
		if diff := cmp.Diff(want, outcomes(importAll(t, db, false, list))); diff != "" {
			t.Errorf("import (-want +got):\n%s", diff)
		}
		again := outcomes(importAll(t, db, false, list))
		if diff := cmp.Diff([]Outcome{OutcomeSame, OutcomeSame, OutcomeRepeated, OutcomeSame}, again[:4]); diff != "" {
			t.Errorf("again (-want +got):\n%s", diff)
		}
		rows, err := db.Find(t.Context(), provisioning.ReceiptQuery{Type: identity.WorkCentre, CCT: "05EPR0093X"})
		if err != nil || len(rows) != 1 || rows[0].State != provisioning.ReceiptImported || rows[0].Stamp != "" {
			t.Errorf("found by CCT = %+v, %v", rows, err)
		}
	})
}

// An imported row becomes ours when the same holder gets the same address; it keeps fields that the
// receipt leaves empty, and no other holder gets it.
func TestImportedRowIsTakenOver(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		mine := teacher(1)
		importAll(t, db, false, []map[string]string{
			{"address": string(mine.Address), "curp": string(mine.Holder.Person.CURP), "employee_number": "7"},
		})
		somebody := teacher(2)
		somebody.Holder.Person.CURP, somebody.Address = "GAPM120515MCLRRRA4", mine.Address
		wantReason(t, db.Put(t.Context(), somebody), problem.CodeConflict, ReasonAddressTaken, true)
		mustPut(t, db, mine)
		if diff := cmp.Diff([]provisioning.Receipt{mine}, findAddress(t, db, mine.Address)); diff != "" {
			t.Errorf("taken over (-want +got):\n%s", diff)
		}
	})
}

func TestImportFillsWhatWasEmpty(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		a := "uno@docentecoahuila.gob.mx"
		importAll(t, db, false, []map[string]string{{"address": a, "given_names": "Uno", "employee_number": "7"}})
		got := importAll(t, db, false, []map[string]string{{"address": a, "given_names": "Una", "curp": "ZXZZ100101HNEZZZA1"}})
		p := findAddress(t, db, identity.Address(a))[0].Holder.Person
		if got[0].Outcome != OutcomeUpdated || p.GivenNames != "Una" || p.EmployeeNumber != "7" || p.CURP != "ZXZZ100101HNEZZZA1" {
			t.Errorf("%v, %+v", got, p)
		}
		got = importAll(t, db, false, []map[string]string{{"address": a, "curp": "GAPM120515MCLRRRA4"}})
		if got[0].Outcome != OutcomeTaken {
			t.Errorf("another holder: %v", got)
		}
	})
}

// A long list is written in batches; lines that the database refuses are reported one by one, and
// do not affect the others.
func TestImportOfManyLines(t *testing.T) {
	t.Parallel()
	onEach(t, func(t *testing.T, b backend) {
		db := b.open(t, nil)
		ours := teacher(9)
		mustPut(t, db, ours)
		const n = 1234
		list := make([]map[string]string, n)
		want := make([]Outcome, n)
		for i := range list {
			list[i] = map[string]string{"address": fmt.Sprintf("a%d@docentecoahuila.gob.mx", i), "given_names": "Ñoña 😀"}
			want[i] = OutcomeAdded
		}
		importAll(t, db, false, list[400:402])
		list[400]["employee_number"], want[400], want[401] = "7", OutcomeUpdated, OutcomeSame
		list[3]["address"], want[3] = list[2]["address"], OutcomeRepeated
		list[600]["address"], want[600] = string(ours.Address), OutcomeOurs
		if diff := cmp.Diff(want, outcomes(importAll(t, db, true, list))); diff != "" {
			t.Errorf("rehearsal (-want +got):\n%s", diff)
		}
		list[700]["given_names"], want[700] = "No", OutcomeRefused
		refuseNames(t, b, "No")
		if diff := cmp.Diff(want, outcomes(importAll(t, db, false, list))); diff != "" {
			t.Errorf("import (-want +got):\n%s", diff)
		}
		if got := b.Count(t, "SELECT COUNT(*) FROM receipts"); got != n-2 { // less the repeated and the refused; ours is one of them
			t.Errorf("rows = %d, want %d", got, n-2)
		}
		last := findAddress(t, db, identity.Address(list[n-1]["address"]))
		if len(last) != 1 || last[0].Holder.Person.GivenNames != "Ñoña 😀" || last[0].State != provisioning.ReceiptImported {
			t.Errorf("the last = %+v", last)
		}
	})
}

// refuseNames adds a constraint to the table that refuses the name.
func refuseNames(t *testing.T, b backend, name string) {
	t.Helper()
	if b.Kind == "sqlite" {
		b.Exec(t, "CREATE TRIGGER no BEFORE INSERT ON receipts WHEN NEW.given_names = '"+name+"' BEGIN SELECT RAISE(ABORT, 'no'); END")
		return
	}
	b.Exec(t, "ALTER TABLE receipts ADD CONSTRAINT no_names CHECK (given_names <> '"+name+"')")
}

func importAll(t *testing.T, db *DB, dry bool, list []map[string]string) []ImportResult {
	t.Helper()
	var results []ImportResult
	summary, err := db.Import(t.Context(), lines(list...), ImportOptions{DryRun: dry, Domains: domains(), Report: func(r ImportResult) error {
		results = append(results, r)
		return nil
	}})
	if err != nil {
		t.Fatalf("Import: %v", err)
	}
	total := 0
	for _, n := range summary {
		total += n
	}
	if total != len(list) || len(results) != len(list) {
		t.Errorf("summary = %v, %d results, want %d lines", summary, len(results), len(list))
	}
	return results
}

func outcomes(results []ImportResult) []Outcome {
	var out []Outcome
	for _, r := range results {
		out = append(out, r.Outcome)
	}
	return out
}

func BenchmarkImport(b *testing.B) {
	db, err := Open(Config{DSN: "sqlite:" + filepath.Join(b.TempDir(), "receipts.db")})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	many := func(yield func(ListLine, error) bool) {
		for i := range b.N {
			if !yield(ListLine{Number: i + 2, Cells: map[string]string{"address": fmt.Sprintf("a%d@docentecoahuila.gob.mx", i)}}, nil) {
				return
			}
		}
	}
	b.ResetTimer()
	if _, err := db.Import(b.Context(), many, ImportOptions{Domains: domains()}); err != nil {
		b.Fatal(err)
	}
}
