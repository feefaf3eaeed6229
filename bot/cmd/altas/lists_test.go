package main

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/receipts"
	"seducoahuila.gob.mx/altas/store/receipts/receiptstest"
)

// A catalogue with two shifts of a school is imported: the columns are printed, the shifts are one
// centre, and the reason for each refused line is printed.
func TestCentresAreImported(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "centros.csv"), "CV_CCT,NOMBRECT,C_NOM_MUN,C_TURNO\n"+
		"05DPR0221C,¡BENITO JUÁREZ!,SALTILLO,MATUTINO\n05DPR0221C,¡BENITO JUÁREZ!,SALTILLO,VESPERTINO\n"+
		"05DES0040M,LIX LEGISLATURA,TORREÓN,MATUTINO\n05DES0040M,OTRA,TORREÓN,NOCTURNO\n05EPR0093X,A<B,,\n05XX,Corta,,\n")
	got := altas(t, dir, nil, "centres", "import", "centros.csv", "-path", "altas.db")
	for _, want := range []string{
		"columns, by the heading on line 1: CV_CCT (cct), NOMBRECT (name), C_NOM_MUN (place)\n", "columns passed over: C_TURNO\n", ": work centres: 2\n",
		"lines with the key of an earlier one, as the shifts of a school have: 2;", `line 5: 05DES0040M has another name here: "LIX Legislatura" is kept, not "Otra"`,
		"line 6 left out: A name has no “<”; remove it.\n", "line 7 left out: A CCT has 10 characters and you typed 4.\n",
	} {
		if got.status != 0 || !strings.Contains(got.out, want) {
			t.Errorf("want %q in %v", want, got)
		}
	}
	db, err := store.Open(filepath.Join(dir, "altas.db"), store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	c := catalogue.New(db, slog.New(slog.NewTextHandler(io.Discard, nil)))
	if centre, _ := c.Centre(t.Context(), "05DPR0221C"); centre.Name != "¡Benito Juárez!" {
		t.Errorf("the catalogue has %+v", centre)
	}
}

// A list without the names of the centres gets one message, and changes nothing.
func TestAMissingColumnOfCentresIsToldOnce(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, filepath.Join(dir, "centros.csv"), "CCT;Domicilio\n"+strings.Repeat("05DPR0221C;x\n", 2000))
	got := altas(t, dir, nil, "centres", "import", "centros.csv", "-path", "altas.db")
	if got.status != 1 || strings.Count(got.String(), "\n") > 4 || !strings.Contains(got.errOut, "no column is the name") || !strings.Contains(got.errOut, `line 1 has: "CCT", "Domicilio"`) {
		t.Errorf("%v", got)
	}
	if _, err := os.Stat(filepath.Join(dir, "altas.db")); err == nil {
		t.Error("a store was made for nothing")
	}
}

// field returns the path of a list from practice.
func field(t *testing.T, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("../../../store/receipts/testdata/lists", name))
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// The dry run prints the columns that are read and those that are not; the import writes what
// people see in their list.
func TestListsFromTheFieldAreImported(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ told, want []string }{
		"entra.csv": {
			[]string{"userPrincipalName (address)", "surname (surnames)", "columns passed over: mail, id, userType", "2  agregada  ana.ruiz@"},
			[]string{"ana.ruiz@docentecoahuila.gob.mx|Ana|Ruiz Mora||"},
		},
		"full.csv": {
			[]string{"Nombre completo (full_name)", "columns passed over: No.\n", "the whole name is kept as it stands"},
			[]string{"ana.ruiz@docentecoahuila.gob.mx|Ruiz Mora Ana|||"},
		},
		"hidden2.xlsx": {
			[]string{`the sheet "Lista" is read, the first that can be seen; hidden, and not read: Vieja`},
			[]string{"hid.uno@docentecoahuila.gob.mx|Ana|Ruiz|Mora|1"},
		},
		"formula.xlsx": {
			[]string{`"#N/A" is an error of the spreadsheet`, `"#REF!" is an error of the spreadsheet`, "3  rechazada", "its formula has no value saved"},
			[]string{"for.uno@docentecoahuila.gob.mx|Ana|||2"},
		},
		"rcrxl.csv": {
			[]string{`"1.23E+05" is a number whose digits are lost`},
			[]string{
				"cuatro@docentecoahuila.gob.mx|Sol|Mar||", "dos@docentecoahuila.gob.mx|Eva|Luna||00456",
				"tres@docentecoahuila.gob.mx|Luz|Mar||00789", "uno@docentecoahuila.gob.mx|Ana|Ruiz||00123",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			path := filepath.Join(dir, "receipts.db")
			(&dataset{t: t, dir: dir}).rules("")
			env := []string{"RECEIPTS_DSN=sqlite:" + path, "ALTAS_CONFIG=" + filepath.Join(dir, "altas.yaml")}
			rehearsal := altas(t, dir, env, "receipts", "import", field(t, name))
			for _, want := range c.told {
				if rehearsal.status != 0 || !strings.Contains(rehearsal.out, want) {
					t.Errorf("want %q in %v", want, rehearsal)
				}
			}
			if got := altas(t, dir, env, "receipts", "import", field(t, name), "-apply"); got.status != 0 {
				t.Fatal(got)
			}
			if diff := cmp.Diff(c.want, rowsOf(t, path)); diff != "" {
				t.Errorf("rows (-want +got):\n%s", diff)
			}
		})
	}
}

