package receipts

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// listRead is a list as it was read: its lines, heading and remarks.
type listRead struct {
	lines   []ListLine
	heading roster.Heading
	remarks []string
	err     error
}

func readList(path string) listRead {
	var l listRead
	found := func(h roster.Heading) { l.heading = h }
	for line, err := range ReadListTelling(path, found, func(s string) { l.remarks = append(l.remarks, s) }) {
		if err != nil {
			l.err = err
			break
		}
		l.lines = append(l.lines, line)
	}
	return l
}

func cellsOf(lines []ListLine) []map[string]string {
	var all []map[string]string
	for _, l := range lines {
		all = append(all, l.Cells)
	}
	return all
}

// Lists as people sent them, with synthetic personal data: exactly their contents are read.
func TestListsFromTheField(t *testing.T) {
	t.Parallel()
	const at = "@docentecoahuila.gob.mx"
	poi := func(who, number string) map[string]string {
		return map[string]string{"address": "poi." + who + at, "given_names": "Ana", "first_surname": "Ruiz", "second_surname": "Mora", "cct": "05DPR0221C", "employee_number": number}
	}
	for name, want := range map[string][]map[string]string{
		"dom4.csv":  {{"address": "uno" + at, "given_names": "Ana", "first_surname": "Ruiz"}},
		"entra.csv": {{"address": "ana.ruiz" + at, "given_names": "Ana", "surnames": "Ruiz Mora", "full_name": "Ana Ruiz Mora"}},
		"full.csv":  {{"address": "ana.ruiz" + at, "full_name": "Ruiz Mora Ana", "cct": "05DPR0221C"}},
		"rcr.csv": {
			{"address": "uno" + at, "given_names": "Ana", "first_surname": "Ruiz"},
			{"address": "dos" + at, "given_names": "Eva", "first_surname": "Luna"},
		},
		"rcrxl.csv": {
			{"address": "uno" + at, "given_names": "Ana", "first_surname": "Ruiz", "employee_number": "00123"},
			{"address": "dos" + at, "given_names": "Eva", "first_surname": "Luna", "employee_number": "00456"},
			{"address": "tres" + at, "given_names": "Luz", "first_surname": "Mar", "employee_number": "00789"},
			{"address": "cuatro" + at, "given_names": "Sol", "first_surname": "Mar"},
		},
		"poi.xlsx": {poi("uno", "104523"), poi("dos", "10452312"), poi("tres", "844123456789012"), poi("cuatro", "104523"), poi("cinco", "104523")},
		"hidden2.xlsx": {
			{"address": "hid.uno" + at, "given_names": "Ana", "first_surname": "Ruiz", "second_surname": "Mora", "cct": "05DPR0221C", "employee_number": "1"},
		},
		"formula.xlsx": {
			{"address": "for.uno" + at, "given_names": "Ana", "cct": "05DPR0221C", "employee_number": "2"},
			{"given_names": "Eva", "first_surname": "Ruiz"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := readList(filepath.Join("testdata/lists", name))
			if diff := cmp.Diff(want, cellsOf(got.lines)); diff != "" || got.err != nil {
				t.Errorf("error %v, lines (-want +got):\n%s", got.err, diff)
			}
		})
	}
}

// Values that were left out or interpreted have a remark at their line.
func TestRemarksOnListsFromTheField(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"rcrxl.csv":    `No. empleado: "1.23E+05" is a number whose digits are lost`,
		"formula.xlsx": `Apellido paterno: "#N/A" is an error of the spreadsheet`,
		"entra.csv":    `two columns could be the address: "userPrincipalName" is used, "mail" is passed over`,
		"hidden2.xlsx": `the sheet "Lista" is read, the first that can be seen; hidden, and not read: Vieja`,
		"poi.xlsx":     `the sheet "Hoja1" is read`,
	} {
		got := readList(filepath.Join("testdata/lists", name))
		said := got.remarks
		for _, l := range got.lines {
			said = append(said, l.Remarks...)
		}
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("%s: want %q, said:\n%s", name, want, strings.Join(said, "\n"))
		}
	}
	h := readList("testdata/lists/entra.csv").heading
	if diff := cmp.Diff([]string{"mail", "id", "userType", "jobTitle", "department", "accountEnabled", "usageLocation"}, h.PassedOver); diff != "" {
		t.Errorf("columns passed over (-want +got):\n%s", diff)
	}
}

