package roster_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/roster"
)

var pupilShape = roster.Shape{
	Columns:  map[string]string{"givenNames": "nombre", "firstSurname": "primer apellido|apellido paterno|paterno", "curp": "curp", "grade": "grado"},
	Required: "curp",
}

// What people copy from a spreadsheet, or write by hand, and what is read of it.
func TestRowsThatArePasted(t *testing.T) {
	t.Parallel()
	ana := map[string]string{"givenNames": "Ana", "firstSurname": "Soto", "curp": "SOMV120309MCLLRLA1"}
	for name, tt := range map[string]struct {
		text string
		want roster.Pasted
	}{
		"nothing": {" \n\t\n", roster.Pasted{}},
		"with a heading, in another order": {
			"CURP\tAp. Paterno\tNombre(s)\tTeléfono\nSOMV120309MCLLRLA1\tSoto\tAna\t844\n",
			roster.Pasted{"CURP\tAp. Paterno\tNombre(s)\tTeléfono", []roster.PastedLine{{2, "SOMV120309MCLLRLA1\tSoto\tAna\t844", ana, nil}}},
		},
		"a heading over a cell that is empty": {
			"Nombre;Paterno;CURP;Grado\r\nAna;Soto;SOMV120309MCLLRLA1;\r\n\r\nLuz;;X;3",
			roster.Pasted{"Nombre;Paterno;CURP;Grado", []roster.PastedLine{
				{2, "Ana;Soto;SOMV120309MCLLRLA1;", ana, nil}, {4, "Luz;;X;3", map[string]string{"givenNames": "Luz", "curp": "X", "grade": "3"}, nil},
			}},
		},
		"without, by commas": {
			"Ana, Soto, , SOMV120309MCLLRLA1\n",
			roster.Pasted{"", []roster.PastedLine{{1, "Ana, Soto, , SOMV120309MCLLRLA1", nil, []string{"Ana", "Soto", "SOMV120309MCLLRLA1"}}}},
		},
		"a quoted cell of two lines": {
			"Ana\t\"Soto\nLuna\"\tX\nLuz\tPaz\tY",
			roster.Pasted{"", []roster.PastedLine{{1, "Ana\t\"Soto\nLuna\"\tX", nil, []string{"Ana", "Soto Luna", "X"}}, {3, "Luz\tPaz\tY", nil, []string{"Luz", "Paz", "Y"}}}},
		},
		"a quotation mark that is not closed": {
			"\"Ana\tSoto\nLuz\tPaz\nEva\tSol\nIris\tMar",
			roster.Pasted{"", []roster.PastedLine{
				{1, "\"Ana\tSoto", nil, []string{"\"Ana", "Soto"}}, {2, "Luz\tPaz", nil, []string{"Luz", "Paz"}},
				{3, "Eva\tSol", nil, []string{"Eva", "Sol"}}, {4, "Iris\tMar", nil, []string{"Iris", "Mar"}},
			}},
		},
		"lines of a Mac": {"Ana\tX\rLuz\tY", roster.Pasted{"", []roster.PastedLine{{1, "Ana\tX", nil, []string{"Ana", "X"}}, {2, "Luz\tY", nil, []string{"Luz", "Y"}}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tt.want, roster.Paste(tt.text, pupilShape)); diff != "" {
				t.Errorf("read (-want +got):\n%s", diff)
			}
		})
	}
}

// Whatever is pasted, each line is read once and none panics.
func FuzzPaste(f *testing.F) {
	f.Add("CURP\tNombre\nX\tAna")
	f.Add("\"a\nb;c\n")
	f.Fuzz(func(t *testing.T, text string) {
		last := 0
		for _, l := range roster.Paste(text, pupilShape).Lines {
			if l.Number <= last {
				t.Fatalf("line %d after %d", l.Number, last)
			}
			last = l.Number
		}
	})
}
