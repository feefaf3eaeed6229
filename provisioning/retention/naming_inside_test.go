package retention

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

func TestWithout(t *testing.T) {
	p := Person{CURP: "UIZQ850515MCLRBT08", Lines: []provisioning.Account{{
		Address: "ana.luz@docente.mx", Holder: identity.Holder{Type: identity.Teacher, Person: identity.Person{
			GivenNames: "Ana Luz", FirstSurname: "de la Peña", SecondSurname: "Güemes",
		}},
	}}}
	n := p.naming()
	for _, c := range []struct {
		text  string
		least int
		want  string
	}{
		{"", single, ""},
		{"Para Ana Luz de la Peña Güemes.", several, "Para (datos suprimidos)."},
		{"PEÑA GUEMES, ANA", several, "(datos suprimidos)"},
		{"Ana", several, "Ana"},
		{"Ana", single, "(datos suprimidos)"},
		{"Ana y Ana", several, "Ana y Ana"}, // twice the same word is no whole name
		{"la Peña", several, "la Peña"},
		{"de la Peña, de la Luz", several, "de la (datos suprimidos)"},
		{"Ana María Luz", several, "Ana María Luz"},
		{"Anabel Penalva", single, "Anabel Penalva"},
		{"UIZQ850515MCLRBT08 y GAPG850515MCLRXD08", several, "(datos suprimidos) y GAPG850515MCLRXD08"},
		{"uizq 850515-MCLRBT08", several, "(datos suprimidos)"},
		{"UIZQ············08", several, "(datos suprimidos)"},
		{"escriba a ana.luz@docente.mx.", several, "escriba a (datos suprimidos)."},
		{"Ana.Luz@Docente.MX", several, "(datos suprimidos)"},
		{"juana.luz@docente.mx", several, "juana.luz@docente.mx"},
		{"x.ana.luz@docente.mx", several, "x.ana.luz@docente.mx"},
		{"ana.luz@docente.mxx ana.luz@docente.mx", several, "ana.luz@docente.mxx (datos suprimidos)"},
	} {
		if got := n.without(c.text, c.least); got != c.want {
			t.Errorf("without(%q, %d) = %q, want %q", c.text, c.least, got, c.want)
		}
	}
}

func TestNamed(t *testing.T) {
	p := Person{CURP: "UIZQ850515MCLRBT08", Rows: []provisioning.Receipt{{Holder: identity.Holder{Type: identity.Student, Person: identity.Person{
		GivenNames: "Ana", FirstSurname: "de la Peña",
	}}}}}
	n := p.naming()
	for text, want := range map[string]bool{"ANA DE LA PEÑA": true, "Pena Ana": true, "Ana": false, "Ana Peña Luz": false, "": false} {
		if got := n.named(text); got != want {
			t.Errorf("named(%q) = %v", text, got)
		}
	}
}
