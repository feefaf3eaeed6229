package letter_test

import (
	"fmt"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// saltillo is six hours behind UTC all the year.
var saltillo = time.FixedZone("America/Monterrey", -6*60*60)

// issued is 30 November 2026, half past eight in the evening in Saltillo: the next day in UTC.
var issued = time.Date(2026, time.December, 1, 2, 30, 0, 0, time.UTC)

var seal = letter.Seal{Code: "K7QF-3M2X-9TBD", URL: "https://altas.seducoahuila.gob.mx/oficio/K7QF3M2X9TBD"}

func template() letter.Template {
	t := letter.DefaultTemplate()
	t.Zone = saltillo
	t.Legends = []letter.Legend{
		{From: "2025-01-01", To: "2025-12-31", Text: "«2025, leyenda de otro año»"},
		{From: "2026-01-01", To: "2026-12-31", Text: "«2026, Año de Margarita Maza Parada»"},
	}
	t.Initials = "CAGS/mrl"
	return t
}

// content returns a letter of n teachers, all of whose accounts were made.
func content(n int) letter.Content {
	c := letter.Content{
		Number: "SEDU/DGTI/SS/0123/2026", File: "SEDU.5C.12/2026", Folio: "2026-000123",
		Type: identity.Teacher, State: provisioning.StateCompleted, Date: issued,
		Addressee: letter.Addressee{
			Name: "María Guadalupe Ñáñez Agüero", Post: "Directora", CCT: "05DPR0221C", Centre: "Escuela Primaria Niños Héroes",
		},
		Petition: provisioning.Petition{
			Medium: input.MediumOficio, Number: "SEDU/045/2026", Date: time.Date(2026, time.November, 3, 0, 0, 0, 0, time.UTC),
		},
		Decisions: []letter.Decision{
			{Stage: provisioning.Director, Verdict: provisioning.Approve, Name: "Rosa Elena Cárdenas Muñoz", At: issued.AddDate(0, 0, -3)},
			{Stage: provisioning.Subdirector, Verdict: provisioning.Approve, Name: "Julián Peña Güémez", At: issued.AddDate(0, 0, -2)},
		},
	}
	for i := range n {
		c.Lines = append(c.Lines, account(i+1))
	}
	return c
}

var (
	given    = []string{"Lucía", "José Ángel", "María de los Ángeles", "Íñigo", "Ximena Guadalupe", "Raúl", "Begoña", "Óscar Iván"}
	surnames = []string{"Núñez", "Peña", "Agüero", "Hernández Villarreal", "Cárdenas", "Güémez", "De la Garza", "Muñoz"}
	schools  = []identity.CCT{"05DPR0221C", "05EJN0034Z", "05DES0110T"}
)

var plain = strings.NewReplacer("á", "a", "é", "e", "í", "i", "ó", "o", "ú", "u", "ü", "u", "ñ", "n", " ", "")

// account returns the n-th line, from 1: an account that was made.
func account(n int) letter.Line {
	name, first, second := given[n%8], surnames[n/8%8], surnames[n/64%8]
	address := plain.Replace(strings.ToLower(fmt.Sprintf("%s.%s%d", name, first, n)))
	return letter.Line{
		Number: n, Name: name + " " + first + " " + second, CCT: schools[n%3],
		Address: identity.Address(address + "@docentecoahuila.gob.mx"), State: provisioning.AccountAnnounced,
	}
}

// mixed returns a letter of n teachers, some of whom had an account, and some of whom were excluded.
func mixed(n int) letter.Content {
	c := content(n)
	for i := range c.Lines {
		switch {
		case i%9 == 4:
			c.Lines[i].State = provisioning.AccountExists
		case i%13 == 6:
			c.Lines[i].State, c.Lines[i].Address = provisioning.AccountExcluded, ""
			c.Lines[i].Note = "La persona ya no labora en el plantel, según la plantilla de octubre."
		}
	}
	return c
}

// rejection returns a letter about a request that was rejected, whose lines have addresses.
func rejection() letter.Content {
	c := content(2)
	c.State = provisioning.StateRejected
	c.Decisions = []letter.Decision{
		{Stage: provisioning.Director, Verdict: provisioning.Approve, Name: "Rosa Elena Cárdenas Muñoz", At: issued.AddDate(0, 0, -3), Comment: "Nota interna."},
		{
			Stage: provisioning.Subdirector, Verdict: provisioning.Reject, Name: "Julián Peña Güémez", At: issued.AddDate(0, 0, -2),
			Comment: "El oficio no está firmado por la dirección del plantel. Falta también el «sello» oficial; envíelo completo.",
		},
	}
	return c
}

// recovered returns a letter about a password that was renewed.
func recovered() letter.Content {
	c := content(1)
	c.Kind = "recovery"
	c.Petition = provisioning.Petition{Medium: input.MediumMail, Number: "S/N"}
	return c
}
