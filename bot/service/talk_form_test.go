package service_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// Silvia enters Lucía, then Lucía again: the error is shown at the CURP, with her name. What she
// typed is kept; after the correction both are sent.
func TestThePersonWhoIsOnTheFormAlready(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	form := o.shows(o.silvia, o.asks(o.silvia, lucia), "request.add", nil)
	again := without(lucia, "type")
	again["curp"] = strings.ToLower(again["curp"])
	form = o.shows(o.silvia, form, "request.next", again)
	if text := form.Text(); !strings.Contains(text, "ya está en esta solicitud, con el número 1") || form.Input("curp").Value != again["curp"] {
		t.Fatalf("the second Lucía:\n%s", text)
	}
	review := o.shows(o.silvia, form, "request.next", without(luis, "type"))
	same := o.shows(o.silvia, o.shows(o.silvia, review, "request.edit", map[string]string{"number": "2"}), "request.next", nil)
	if !same.Offers("request.submit") {
		t.Errorf("Luis, opened and left as he is, is taken for a second one:\n%s", same.Text())
	}
}

// Her phone still shows the form from before Luis, the last person that the rules allow: "add"
// there does nothing, and nobody is sent whom the approvers would not see.
func TestAFormTakesNoMoreThanItShows(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.rules(officeRules + "\nlimits: {people: 2}\n") })
	passed := o.asks(o.silvia, lucia)
	review := o.shows(o.silvia, o.shows(o.silvia, passed, "request.add", nil), "request.next", without(luis, "type"))
	if review.Offers("request.add") {
		t.Fatalf("a third is offered:\n%s", review.Text())
	}
	if still := o.shows(o.silvia, passed, "request.add", nil); still.Offers("request.next") || !still.Offers("request.submit") {
		t.Errorf("a third is let in:\n%s", still.Text())
	}
}

// Two students were typed as teachers. Changing the type keeps both, with addresses in the
// students' domain; nothing is typed again.
func TestTheTypeChangesAndThePeopleStay(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first, second := maps.Clone(iker), aTeacher("Valeria", "Soto", "Molina", 0)
	first["type"], second["curp"] = "docente", string(provisioningtest.ChildCURP(13))
	for _, name := range []string{"level", "grade", "group"} {
		delete(first, name)
	}
	petition := o.shows(o.silvia, o.asks(o.silvia, first, second), "request.back", nil)
	review := o.shows(o.silvia, petition, "request.next", map[string]string{"type": "alumno"})
	for _, want := range []string{"iker.ruelas@alumnocoahuila.gob.mx", "valeria.soto@alumnocoahuila.gob.mx"} {
		if !strings.Contains(review.Text(), want) {
			t.Errorf("after the type changed, no %s:\n%s", want, review.Text())
		}
	}
}

// Every text of Silvia's gets an answer that says what to do next: words similar to a command,
// thanks, features that Altas does not have yet, and a folio alone.
func TestWhateverIsTypedLeadsOn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	for _, c := range []struct{ typed, told string }{
		{"solicitr", "¿Quiso decir «solicitar»?"},
		{"quisiera saber el estado", "¿Quiso decir «estado»?"},
		{"xyzzy", "No entendimos «xyzzy»"},
		{"muchas gracias", "A sus órdenes"},
		{"👍", "A sus órdenes"},
		{"buenas noches", "Le damos la bienvenida"},
		{"lista", "Solicite hasta 30 personas"},
		{"¿recuperar?", "Recuperar una contraseña"},
		{"pendientes", "Mis solicitudes"},
		{"cancelar", "por ejemplo: cancelar"},
		{folio, "Seguimiento"},
		{"hola, ¿cómo va mi solicitud?", "Seguimiento"},
		{"estado de la solicitud " + folio, "Seguimiento"},
		{"corregir " + folio, "Seguimiento"},
		{"cancelar 1 cuenta", "escriba «cancelar» y su folio"},
		{"cancelar mi solicitud", "por ejemplo: cancelar"},
	} {
		chat := o.chats[o.silvia.ID]
		before := len(o.teams.Messages(chat, o.silvia.ID))
		o.says(o.silvia, c.typed)
		o.waits("answer to "+c.typed+" with "+c.told, func() bool {
			return slices.ContainsFunc(o.teams.Messages(chat, o.silvia.ID)[before:], func(m teamsfake.Message) bool {
				return m.From == "" && (strings.Contains(m.Text, c.told) || m.Card != nil && strings.Contains(m.Card.Text(), c.told))
			})
		})
	}
}
