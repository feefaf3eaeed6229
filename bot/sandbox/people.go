package sandbox

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// columns are those of a file of people, in any order, each with the input of the
// form that it fills. README.md tells what goes in them.
var columns = map[string]string{
	"tipo": "type", "nombres": "givenNames", "primer_apellido": "firstSurname", "segundo_apellido": "secondSurname",
	"curp": "curp", "cct": "cct", "numero_empleado": "employeeNumber", "nivel": "level", "grado": "grade", "grupo": "group",
	"nombre_centro": "centerName", "responsable": "responsible",
}

// readPeople reads a file of people: for each, the inputs of the form.
func readPeople(r io.Reader) ([]teamsfake.Inputs, error) {
	lines := csv.NewReader(r)
	lines.TrimLeadingSpace = true
	header, err := lines.Read()
	if err != nil {
		return nil, fmt.Errorf("read the columns' names: %w", err)
	}
	names := make([]string, len(header))
	for i, title := range header {
		title = strings.ToLower(strings.TrimSpace(strings.TrimPrefix(title, "\ufeff")))
		if names[i] = columns[title]; names[i] == "" {
			return nil, fmt.Errorf("column %q is none of those in the README", title)
		}
	}
	if !slices.Contains(names, "type") {
		return nil, errors.New("there is no column tipo")
	}
	var people []teamsfake.Inputs
	for {
		values, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return people, nil
		}
		if err != nil {
			return nil, fmt.Errorf("read person %d: %w", len(people)+1, err)
		}
		inputs := make(teamsfake.Inputs)
		for i, v := range values {
			if v = strings.TrimSpace(v); v != "" {
				inputs[names[i]] = v
			}
		}
		people = append(people, inputs)
	}
}
