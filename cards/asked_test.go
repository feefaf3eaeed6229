package cards

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// The title names the accounts by their type, so that it says nothing of a holder's gender, and in
// the right number.
func TestTitles(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		kind    provisioning.RequestKind
		of      identity.AccountType
		lines   int
		es, en  string
		asks    string // in a sentence
		subject string
	}{
		{"", identity.Student, 1, "Cuenta de alumno para Valeria Soto", "Student account for Valeria Soto", "cuenta de alumno para Valeria Soto", "Valeria Soto"},
		{"", identity.Teacher, 3, "Cuentas de docente para Ana Gil y 2 más", "Teacher accounts for Ana Gil and 2 more", "cuentas de docente para Ana Gil y 2 más", "Ana Gil"},
		{"", identity.WorkCentre, 1, "Cuenta de centro de trabajo para Benito Juárez", "Work centre account for Benito Juárez", "cuenta de centro de trabajo para Benito Juárez", "Benito Juárez"},
		{"", "asesor", 2, "Cuentas de asesor para Ana Gil y una más", "Accounts of type asesor for Ana Gil and one more", "cuentas de asesor para Ana Gil y una más", "Ana Gil"},
		{"recovery", identity.Student, 1, "Recuperar la contraseña de Valeria Soto", "Recover the password of Valeria Soto", "recuperar la contraseña de Valeria Soto", "Valeria Soto"},
	} {
		r := provisioning.Request{Kind: c.kind, Type: c.of, Lines: c.lines, Subject: c.subject}
		spanish := In(Spanish).about(c.kind)
		if got := spanish.title(r); got != c.es {
			t.Errorf("title = %q, want %q", got, c.es)
		}
		if got := spanish.asked(r); got != c.asks {
			t.Errorf("asked = %q, want %q", got, c.asks)
		}
		if got := In(English).about(c.kind).title(r); got != c.en {
			t.Errorf("title = %q, want %q", got, c.en)
		}
	}
}

// What is left of the licences is a fact for the stage that authorises, and a warning to all where it is
// too little.
func TestStock(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		free, needed int
		fact, alert  string
	}{
		{212, 1, "212 libres (esta solicitud usa 1)", ""},
		{3, 3, "3 libres (esta solicitud usa 3)", ""},
		{1, 3, "", "▲\u00a0Solo queda 1 licencia para 3 cuentas. Las otras 2 esperarán turno."},
		{2, 3, "", "▲\u00a0Solo quedan 2 licencias para 3 cuentas. La otra esperará turno."},
		{0, 1, "", "▲\u00a0No quedan licencias libres. La cuenta esperará turno."},
		{0, 3, "", "▲\u00a0No quedan licencias libres. Las 3 cuentas esperarán turno."},
		{-2, 3, "", "▲\u00a0No quedan licencias libres. Las 3 cuentas esperarán turno."},
	} {
		a := Approval{Stage: provisioning.Subdirector, RequestView: RequestView{Request: provisioning.Request{Lines: c.needed}}, Stock: []provisioning.Licence{{Free: c.free}}}
		if got := In(Spanish).stock(a); got != c.fact {
			t.Errorf("%d free of %d: %q, want %q", c.free, c.needed, got, c.fact)
		}
		if got := alertText(In(Spanish).stockAlert(a)); got != c.alert {
			t.Errorf("%d free of %d warns %q, want %q", c.free, c.needed, got, c.alert)
		}
		if a.Stage = provisioning.Director; In(Spanish).stock(a) != "" || alertText(In(Spanish).stockAlert(a)) != c.alert {
			t.Errorf("%d free of %d: the director is shown %q, warned %q", c.free, c.needed, In(Spanish).stock(a), alertText(In(Spanish).stockAlert(a)))
		}
	}
}

// alertText is the text of the box that warns; "" for none.
func alertText(items []any) string {
	if len(items) == 0 {
		return ""
	}
	return items[0].(container).Items[0].(textBlock).Text
}

// A mail has a subject, or nothing: nobody has a number for it.
func TestPetitions(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		medium input.Medium
		number string
		want   string
	}{
		{input.MediumOficio, "SEDU/SRS/045/2026", "Oficio SEDU/SRS/045/2026"},
		{input.MediumOficio, "S/N", "Oficio S/N"},
		{input.MediumMail, "S/N", "Correo electrónico"},
		{input.MediumMail, "Alta de una docente", "Correo electrónico «Alta de una docente»"},
		{input.MediumMail, "", "Correo electrónico"},
	} {
		if got := In(Spanish).petition(provisioning.Petition{Medium: c.medium, Number: c.number}); got != c.want {
			t.Errorf("petition(%s, %q) = %q, want %q", c.medium, c.number, got, c.want)
		}
	}
}
