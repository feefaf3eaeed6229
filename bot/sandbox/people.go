package sandbox

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// columns are the columns of a file of people, in any order: for each input of the form, its
// column headings as in roster.Shape. README.md describes their content.
var columns = map[string]string{
	"type": "tipo|tipo de cuenta|perfil", "givenNames": "nombre|first name|nombre del alumno|nombre del docente|nombre del empleado",
	"firstSurname": "primer apellido|apellido paterno|paterno", "secondSurname": "segundo apellido|apellido materno|materno",
	"curp": "curp", "cct": "clave cct|cct|clave del centro de trabajo|clave de centro|clave de escuela|clave",
	"employeeNumber": "numero de empleado|empleado id|numero de nomina|nomina|empleado", "level": "nivel", "grade": "grado", "group": "grupo",
	"centerName":  "nombre del centro de trabajo|nombre del centro|nombre cct|nombre escuela|centro de trabajo|escuela|centro",
	"responsible": "responsable|nombre responsable",
}

// required are the required inputs, by type of account.
var required = map[string][]string{
	"docente": {"givenNames", "firstSurname", "curp", "cct"},
	"alumno":  {"givenNames", "firstSurname", "curp", "cct"},
	"centro":  {"centerName", "responsible", "cct"},
}

// headings are the README's names of the required columns, by input.
var headings = map[string]string{
	"givenNames": "nombres", "firstSurname": "primer_apellido", "curp": "curp", "cct": "cct",
	"centerName": "nombre_centro", "responsible": "responsable",
}

var (
	errNoType   = errors.New("no line heads a column with tipo; bot/sandbox/README.md tells the columns")
	errNoPeople = errors.New("there is nobody in it, only the heading")
)

// peopleOf reads a file of people and returns the form's inputs for each. Its error lists
// everything missing; a column that is empty throughout is reported once, on the first line that
// needs it.
func peopleOf(file string) ([]teamsfake.Inputs, error) {
	var people []teamsfake.Inputs
	var lines []roster.Line
	for line, err := range roster.Read(file, roster.Shape{Columns: columns, Required: "type", Missing: errNoType}) {
		if errors.Is(err, roster.ErrNoLines) {
			return nil, fmt.Errorf("%w: %w", errNoPeople, err)
		}
		if err != nil {
			return nil, err
		}
		line.Cells["type"] = strings.ToLower(line.Cells["type"])
		people, lines = append(people, line.Cells), append(lines, line)
	}
	return people, missingInputs(filepath.Base(file), lines)
}

// missingInputs returns the missing required inputs of each person as an error. Values are not
// validated: the form does that.
func missingInputs(file string, lines []roster.Line) error {
	filled, reported := map[string]bool{}, map[string]bool{}
	for _, l := range lines {
		for input := range l.Cells {
			filled[input] = true
		}
	}
	var faults []error
	for _, l := range lines {
		needed, known := required[l.Cells["type"]]
		if !known {
			faults = append(faults, console.Errorf("%s, line %d: tipo is %q: want docente, alumno or centro", file, l.Number, l.Cells["type"]))
		}
		var missing []string
		for _, input := range needed {
			if l.Cells[input] == "" && (filled[input] || !reported[input]) {
				reported[input], missing = true, append(missing, headings[input])
			}
		}
		if len(missing) > 0 {
			remarks := strings.Join(append([]string{strings.Join(missing, ", ")}, l.Remarks...), "; ")
			faults = append(faults, console.Errorf("%s, line %d: nothing under %s", file, l.Number, remarks))
		}
	}
	return errors.Join(faults...)
}
