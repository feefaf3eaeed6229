package sandbox

import (
	"bytes"
	"maps"
	"os"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// The demo checks everything that it shows, and returns an error for the first unexpected result.
func TestDemo(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := Demo(t.Context(), &out, ""); err != nil {
		t.Fatalf("%v, after:\n%s", err, out.String())
	}
	for _, want := range []string{
		"lucia.nanez@docentecoahuila.gob.mx", "iker.ruelas@alumnocoahuila.gob.mx", "05dpr0221c@seducoahuila.gob.mx",
		"Silvia Treviño Sánchez oprime [Enterado]", "Confirmó haberlo leído", "oprime [Descartar]\nSilvia Treviño Sánchez oprime [Sí, descartar]", "Servidor de Recibos", "Todo salió como debía",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the transcript has no %q", want)
		}
	}
}

// An invalid CURP in a file ends the demo with the form's message.
func TestDemoOfAFileWithASlip(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/gente.csv"
	list := "\xef\xbb\xbfTipo;Nombres;Primer apellido;CURP;CCT\r\nDocente;Ana;P\xe9rez;GAPM120515MCLRRRA5;05EPR0093X\r\n" // as Excel saves it
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	err := Demo(t.Context(), &out, path)
	if err == nil || !strings.Contains(err.Error(), "Ana Pérez: the form does not take it:") || !strings.Contains(err.Error(), "dígito que no corresponde") {
		t.Errorf("err = %v, after:\n%s", err, out.String())
	}
}

// The form accepts the people of the sample file without warnings.
func TestSampleOfPeople(t *testing.T) {
	t.Parallel()
	people, err := peopleOf("testdata/people.csv")
	if err != nil || len(people) != 12 {
		t.Fatalf("%d people, err = %v; want 12", len(people), err)
	}
	today := time.Date(2026, 9, 1, 0, 0, 0, 0, time.UTC)
	for _, p := range people {
		h := identity.Holder{Type: identity.AccountType(p["type"])}
		var errs [2]error
		h.Person.CCT, errs[0] = identity.ParseCCT(p["cct"])
		h.Centre.CCT = h.Person.CCT
		if h.Type != identity.WorkCentre {
			h.Person.GivenNames, h.Person.FirstSurname, h.Person.SecondSurname = p["givenNames"], p["firstSurname"], p["secondSurname"]
			h.Person.CURP, errs[1] = identity.ParseCURP(p["curp"])
		}
		if warnings := h.Warnings(today); errs[0] != nil || errs[1] != nil || len(warnings) > 0 {
			t.Errorf("%s: %v %v", nameOf(p), errs, warnings)
		}
	}
}

func TestFaultsOfAFile(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ content, want string }{
		"a slip in a heading": {"tipo,nombres,primer_apelido,curp,cct\ndocente,Ana,Ruiz,X,Y\n", "line 2: nothing under primer_apellido"},
		"no type":             {"nombres\nAna\n", "tipo"},
		"a type of its own":   {"tipo,nombres\nalumno,Ana\nmaestro,Ana\n", `line 3: tipo is "maestro"`},
		"a short line":        {"tipo;nombres\r\ncentro\r\n", "line 2: nothing under nombre_centro, responsable, cct"},
		"nobody":              {"tipo,nombres\n", "nobody"},
		"empty":               {"", "tipo"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			path := t.TempDir() + "/people.csv"
			if err := os.WriteFile(path, []byte(c.content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := peopleOf(path); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("err = %v, want one with %q", err, c.want)
			}
		})
	}
}

// Files with two columns of the same meaning, or with other headings.
func TestFilesOfPeopleFromTheField(t *testing.T) {
	t.Parallel()
	people, err := peopleOf("testdata/gen.csv")
	if err != nil || len(people) != 2 || people[0]["givenNames"] != "John" || people[1]["firstSurname"] != "Brown" || people[1]["employeeNumber"] != "1002" {
		t.Errorf("gen.csv: %v, %v", people, err)
	}
	path := t.TempDir() + "/people.csv"
	list := "sep=;\r\nTIPO;Nombre(s);Apellido paterno;A. Materno;C.U.R.P.;Clave CCT;No. empleado\rdocente;Ana;Ruiz;#N/A;=\"X\";05DPR0221C;'00123\r"
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	want := teamsfake.Inputs{"type": "docente", "givenNames": "Ana", "firstSurname": "Ruiz", "curp": "X", "cct": "05DPR0221C", "employeeNumber": "00123"}
	if people, err := peopleOf(path); err != nil || len(people) != 1 || !maps.Equal(people[0], want) {
		t.Errorf("%v, %v, want %v", people, err, want)
	}
}

// A column that is empty throughout is reported once; a person's missing values with the person.
func TestAMissingColumnOfPeopleIsToldOnce(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/people.csv"
	list := "tipo,nombres,primer_apellido,cct\n" + strings.Repeat("docente,Ana,Ruiz,05DPR0221C\n", 500) + "docente,Eva,,05DPR0221C\n"
	if err := os.WriteFile(path, []byte(list), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := peopleOf(path)
	if want := "people.csv, line 2: nothing under curp\npeople.csv, line 502: nothing under primer_apellido"; err == nil || err.Error() != want {
		t.Errorf("err = %v, want %q", err, want)
	}
}