// The error of a file that is no list says what the file looks like, and what to do.
func TestFilesFromTheFieldThatAreNoLists(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{"html.xlsx": "it looks like a web page", "vacio.xlsx": "it is empty"} {
		got := readList(filepath.Join("testdata/lists", name))
		if got.err == nil || !strings.Contains(got.err.Error(), want) || !strings.Contains(got.err.Error(), "guárdelo como .xlsx") || strings.Contains(got.err.Error(), "zip") {
			t.Errorf("%s: %v, want %q", name, got.err, want)
		}
	}
}

// Names in a single column are stored unsplit.
func TestWholeNamesAreKept(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]struct {
		cells          map[string]string
		given, surname string
		warned         int
	}{
		"Entra's":         {map[string]string{"given_names": "Ana", "surnames": "Ruiz Mora", "full_name": "Ana Ruiz Mora"}, "Ana", "Ruiz Mora", 0},
		"one column":      {map[string]string{"full_name": "Ruiz Mora Ana"}, "Ruiz Mora Ana", "", 1},
		"parted already":  {map[string]string{"given_names": "Ana", "first_surname": "Ruiz", "surnames": "Ruiz Mora"}, "Ana", "Ruiz", 0},
		"only a surname":  {map[string]string{"surnames": "Ruiz"}, "", "Ruiz", 0},
		"nothing at all":  {nil, "", "", 0},
		"blank but whole": {map[string]string{"full_name": "Ana Ruiz Mora", "cct": "05DPR0221C"}, "Ana Ruiz Mora", "", 1},
	} {
		cells := map[string]string{"address": "uno@docentecoahuila.gob.mx"}
		maps.Copy(cells, want.cells)
		r, warnings, err := ListLine{Number: 2, Cells: cells}.receipt(domains())
		p := r.Holder.Person
		if err != nil || p.GivenNames != want.given || p.FirstSurname != want.surname || len(warnings) != want.warned {
			t.Errorf("%s: %+v, %v, %v", name, p, warnings, err)
		}
	}
}

// The name of a work centre is its line's name, whatever the heading of the column.
func TestNamesOfCentresInALine(t *testing.T) {
	t.Parallel()
	for _, column := range []string{"centre_name", "full_name", "given_names"} {
		cells := map[string]string{"address": "05dpr0221c@seducoahuila.gob.mx", "cct": "05DPR0221C", column: "Benito Juárez"}
		r, warnings, err := ListLine{Cells: cells}.receipt(domains())
		if want := (identity.Centre{CCT: "05DPR0221C", Name: "Benito Juárez"}); err != nil || len(warnings) > 0 || r.Holder.Centre != want {
			t.Errorf("%s: %+v, %v, %v", column, r.Holder, warnings, err)
		}
	}
}

func TestAddressesOfALine(t *testing.T) {
	t.Parallel()
	const want = "ana.ruiz@docentecoahuila.gob.mx"
	for _, typed := range []string{
		want, "Ana.Ruiz@DocenteCoahuila.gob.mx", "smtp:" + want, "SMTP:" + want, "mailto:" + want, "mailto:" + want + "?subject=hola", "sip:" + want,
		"Ana Ruiz <" + want + ">", `"Ruiz, Ana" <` + want + ">;", "<" + want + ">", " " + want + ";", want + ".", "'" + want + "'",
	} {
		r, _, err := ListLine{Cells: map[string]string{"address": typed}}.receipt(domains())
		if err != nil || string(r.Address) != want {
			t.Errorf("%q is %q, %v", typed, r.Address, err)
		}
	}
	for _, typed := range []string{
		want + ";otra@docentecoahuila.gob.mx", want + ", otra@docentecoahuila.gob.mx", "ana ruiz@docentecoahuila.gob.mx", "ana@ruiz@docentecoahuila.gob.mx",
		"http://docentecoahuila.gob.mx", "x500:/o=a/cn=b", "ana.@docentecoahuila.gob.mx", "ana..ruiz@docentecoahuila.gob.mx", "peña@docentecoahuila.gob.mx",
		"ana@localhost", "ana@docentecoahuila..mx", "Ana <ana", "ana(1)@docentecoahuila.gob.mx", "smtp:", "",
	} {
		if r, _, err := (ListLine{Cells: map[string]string{"address": typed, "type": "docente"}}).receipt(domains()); err == nil {
			t.Errorf("%q is taken for the address %q", typed, r.Address)
		}
	}
}

