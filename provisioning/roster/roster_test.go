package roster

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

var errOther = errors.New("another list")

func shape() Shape {
	return Shape{Columns: map[string]string{"key": "clave|clavecct", "name": "nombre"}, Required: "key", Missing: errOther}
}

func readAll(t *testing.T, name, content string) ([]Line, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	var all []Line
	for l, err := range Read(path, shape()) {
		if err != nil {
			return all, err
		}
		all = append(all, l)
	}
	return all, nil
}

// A list reads the same in every file format.
func TestRead(t *testing.T) {
	t.Parallel()
	want := []Line{{Number: 3, Cells: map[string]string{"key": "1", "name": "Peña"}}, {Number: 5, Cells: map[string]string{"key": "2"}}}
	for name, content := range map[string]string{
		"commas":       "Lista,,\nClave CCT,Nombre,Otra\n1,Peña,x\n,,\n2,,y\n",
		"semicolons":   "\ufeffLista;;\nCLAVE;nombre;Otra\n1;Peña;x\n;;\n2;;y\n",
		"windows-1252": "Lista\t\t\nclave\tNombre\tOtra\n1\tPe\xf1a\tx\n\t\t\n2\t\ty\n",
		"of both":      "Lista de niñas,,\nclave,Nombre,Otra\n1,Pe\xf1a,x\n,,\n2,,ñ\n",
		"groups above": "Clave,Persona,\nclave CCT,Nombre,Otra\n1,Peña,x\n,,\n2,,y\n",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := readAll(t, "lista.csv", content)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("lines (-want +got):\n%s", diff)
			}
		})
	}
}

func TestAnotherListIsRefused(t *testing.T) {
	t.Parallel()
	if _, err := readAll(t, "otra.csv", "a;b\n1;2\n"); !errors.Is(err, errOther) {
		t.Errorf("a list without the column: %v", err)
	}
	if _, err := readAll(t, "carta.pdf", "x"); err == nil {
		t.Error("a letter was read as a list")
	}
}

// One quotation mark too many would make the rest of the list one cell.
func TestAQuoteThatIsNotClosedEndsTheReading(t *testing.T) {
	t.Parallel()
	got, err := readAll(t, "lista.csv", "clave,nombre\n1,\"dos\nrenglones\"\n2,\"El \"\"Güero\"\"\"\n3,\"Peña\n"+strings.Repeat("4,x\n", 50))
	if !errors.Is(err, errOpenQuote) || !strings.Contains(err.Error(), "line 4") {
		t.Errorf("error = %v", err)
	}
	if len(got) > 0 && got[1].Cells["name"] != `El "Güero"` {
		t.Errorf("lines = %v", got)
	}
}

// Numbers and texts that look like numbers read the same; a title over several columns is not read.
func TestReadASpreadsheet(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lista.xlsx")
	book := excelize.NewFile()
	for at, row := range map[string][]any{
		"A1": {"Secretaría de Educación"}, "A2": {"Clave", nil}, "A3": {"CLAVE CCT", "Nombre"}, "A4": {12345678901234, "Peña"}, "A5": {"00123", "  Muñoz "}, "A6": {10001.0},
	} {
		if err := book.SetSheetRow("Sheet1", at, &row); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(book.MergeCell("Sheet1", "A1", "B1"), book.MergeCell("Sheet1", "A2", "B2"), book.SaveAs(path)); err != nil {
		t.Fatal(err)
	}
	var got []Line
	for l, err := range Read(path, shape()) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, l)
	}
	want := []Line{
		{Number: 4, Cells: map[string]string{"key": "12345678901234", "name": "Peña"}}, {Number: 5, Cells: map[string]string{"key": "00123", "name": "Muñoz"}},
		{Number: 6, Cells: map[string]string{"key": "10001"}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

func TestFold(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"Correo Electrónico": "correoelectronico", "No. empleado": "noempleado", " ": ""} {
		if got := Fold(given); got != want {
			t.Errorf("Fold(%q) = %q, want %q", given, got, want)
		}
	}
}

// If the list is on the second sheet, the error says so.
func TestOnlyTheFirstSheetIsRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lista.xlsx")
	book := excelize.NewFile()
	_, err := book.NewSheet("Claves")
	if err := errors.Join(err, book.SetSheetName("Sheet1", "Portada"), book.SetSheetRow("Claves", "A1", &[]any{"Clave"}), book.SaveAs(path)); err != nil {
		t.Fatal(err)
	}
	var fault error
	for _, err := range Read(path, shape()) {
		fault = err
	}
	if !errors.Is(fault, errOther) || !strings.Contains(fault.Error(), "read lista.xlsx, sheet Portada, the first of 2: ") {
		t.Errorf("error = %v", fault)
	}
}
