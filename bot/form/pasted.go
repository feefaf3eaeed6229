package form

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// pastedShape has, for each input of a person, what people head its column with.
var pastedShape = roster.Shape{
	Columns: map[string]string{
		"givenNames":   "nombre|first name|nombre del alumno|nombre del docente|nombre del empleado",
		"firstSurname": "primer apellido|apellido paterno|paterno|last name", "secondSurname": "segundo apellido|apellido materno|materno",
		"curp": "curp", "cct": "clave cct|cct|clave del centro de trabajo|clave de centro|clave de escuela|clave",
		"employeeNumber": "numero de empleado|empleado id|numero de nomina|nomina|empleado", "level": "nivel", "grade": "grado", "group": "grupo",
	},
	Required: "curp",
}

// pastedList are the rows of several people.
type pastedList struct {
	heading string
	rows    []pastedPerson
}

// pastedPerson is one row: the inputs by name, or why it is not known which cell is which.
type pastedPerson struct {
	number int
	text   string
	values map[string]string
	fault  *fault
}

// readPasted reads rows of people. Without a heading the cells are told by what they are and, of the
// names, by their order: given names first, or, where the CURPs say so, surnames.
func readPasted(kind identity.AccountType, text string, now time.Time) pastedList {
	p := roster.Paste(text, pastedShape)
	list := pastedList{heading: p.Heading}
	usual, surnames := looseRows(p.Lines, kind, false), looseRows(p.Lines, kind, true)
	surnamesFirst := p.Heading == "" && mismatches(surnames, kind, now) < mismatches(usual, kind, now)
	for i, line := range p.Lines {
		r := pastedPerson{number: line.Number, text: line.Text, values: line.Cells}
		switch {
		case p.Heading != "":
		case surnamesFirst:
			r.values, r.fault = surnames[i].values, surnames[i].fault
		default:
			r.values, r.fault = usual[i].values, usual[i].fault
		}
		list.rows = append(list.rows, r)
	}
	return list
}

func looseRows(lines []roster.PastedLine, kind identity.AccountType, surnamesFirst bool) []pastedPerson {
	rows := make([]pastedPerson, len(lines))
	for i, line := range lines {
		rows[i].values, rows[i].fault = byKind(line.Loose, kind, surnamesFirst)
	}
	return rows
}

// mismatches counts the names that do not match their CURPs.
func mismatches(rows []pastedPerson, kind identity.AccountType, now time.Time) (n int) {
	for _, r := range rows {
		if h, faults := parseHolder(kind, r.values); faults["curp"] == nil {
			n += len(h.Warnings(now))
		}
	}
	return n
}

var (
	curpLike = regexp.MustCompile(`^[A-Za-zÑñ]{3,5}[0-9OoIl]{4,7}[A-Za-z0-9Ññ]{4,10}$`)
	cctLike  = regexp.MustCompile(`^\d{2}[A-Za-z]{3}\d{4}[A-Za-z]$`)
	listed   = regexp.MustCompile(`^\d{1,3}[.)]?$`)
)

// byKind returns the inputs of a row without a heading: the CURP and the CCT by their shape; the names
// before the CURP, or after it if it comes first; what is left by its order.
func byKind(cells []string, kind identity.AccountType, surnamesFirst bool) (map[string]string, *fault) {
	values := make(map[string]string)
	if len(cells) > 3 && listed.MatchString(cells[0]) {
		cells = cells[1:] // its number in the list
	}
	var before, after []string
	for _, c := range cells {
		switch compact := strings.Join(strings.Fields(c), ""); {
		case values["curp"] == "" && curpLike.MatchString(compact):
			values["curp"] = c
		case values["cct"] == "" && cctLike.MatchString(compact):
			values["cct"] = c
		case values["curp"] == "":
			before = append(before, c)
		default:
			after = append(after, c)
		}
	}
	names, rest := before, after
	if len(before) == 0 {
		names, rest = after[:min(3, len(after))], after[min(3, len(after)):]
	}
	if len(names) > 3 {
		return values, problem.Invalid("", "rows.columns")
	}
	setNames(values, names, surnamesFirst)
	setDetails(values, rest, kind)
	return values, nil
}

func setNames(values map[string]string, names []string, surnamesFirst bool) {
	order := []string{"givenNames", "firstSurname", "secondSurname"}
	if surnamesFirst && len(names) == 3 {
		order = []string{"firstSurname", "secondSurname", "givenNames"}
	} else if surnamesFirst {
		order = []string{"firstSurname", "givenNames"}
	}
	for i, name := range names[:min(len(names), len(order))] {
		values[order[i]] = name
	}
}

// schoolLevels are the levels that a cell may name.
var schoolLevels = []string{"inicial", "preescolar", "primaria", "secundaria", "media superior", "superior"}

// setDetails sets what follows the names: an employee number, or level, grade and group.
func setDetails(values map[string]string, cells []string, kind identity.AccountType) {
	if kind == identity.Teacher {
		if len(cells) > 0 {
			values["employeeNumber"] = cells[0]
		}
		return
	}
	for _, c := range cells {
		switch level := strings.ToLower(c); {
		case slices.Contains(schoolLevels, level):
			values["level"] = level
		case values["grade"] == "":
			values["grade"] = c
		case values["group"] == "":
			values["group"] = c
		}
	}
}

// holder parses the row, with what it does not say from shared; the error is the first one by input.
func (r pastedPerson) holder(kind identity.AccountType, shared map[string]string) (identity.Holder, *fault) {
	if r.fault != nil {
		return identity.Holder{}, r.fault
	}
	values := make(map[string]string)
	for _, name := range holderInputs {
		if values[name] = r.values[name]; values[name] == "" {
			values[name] = shared[name]
		}
	}
	h, faults := parseHolder(kind, values)
	for _, name := range holderInputs {
		if f := faults[name]; f != nil {
			return h, f
		}
	}
	return h, nil
}

// name is what the row says of who it is.
func (r pastedPerson) name() string {
	parts := []string{r.values["givenNames"], r.values["firstSurname"], r.values["secondSurname"]}
	if named := strings.Join(strings.Fields(strings.Join(parts, " ")), " "); named != "" {
		return named
	}
	return strings.Join(strings.Fields(r.text), " ")
}