// Headings of the systems that lists come from, and as people write them.
func TestHeadingsOfLists(t *testing.T) {
	t.Parallel()
	for want, headings := range map[string][]string{
		"address": {"CORREO", "Correo Electrónico", "correo_electronico", "E-mail", "Email Address [Required]", "User principal name", "Nombre principal de usuario", "userPrincipalName",
			"Nombre de usuario [userPrincipalName] Obligatorio", "User name [userPrincipalName] Required", "PrimarySmtpAddress", "Username", "Cuenta institucional", "Correo\nInstitucional",
			"\ufeffCorreo", "Correo\u00a0institucional", "Correo *", "Correo (obligatorio)", "3. Correo", "Dirección de correo electrónico"},
		"given_names": {"Nombre(s)", "NOMBRES", "First name", "First Name [Required]", "givenName", "Nombre [givenName]", "Nombre de pila", "Nombre del alumno", "Name"},
		"surnames":    {"surname", "Last name", "Last Name [Required]", "Last name [surname]", "Apellidos", "APELLIDO(S)", "Apellidos [surname]", "familyName"},
		"full_name": {"displayName", "Display name", "Nombre para mostrar", "Name [displayName] Required", "Nombre [displayName] Obligatorio", "Nombre completo", "NOMBRE_COMPLETO",
			"Apellidos y nombre(s)", "Nombre y apellidos", "Full Name", "Nombre completo del alumno"},
		"first_surname":   {"Apellido paterno", "A. Paterno", "AP_PATERNO", "Primer apellido", "Apellido 1", "1er. apellido", "Ape Paterno", "PATERNO", "apellidoPaterno"},
		"second_surname":  {"Apellido materno", "A. MATERNO", "ap. mat.", "Segundo apellido", "Apellido2", "2º apellido"},
		"curp":            {"CURP", "C.U.R.P.", "Curp*", "CURP (18 caracteres)", "CURP del alumno"},
		"cct":             {"CCT", "CV_CCT", "Clave CCT", "clave_ct", "Clave del Centro de Trabajo", "Clave de centro de trabajo (CCT)", "CT", "CVE_CCT", "C.C.T.", "CLAVECCT"},
		"centre_name":     {"NOMBRECT", "Centro de trabajo", "Nombre de la escuela", "Plantel", "nom_cct"},
		"employee_number": {"No. empleado", "Nº de empleado", "Núm. de Empleado", "NUM_EMPLEADO", "Número de nómina", "Employee ID", "# empleado", "employeeNumber"},
		"type":            {"Tipo", "Tipo de cuenta", "Perfil"},
		"":                {"userType", "Teléfono", "RFC", "Middle name", "Correo personal", "Matrícula", "Clave del municipio", "1", "Nombre del municipio", "Fecha de nacimiento", "Correo alterno"},
	} {
		for _, heading := range headings {
			path := filepath.Join(t.TempDir(), "lista.csv")
			quoted := `"` + strings.ReplaceAll(heading, `"`, `""`) + `"`
			writeFile(t, path, "cuenta de correo institucional,"+quoted+"\nuno@docentecoahuila.gob.mx,x\n")
			if want == "address" {
				writeFile(t, path, quoted+"\nx\n")
			}
			got := readList(path)
			var names []string
			for _, cells := range cellsOf(got.lines) {
				for name, cell := range cells {
					if cell == "x" {
						names = append(names, name)
					}
				}
			}
			if strings.Join(names, " ") != want || got.err != nil {
				t.Errorf("%q is read as %v, want %q; %v", heading, names, want, got.err)
			}
		}
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
