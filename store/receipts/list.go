package receipts

import (
	"cmp"
	"errors"
	"fmt"
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// ListLine is one line of a list of addresses, with its cells by field name.
type ListLine roster.Line

// ErrNoHeading is the error of a list without a column for the address.
var ErrNoHeading = errors.New("receipts: no line has the heading of a column with the address (correo, cuenta, usuario …)")

// listShape returns the known column headings, the most specific first. README.md documents
// them.
func listShape() roster.Shape {
	return roster.Shape{Required: "address", Missing: ErrNoHeading, Columns: map[string]string{
		"address": "correo institucional|cuenta de correo institucional|direccion de correo institucional|cuenta institucional|nombre principal de usuario|primary smtp address|upn|" +
			"correo|correo del alumno|correo del docente|correo del empleado|direccion de correo|cuenta de correo|cuenta|usuario|nombre de usuario|direccion",
		"type":            "tipo de cuenta|tipo|perfil",
		"given_names":     "nombre|first name|given|nombre de pila|nombre given|nombre first given|nombre del alumno|nombre del docente|nombre del empleado",
		"surnames":        "apellido|last name|last apellido nombre|apellido del alumno|apellido del docente|apellido del empleado",
		"first_surname":   "apellido paterno|primer apellido|paterno|apellido paterno del alumno|apellido paterno del docente|apellido paterno del empleado",
		"second_surname":  "apellido materno|segundo apellido|materno|apellido materno del alumno|apellido materno del docente|apellido materno del empleado",
		"full_name":       "nombre completo|alumno|docente|display name|nombre para mostrar|apellido y nombre|nombre completo del alumno|nombre completo del docente|nombre completo del empleado",
		"curp":            "curp|curp del alumno|curp del docente|curp del empleado",
		"cct":             "clave cct|cct|clave del centro de trabajo|centro de trabajo cct|clave centro de trabajo cct|clave de centro|clave de escuela|cct escuela|clave",
		"centre_name":     "nombre del centro de trabajo|nombre cct|nombre del centro|nombre escuela|centro de trabajo|escuela|centro",
		"responsible":     "responsable|nombre responsable|responsable escuela|responsable centro|nombre completo responsable",
		"employee_number": "numero de empleado|empleado id|numero de nomina|nomina|empleado",
		"level":           "nivel",
		"grade":           "grado",
		"class_group":     "grupo",
	}}
}

// ReadList yields the lines of an .xlsx, .csv or .txt file in constant memory. It ends at the
// first error. Unknown columns are skipped.
func ReadList(path string) iter.Seq2[ListLine, error] {
	return ReadListTelling(path, nil, nil)
}

// ReadListTelling is ReadList that calls found with the columns that are read, and tell with
// remarks on the list, in sentences. Either may be nil.
func ReadListTelling(path string, found func(roster.Heading), tell func(string)) iter.Seq2[ListLine, error] {
	shape := listShape()
	shape.Found, shape.Tell = found, tell
	return func(yield func(ListLine, error) bool) {
		for l, err := range roster.Read(path, shape) {
			if !yield(ListLine(l), err) {
				return
			}
		}
	}
}

// receipt converts the line to a Receipt. An invalid CURP or CCT is left out with a warning,
// because only the address is required; a generic CURP is kept but identifies nobody.
func (l ListLine) receipt(domains map[string]identity.AccountType) (r provisioning.Receipt, warnings []error, err error) {
	a := identity.Address(canonical("address", bareAddress(l.Cells["address"])))
	r = provisioning.Receipt{Address: a, State: provisioning.ReceiptImported}
	for _, remark := range l.Remarks {
		warnings = append(warnings, errors.New(remark))
	}
	if !mailLike(a) || a.Domain() == erasedDomain { // of an erased row, which was exported
		return r, warnings, problem.Invalid("address", "address.format")
	}
	r.Holder.Type = domains[a.Domain()]
	if typed := l.Cells["type"]; typed != "" {
		r.Holder.Type = typeCalled(typed)
	}
	if r.Holder.Type == "" {
		return r, warnings, problem.Invalid("type", "type.unknown")
	}
	cct, err := identity.ParseCCT(l.Cells["cct"])
	if err != nil && l.Cells["cct"] != "" {
		warnings = append(warnings, fmt.Errorf("cct left out: %w", err))
	}
	if r.Holder.Type == identity.WorkCentre {
		r.Holder.Centre = identity.Centre{
			CCT: cct, Name: cmp.Or(l.Cells["centre_name"], l.Cells["full_name"], l.Cells["given_names"]), Responsible: l.Cells["responsible"],
		}
		return r, warnings, nil
	}
	curp, err := identity.ParseCURP(l.Cells["curp"])
	if err != nil && l.Cells["curp"] != "" {
		warnings = append(warnings, fmt.Errorf("curp left out: %w", err))
	}
	if curp.Generic() {
		warnings = append(warnings, problem.Invalid("curp", "curp.generic"))
	}
	number := l.Cells["employee_number"]
	if number != "" && input.Placeholder(number) {
		warnings = append(warnings, fmt.Errorf("employee number left out: %q stands for none", number))
		number = ""
	}
	r.Holder.Person = identity.Person{
		GivenNames: l.Cells["given_names"], FirstSurname: l.Cells["first_surname"], SecondSurname: l.Cells["second_surname"],
		CURP: curp, CCT: cct, EmployeeNumber: number,
		Level: l.Cells["level"], Grade: l.Cells["grade"], Group: l.Cells["class_group"],
	}
	return r, append(warnings, l.nameWhole(&r.Holder.Person)...), nil
}

// nameWhole keeps a name in a single column unsplit, because given names and surnames cannot be
// told apart reliably.
func (l ListLine) nameWhole(p *identity.Person) (warnings []error) {
	if whole := l.Cells["surnames"]; whole != "" && p.FirstSurname == "" {
		p.FirstSurname = whole
	}
	if whole := l.Cells["full_name"]; whole != "" && p.GivenNames == "" && p.FirstSurname == "" && p.SecondSurname == "" {
		p.GivenNames = whole
		warnings = append(warnings, fmt.Errorf("the whole name is kept as it stands, for a list with one column cannot tell names from surnames: %s", whole))
	}
	return warnings
}

// typeCalled returns the account type for a word used in lists; "" if it is unknown.
func typeCalled(s string) identity.AccountType {
	switch roster.Fold(s) {
	case "alumno", "alumna", "alumnos", "estudiante", "estudiantes":
		return identity.Student
	case "docente", "docentes", "maestro", "maestra", "maestros", "profesor", "profesora", "trabajador", "trabajadores":
		return identity.Teacher
	case "centro", "centros", "centrodetrabajo", "centrosdetrabajo", "plantel", "escuela":
		return identity.WorkCentre
	}
	return ""
}
