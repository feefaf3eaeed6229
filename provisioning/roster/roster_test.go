package roster

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
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

// However a list was saved, it reads the same.
func TestRead(t *testing.T) {
	t.Parallel()
	want := []Line{{3, map[string]string{"key": "1", "name": "Peña"}}, {5, map[string]string{"key": "2"}}}
	for name, content := range map[string]string{
		"commas":       "Lista,,\nClave CCT,Nombre,Otra\n1,Peña,x\n,,\n2,,y\n",
		"semicolons":   "\ufeffLista;;\nCLAVE;nombre;Otra\n1;Peña;x\n;;\n2;;y\n",
		"windows-1252": "Lista\t\t\nclave\tNombre\tOtra\n1\tPe\xf1a\tx\n\t\t\n2\t\ty\n",
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

func TestFold(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{"Correo Electrónico": "correoelectronico", "No. empleado": "noempleado", " ": ""} {
		if got := Fold(given); got != want {
			t.Errorf("Fold(%q) = %q, want %q", given, got, want)
		}
	}
}
