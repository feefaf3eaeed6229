package receipts

import (
	"errors"
	"fmt"
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// ListLine is one line of a list of addresses, its cells by our names of the fields.
type ListLine roster.Line

// ErrNoHeading is what a list without a column for the address gives.
var ErrNoHeading = errors.New("receipts: no line has the heading of a column with the address (correo, cuenta, usuario …)")

// listShape is how people head the columns of such a list. README.md has it for
// people.
func listShape() roster.Shape {
	return roster.Shape{Required: "address", Missing: ErrNoHeading, Columns: map[string]string{
		"address":         "correo|correoelectronico|correoinstitucional|email|mail|cuenta|cuentadecorreo|usuario|userprincipalname|direccion",
		"type":            "tipo|tipodecuenta|tipocuenta|perfil|type",
		"given_names":     "nombre|nombres|givenname",
		"first_surname":   "apellidopaterno|primerapellido|paterno|apellido1|appaterno",
		"second_surname":  "apellidomaterno|segundoapellido|materno|apellido2|apmaterno",
		"curp":            "curp",
		"cct":             "cct|clave|clavecct|clavedecentrodetrabajo|clavedelcentrodetrabajo|centrodetrabajocct",
		"centre_name":     "centro|centrodetrabajo|nombredelcentro|nombredelcentrodetrabajo|escuela|plantel|nombredelplantel",
		"responsible":     "responsable|director|directora|titular",
		"employee_number": "numerodeempleado|numempleado|noempleado|numempl|empleado|nomina",
		"level":           "nivel|niveleducativo",
		"grade":           "grado",
		"class_group":     "grupo",
	}}
}

// ReadList yields the lines of an .xlsx, .csv or .txt file, however long, in
// constant memory. It ends at the first error. Columns that it does not know are passed over.
func ReadList(path string) iter.Seq2[ListLine, error] {
	return func(yield func(ListLine, error) bool) {
		for l, err := range roster.Read(path, listShape()) {
			if !yield(ListLine(l), err) {
				return
			}
		}
	}
}

// receipt reads the line's cells. A key that is none is left out with a warning,
// for the address is what counts.
func (l ListLine) receipt(domains map[string]provisioning.AccountType) (r provisioning.Receipt, warnings []error, err error) {
	a := provisioning.Address(canonical("address", l.Cells["address"]))
	r = provisioning.Receipt{Address: a, State: provisioning.ReceiptImported}
	if !mailLike(a) {
		return r, nil, provisioning.Invalid("address", "address.format")
	}
	r.Holder.Type = domains[a.Domain()]
	if typed := l.Cells["type"]; typed != "" {
		r.Holder.Type = typeCalled(typed)
	}
	if r.Holder.Type == "" {
		return r, nil, provisioning.Invalid("type", "type.unknown")
	}
	cct, err := provisioning.ParseCCT(l.Cells["cct"])
	if err != nil && l.Cells["cct"] != "" {
		warnings = append(warnings, fmt.Errorf("cct left out: %w", err))
	}
	if r.Holder.Type == provisioning.WorkCentre {
		r.Holder.Centre = provisioning.Centre{CCT: cct, Name: l.Cells["centre_name"], Responsible: l.Cells["responsible"]}
		return r, warnings, nil
	}
	curp, err := provisioning.ParseCURP(l.Cells["curp"])
	if err != nil && l.Cells["curp"] != "" {
		warnings = append(warnings, fmt.Errorf("curp left out: %w", err))
	}
	r.Holder.Person = provisioning.Person{
		GivenNames: l.Cells["given_names"], FirstSurname: l.Cells["first_surname"], SecondSurname: l.Cells["second_surname"],
		CURP: curp, CCT: cct, EmployeeNumber: l.Cells["employee_number"],
		Level: l.Cells["level"], Grade: l.Cells["grade"], Group: l.Cells["class_group"],
	}
	return r, warnings, nil
}

// typeCalled knows the types by the words that lists have for them.
func typeCalled(s string) provisioning.AccountType {
	switch roster.Fold(s) {
	case "alumno", "alumna", "alumnos", "estudiante", "estudiantes":
		return provisioning.Student
	case "docente", "docentes", "maestro", "maestra", "maestros", "profesor", "profesora", "trabajador", "trabajadores":
		return provisioning.Teacher
	case "centro", "centros", "centrodetrabajo", "centrosdetrabajo", "plantel", "escuela":
		return provisioning.WorkCentre
	}
	return ""
}

// mailLike is wider than Address.Valid: what others made need not follow our patterns.
func mailLike(a provisioning.Address) bool {
	if a.Local() == "" || a.Domain() == "" {
		return false
	}
	for _, c := range a.Domain() {
		if c == '@' {
			return false
		}
	}
	for _, c := range a {
		if c <= ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}
