package sandbox

import (
	"errors"
	"fmt"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// columns are those of a file of people, in any order: for each input of the form, what
// its column is headed with, as roster folds it. README.md tells what goes in them.
var columns = map[string]string{
	"type": "tipo", "givenNames": "nombres|nombre", "firstSurname": "primerapellido", "secondSurname": "segundoapellido",
	"curp": "curp", "cct": "cct", "employeeNumber": "numeroempleado|numerodeempleado", "level": "nivel", "grade": "grado", "group": "grupo",
	"centerName": "nombrecentro|nombredelcentro", "responsible": "responsable",
}

// wanted are the columns that a person of each type needs, by their inputs.
var wanted = map[string][]string{
	"docente": {"givenNames", "firstSurname", "curp", "cct"},
	"alumno":  {"givenNames", "firstSurname", "curp", "cct"},
	"centro":  {"centerName", "responsible", "cct"},
}

// headings are what README calls the columns that are wanted.
var headings = map[string]string{
	"givenNames": "nombres", "firstSurname": "primer_apellido", "curp": "curp", "cct": "cct",
	"centerName": "nombre_centro", "responsible": "responsable",
}

var (
	errNoType   = errors.New("no line heads a column with tipo; bot/sandbox/README.md tells the columns")
	errNoPeople = errors.New("there is nobody in it, only the heading")
)

// peopleOf reads a file of people: for each, the inputs of the form. All that is
// missing is told at once.
func peopleOf(file string) ([]teamsfake.Inputs, error) {
	var people []teamsfake.Inputs
	var faults []error
	for line, err := range roster.Read(file, roster.Shape{Columns: columns, Required: "type", Missing: errNoType}) {
		if err != nil {
			return nil, err
		}
		inputs := teamsfake.Inputs(line.Cells)
		inputs["type"] = strings.ToLower(inputs["type"])
		if err := complete(inputs); err != nil {
			faults = append(faults, fmt.Errorf("%s, line %d: %w", file, line.Number, err))
		}
		people = append(people, inputs)
	}
	if len(people) == 0 {
		faults = append(faults, fmt.Errorf("%s: %w", file, errNoPeople))
	}
	return people, errors.Join(faults...)
}

// complete reports what a person lacks for the form to be filled in at all; what is
// wrong with the rest is the form's to say.
func complete(p teamsfake.Inputs) error {
	columns, known := wanted[p["type"]]
	if !known {
		return fmt.Errorf("tipo is %q: want docente, alumno or centro", p["type"])
	}
	var missing []string
	for _, input := range columns {
		if p[input] == "" {
			missing = append(missing, headings[input])
		}
	}
	if len(missing) > 0 {
		return fmt.Errorf("nothing under %s", strings.Join(missing, ", "))
	}
	return nil
}