func rowsOf(t *testing.T, path string) []string {
	t.Helper()
	db, err := receipts.Open(receipts.Config{DSN: "sqlite:" + path})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if err := db.Check(t.Context()); err != nil {
		t.Fatal(err)
	}
	var all []string
	for row, err := range db.Rows(t.Context()) {
		if err != nil {
			t.Fatal(err)
		}
		p := row.Holder.Person
		all = append(all, strings.Join([]string{string(row.Address), p.GivenNames, p.FirstSurname, p.SecondSurname, p.EmployeeNumber}, "|"))
	}
	slices.Sort(all)
	return all
}

// An import without any accepted line fails.
func TestAnImportOfNothingFails(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	env := []string{"RECEIPTS_DSN=sqlite:" + filepath.Join(dir, "receipts.db")}
	write(t, filepath.Join(dir, "titulo.csv"), "Correo,Nombre\r")
	write(t, filepath.Join(dir, "malas.csv"), "Correo,Nombre\nuno,Ana\ndos,Eva\n")
	for file, want := range map[string]string{
		"titulo.csv": "there is no line below the heading", "malas.csv": "every line of the list is refused",
		field(t, "vacio.xlsx"): "it is empty", field(t, "html.xlsx"): "guárdelo como .xlsx",
	} {
		if got := altas(t, dir, env, "receipts", "import", file, "-apply"); got.status != 1 || !strings.Contains(got.errOut, want) {
			t.Errorf("%s: %v, want %q", file, got, want)
		}
	}
}

// An import waits for another process that writes to the same file.
func TestAnImportBesideAnotherWriter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	rows := receiptstest.SQLite(t)
	env := []string{"RECEIPTS_DSN=" + rows.DSN}
	write(t, filepath.Join(dir, "lista.csv"), "Correo,Tipo\nuno@docentecoahuila.gob.mx,docente\n")
	if got := altas(t, dir, env, "receipts", "migrate"); got.status != 0 {
		t.Fatal(got)
	}
	other, err := rows.SQL(t).BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Rollback()
	if _, err := other.ExecContext(t.Context(), "DELETE FROM receipts"); err != nil {
		t.Fatal(err)
	}
	ended := make(chan ended, 1)
	go func() { ended <- altas(t, dir, env, "receipts", "import", "lista.csv", "-apply") }()
	select {
	case got := <-ended:
		t.Fatalf("it did not wait: %v", got)
	case <-time.After(500 * time.Millisecond):
	}
	if err := other.Commit(); err != nil {
		t.Fatal(err)
	}
	if got := <-ended; got.status != 0 || got.out != "agregada: 1\n" && !strings.HasSuffix(got.out, "\nagregada: 1\n") {
		t.Errorf("%v", got)
	}
	if n := rows.Count(t, "SELECT COUNT(*) FROM receipts"); n != 1 {
		t.Errorf("rows = %d, want 1", n)
	}
}
