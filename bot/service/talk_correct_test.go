package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// corrects opens a returned request as a form and returns its review.
func (o *office) corrects(p teamsfake.Person, folio, about string) *teamsfake.Card {
	o.t.Helper()
	o.presses(p, o.card(o.chats[p.ID], p, "request.correct", folio), "request.correct", nil)
	return o.card(o.chats[p.ID], p, "request.submit", about)
}

// Two people were requested; the director wants one of them removed. The correction says that the
// list changed, and no account is created for the removed one.
func TestACorrectionTakesSomebodyOut(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis)
	o.returns(o.rosa, "director", folio, "Luis va en otro oficio.")
	review := o.corrects(o.silvia, folio, "Luis Ibarra")
	review = o.shows(o.silvia, review, "request.remove", teamsfake.Inputs{"number": "2"})
	o.shows(o.silvia, review, "request.submit", nil)
	again := o.approval("director", folio)
	if text := again.Text(); !strings.Contains(text, "Se corrigió: personas de la lista.") || !strings.Contains(text, "Se quitó al corregir") {
		t.Errorf("the director sees:\n%s", text)
	}
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.sends(o.martha, luis) // he can be requested again
	o.stop()
	o.oneEach()
	if made := o.stamped(); len(made) != 1 {
		t.Errorf("accounts: %+v", made)
	}
}

// A student was requested as a teacher. The correction changes the type, and with it the form's
// inputs; the account is in the students' domain.
func TestACorrectionChangesTheType(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	wrong := aTeacher("Iker", "Ruelas", "Solís", 0)
	wrong["curp"] = iker["curp"]
	folio := o.sends(o.silvia, wrong)
	o.returns(o.rosa, "director", folio, "Es alumno.")
	review := o.corrects(o.silvia, folio, "Iker")
	petition := o.shows(o.silvia, review, "request.back", nil)
	form := o.shows(o.silvia, petition, "request.next", teamsfake.Inputs{"type": "alumno"})
	if form.Input("grade") == nil {
		t.Fatalf("after the type changed the form shows:\n%s", form.Text())
	}
	review = o.shows(o.silvia, form, "request.next", without(iker, "type"))
	o.shows(o.silvia, review, "request.submit", nil)
	if text := o.approval("director", folio).Text(); !strings.Contains(text, "tipo de cuenta") {
		t.Errorf("the director does not see that the type changed:\n%s", text)
	}
	o.authorises(folio)
	o.announced(o.silvia, "iker.ruelas@alumnocoahuila.gob.mx")
	o.stop()
	o.oneEach()
}

// An unfinished new request is still there after another was corrected.
func TestACorrectionLeavesTheNewFormAlone(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	half := o.asks(o.silvia, luis)
	o.returns(o.rosa, "director", folio, "Falta el segundo apellido.")
	o.shows(o.silvia, o.corrects(o.silvia, folio, "Lucía"), "request.submit", nil)
	sent := o.shows(o.silvia, half, "request.submit", nil)
	if second := folioShape.FindString(sent.Text()); second == "" || second == folio {
		t.Errorf("the new form became:\n%s", sent.Text())
	}
}

// Silvia cancels with the button, twice; the card that she clicked and the director's say so. An
// authorised request is not cancelled, and its card shows the present state.
func TestCancelByButton(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.card(o.channels["director"], o.rosa, "approval.approve", folio)
	card := o.card(o.chats[o.silvia.ID], o.silvia, "request.cancel", folio)
	for range 2 {
		after := o.shows(o.silvia, card, "request.cancel", nil)
		if !strings.Contains(after.Text(), "Cancelada") || after.Offers("request.cancel") {
			t.Errorf("after cancelling:\n%s", after.Text())
		}
	}
	o.waits("closed card", func() bool { return o.count(o.channels["director"], o.oscar, folio, "Cancelada") == 1 })
	second := o.sends(o.silvia, lucia)
	late := o.card(o.chats[o.silvia.ID], o.silvia, "request.cancel", second)
	o.authorises(second)
	o.announced(o.silvia, luciaMail)
	if after := o.shows(o.silvia, late, "request.cancel", nil); !strings.Contains(after.Text(), "Se avisó a quien solicita") {
		t.Errorf("cancelling what is done shows:\n%s", after.Text())
	}
}

// The administrator may look at Silvia's returned request. A click that would open it as a form,
// with unmasked CURPs, is refused.
func TestAnAdministratorCorrectsNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	folio := o.sends(o.silvia, lucia)
	mark := o.markOf(o.approval("director", folio))
	o.returns(o.rosa, "director", folio, "Falta el oficio.")
	o.says(o.gabriela, "ayuda")
	click := o.presses(o.gabriela, o.card(o.chats[o.gabriela.ID], o.gabriela, "request.mine", "Qué puede pedir"), "request.mine", nil)
	_, said := o.reclicks(click, map[string]any{"type": "Action.Execute", "verb": "request.correct", "data": map[string]any{"verb": "request.correct", "folio": folio, "mark": mark}})
	if !strings.Contains(said, "Solo puede hacerlo quien envió la solicitud") {
		t.Errorf("answered %s", said)
	}
	if card := o.teams.NewestCard(o.chats[o.gabriela.ID], o.gabriela.ID, "request.submit"); card != nil {
		t.Errorf("she has the form:\n%s", card.Text())
	}
	o.corrects(o.silvia, folio, "Lucía")
}
