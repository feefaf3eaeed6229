package main

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const listOfBefore = `Correo,Tipo,Nombre,Apellido paterno,CURP
vieja@docentecoahuila.gob.mx,docente,Vieja,Conocida,ZXZZ100101HNEZZZA1
sin arroba,docente,Nadie,,
VIEJA@docentecoahuila.gob.mx,docente,Vieja,Conocida,ZXZZ100101HNEZZZA1
=1+1@docentecoahuila.gob.mx,piloto,Quién,Sabe,
`

// The list from before Altas is imported: a dry run, the import, and the import again.
func TestTheListOfBeforeIsImported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "lista.csv"), listOfBefore)
	env := []string{"RECEIPTS_DSN=sqlite:" + filepath.Join(dir, "receipts.db")}

	rehearsal := altas(t, dir, env, "receipts", "import", "lista.csv")
	if rehearsal.status != 0 || !strings.Contains(rehearsal.out, "2  agregada  vieja@docentecoahuila.gob.mx\n") ||
		!strings.Contains(rehearsal.out, "see line 2") || !strings.Contains(rehearsal.out, "nothing was written") {
		t.Errorf("rehearsal: %s", rehearsal)
	}
	again := altas(t, dir, env, "receipts", "import", "lista.csv", "-apply", "-o", "que.csv")
	if again.status != 0 || again.out != "agregada: 1\nrechazada: 2\nrepetida: 1\n" {
		t.Errorf("after the rehearsal: %s", again)
	}
	report, err := os.ReadFile(filepath.Join(dir, "que.csv"))
	if err != nil {
		t.Fatal(err)
	}
	want := `line,outcome,address,remarks
2,agregada,vieja@docentecoahuila.gob.mx,
3,rechazada,sin arroba,invalid: address.format (address)
4,repetida,vieja@docentecoahuila.gob.mx,see line 2
5,rechazada,'=1+1@docentecoahuila.gob.mx,invalid: type.unknown (type)
`
	if diff := cmp.Diff(want, string(report)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if third := altas(t, dir, env, "receipts", "import", "-apply", "lista.csv"); !strings.Contains(third.out, "igual: 1\n") {
		t.Errorf("again: %s", third)
	}
	write(t, filepath.Join(dir, "lista.csv"), "Correo,Tipo\nsin \x1b[2Jarroba,docente\n")
	if hostile := altas(t, dir, env, "receipts", "import", "lista.csv"); !strings.Contains(hostile.out, "2  rechazada  sin \ufffd[2jarroba") {
		t.Errorf("a list that would clear the terminal: %q", hostile.out)
	}
}

// An interrupted import prints how far it got, not that the database is unavailable.
func TestAnImportThatIsInterrupted(t *testing.T) { // not parallel: it sets the environment
	dir := t.TempDir()
	list := filepath.Join(dir, "lista.csv")
	write(t, list, listOfBefore)
	t.Setenv("RECEIPTS_DSN", "sqlite:"+filepath.Join(dir, "receipts.db"))
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	var out, errOut strings.Builder
	if status := run(ctx, []string{"receipts", "import", list, "-apply"}, &out, &errOut); status != 1 || !strings.HasPrefix(errOut.String(), "altas: interrupted: ") {
		t.Errorf("status %d, %s", status, errOut.String())
	}
}

// The report does not overwrite the list, by whichever path.
func TestTheListIsNotItsOwnReport(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	list := filepath.Join(dir, "lista.csv")
	write(t, list, listOfBefore)
	got := altas(t, dir, []string{"RECEIPTS_DSN=sqlite:receipts.db"}, "receipts", "import", "lista.csv", "-o", list)
	if got.status != 1 || !strings.Contains(got.errOut, "is the list itself") {
		t.Errorf("import: %s", got)
	}
	if kept, err := os.ReadFile(list); err != nil || string(kept) != listOfBefore {
		t.Errorf("the list is now %q, %v", kept, err)
	}
}

