package receipts

import (
	"errors"
	"iter"

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