// An unavailable database is reported in one sentence, without its password.
func TestReceiptsThatAreAway(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "lista.csv"), listOfBefore)
	env := []string{"RECEIPTS_DSN=postgres://altas:s3cret@127.0.0.1:1/recibos"}
	for _, args := range [][]string{{"status"}, {"migrate"}, {"import", "lista.csv"}} {
		got := altas(t, dir, env, append([]string{"receipts"}, args...)...)
		if got.status != 1 || !strings.Contains(got.errOut, "altas: postgres://altas@127.0.0.1:1/recibos cannot be used now: ") || strings.Contains(got.errOut, "s3cret") {
			t.Errorf("%v: %s", args, got)
		}
	}
}

// The status command creates nothing.
func TestStatusMakesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if got := altas(t, dir, []string{"RECEIPTS_DSN=sqlite:nowhere/receipts.db"}, "receipts", "status"); got.status != 0 || !strings.Contains(got.out, "2 to apply") {
		t.Errorf("status: %s", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "nowhere")); !os.IsNotExist(err) {
		t.Errorf("status made something: %v", err)
	}
	if got := altas(t, dir, nil, "receipts", "status", "-h"); got.status != 0 || !strings.Contains(got.errOut, "usage:") {
		t.Errorf("status -h: %s", got)
	}
}

func TestMigrateAndStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"RECEIPTS_DSN=sqlite:" + filepath.Join(dir, "receipts.db")}
	for _, step := range []struct{ act, want string }{
		{"status", "pending              1 00001_receipts.sql\npending              2 00002_recovery.sql\n"},
		{"migrate", "applied  1 00001_receipts.sql\napplied  2 00002_recovery.sql\n"},
		{"migrate", "up to date"},
		{"status", ": up to date"},
	} {
		if got := altas(t, dir, env, "receipts", step.act); got.status != 0 || !strings.Contains(got.out, step.want) {
			t.Errorf("%s: %s, want %q", step.act, got, step.want)
		}
	}
}

// A table that does not fit the YAML file: every fault is named, as a configuration error.
func TestStatusOfAMappedTable(t *testing.T) {
	t.Parallel()
	w := newDataset(t, 0)
	w.rules("receipts: {table: {table: receipts, columns: {stamp: stamp, address: CORREO, type: type, curp: CLAVE, cct: cct}}}\n")
	for _, act := range []string{"status", "migrate"} {
		got := altas(t, w.dir, w.env, "receipts", act)
		if got.status != 2 || !strings.Contains(got.errOut, "column CORREO for address is missing\n") || !strings.Contains(got.errOut, "column CLAVE for curp is missing\n") {
			t.Errorf("%s of a table that does not fit: %s", act, got)
		}
	}
	if got := altas(t, w.dir, w.env, "serve"); got.status != 2 || !strings.Contains(got.errOut, "column CORREO for address is missing\n") {
		t.Errorf("serve: %s", got)
	}
	w.rules("receipts: {table: {table: receipts, columns: {stamp: stamp, address: address, type: type, curp: curp, cct: cct, state: state, updated_at: updated_at}}}\n")
	if got := altas(t, w.dir, w.env, "receipts", "status"); got.status != 0 || !strings.Contains(got.out, "the table fits the map") {
		t.Errorf("status of a table that fits: %s", got)
	}
}

func TestWrongUseOfReceipts(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{
		{"receipts"}, {"receipts", "burn"}, {"receipts", "status", "now"}, {"receipts", "import"}, {"receipts", "import", "a.csv", "b.csv"},
		{"receipts", "reconcile", "-fix", "-store", "x.db"}, {"receipts", "reconcile", "all"},
	} {
		if got := altas(t, t.TempDir(), nil, args...); got.status != 2 || !strings.Contains(got.errOut, "usage:") {
			t.Errorf("%v: %s", args, got)
		}
	}
}

func write(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
