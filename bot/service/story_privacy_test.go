package service_test

import (
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
)

// withNotice sets the office's privacy notice.
func (o *office) withNotice(section string) {
	o.t.Helper()
	o.rules(officeRules + section)
}

// asksNoticeAgain restarts the service with another version of the notice.
func (o *office) asksNoticeAgain(version string) {
	o.t.Helper()
	o.withNotice(`privacy: {version: "` + version + `"}` + "\n")
	o.restart()
}

// notices counts the notices in a person's chat that can be acknowledged.
func (o *office) notices(p teamsfake.Person) int {
	return len(o.offers(p, "privacy.acknowledge", ""))
}

// stores reports whether a text is in the store's file; the service must have been stopped.
func (o *office) stores(text string) bool {
	o.t.Helper()
	content, err := os.ReadFile(o.env["STORE_PATH"])
	o.must(err)
	return strings.Contains(string(content), text)
}

// acknowledged are the versions that were acknowledged, by the audit; the service must have been
// stopped.
func (o *office) acknowledged() (versions []string) {
	o.t.Helper()
	o.ledger(func(tx provisioning.Tx) error {
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			if e.Act == "privacy.acknowledge" {
				versions = append(versions, e.By.Name+" "+e.Detail["version"])
			}
		}
		return nil
	})
	return versions
}

// formVerbs are the verbs of the forms' buttons that could bring a CURP.
var formVerbs = []string{
	"request.begin", "request.correct", "request.next", "request.back", "request.add", "request.again", "request.another", "request.paste", "request.edit", "request.remove", "request.submit",
}

// Silvia is at the step for a person when the notice changes. Whatever button of the form she
// presses, or forges, with a CURP: she gets the notice, and the CURP is stored nowhere. After
// "Enterado" the form goes on at its step, with what was stored before.
func TestNoCURPBeforeTheNoticeInForce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	typed := maps.Clone(petitionTyped)
	typed["type"] = "docente"
	step := o.shows(o.silvia, o.begins(o.silvia, "solicitar"), "request.next", typed)
	o.asksNoticeAgain("2")
	had := o.notices(o.silvia)
	honest := o.presses(o.silvia, step, "request.next", without(lucia, "type"))
	o.waits("the notice instead of the next step", func() bool { return o.notices(o.silvia) == had+1 })
	o.told(o.silvia, "Lo que acaba de escribir no se guardó")
	before := o.notices(o.silvia)
	for i, verb := range formVerbs {
		data := maps.Clone(step.Action("request.next").Raw["data"].(map[string]any))
		for name, value := range lucia {
			data[name] = value
		}
		data["verb"], data["number"] = verb, 1
		if kind, said := o.reclicks(honest, map[string]any{"type": "Action.Execute", "verb": verb, "data": data}); strings.Contains(kind, "card") {
			t.Errorf("%s is answered with a card: %s", verb, said)
		}
		o.waits("the notice instead of "+verb, func() bool { return o.notices(o.silvia) == before+2*i+1 })
		o.posts(o.silvia, honest, step.Message, data)
		o.waits("the notice instead of the message "+verb, func() bool { return o.notices(o.silvia) == before+2*i+2 })
	}
	o.stop()
	if o.stores(lucia["curp"]) {
		t.Error("the store has the CURP")
	}
	if diff := slices.Compare(o.acknowledged(), []string{"Silvia Treviño 1"}); diff != 0 {
		t.Errorf("acknowledged: %v", o.acknowledged())
	}
	o.start()
	seen := o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.shows(o.silvia, o.offers(o.silvia, "privacy.acknowledge", "Versión 2")[0], "privacy.acknowledge", nil)
	form := o.comes(o.silvia, seen, "request.next")
	o.tells("the form after the notice", form, []string{"Datos del docente", "Paso 2 de 3"})
	review := o.shows(o.silvia, form, "request.next", without(lucia, "type"))
	o.tells("the review", review, []string{petitionTyped["oficio"], luciaMail})
	o.authorises(folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text()))
	o.announced(o.silvia, luciaMail)
}

// Martha never used Altas. Before the notice she gets no form, and no answer to a text with a CURP,
// however it is typed; a forged click gets neither. A restart lets her press the button that she was
// shown before it.
func TestTheFirstCURP(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	chat := o.chats[o.martha.ID]
	said := o.says(o.martha, "solicitar")
	o.waits("the notice", func() bool { return o.notices(o.martha) == 1 })
	o.told(o.martha, "Léalo antes de escribir los datos de una persona")
	curp := lucia["curp"]
	for i, words := range []string{
		"buscar " + curp, "estado " + curp, curp, "la de " + strings.ToLower(curp) + " por favor", "cancelar " + curp, "hola " + curp,
		"buscar " + curp[:4] + "-" + curp[4:10] + "-" + curp[10:], "solicitar " + curp, "recuperar " + curp,
	} {
		o.says(o.martha, words)
		o.waits("the notice instead of "+words, func() bool { return o.count(chat, o.martha, "Su mensaje lleva una CURP") == i+1 })
	}
	n := o.notices(o.martha)
	for _, data := range []map[string]any{
		{"verb": "request.next", "draft": "x", "version": 1, "step": "holder", "curp": curp},
		{"verb": "request.begin", "curp": curp}, {"verb": "request.begin", "kind": "recovery", "holderKey": curp},
		{"verb": "request.find", "query": curp},
	} {
		o.posts(o.martha, said, "1", data)
		n++
		o.waits("the notice instead of a forged click", func() bool { return o.notices(o.martha) == n })
	}
	if o.count(chat, o.martha, "Paso 1") > 0 || o.count(chat, o.martha, "No entendimos") > 0 || o.count(chat, o.martha, "Nada con") > 0 {
		t.Errorf("Martha is answered without the notice:\n%s", o.conversations())
	}
	o.stop()
	if o.stores(curp) || len(o.acknowledged()) > 0 {
		t.Errorf("the store has the CURP: %v; acknowledged: %v", o.stores(curp), o.acknowledged())
	}
	o.start()
	seen := o.teams.Cards(chat, o.martha.ID)
	o.tells("what Martha sees then", o.shows(o.martha, o.offers(o.martha, "privacy.acknowledge", "Después se abrirá")[0], "privacy.acknowledge", nil),
		[]string{"Confirmó haberlo leído", "El formulario está abajo"})
	o.comes(o.martha, seen, "request.next")
	o.says(o.martha, "buscar "+curp)
	o.told(o.martha, "Sin resultados", curp)
}

// Silvia presses "Enterado" on two devices: one form, one acknowledgement. A card of the version
// before does not acknowledge the one in force, and shows that.
func TestTheNoticeOnTwoDevices(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.says(o.silvia, "solicitar")
	notice := o.card(o.chats[o.silvia.ID], o.silvia, "privacy.acknowledge", "")
	for range 2 {
		o.shows(o.silvia, notice, "privacy.acknowledge", nil)
	}
	o.card(o.chats[o.silvia.ID], o.silvia, "request.next", "Paso 1 de 3")
	o.says(o.silvia, "privacidad")
	o.waits("when it was acknowledged", func() bool {
		return o.count(o.chats[o.silvia.ID], o.silvia, "Confirmó haberlo leído", "¿Quién es responsable?") == 1
	})
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "Paso 1 de 3"); n != 1 {
		t.Errorf("%d forms, want 1", n)
	}
	o.asksNoticeAgain("2")
	present := o.shows(o.silvia, notice, "privacy.acknowledge", nil)
	o.tells("the old card's answer", present, []string{"Versión 2", "Enterado"}, "Confirmó")
	o.stop()
	if got := o.acknowledged(); !slices.Equal(got, []string{"Silvia Treviño 1"}) {
		t.Errorf("acknowledged: %v", got)
	}
	o.start()
	o.shows(o.silvia, present, "privacy.acknowledge", nil)
	o.stop()
	if got := o.acknowledged(); !slices.Equal(got, []string{"Silvia Treviño 1", "Silvia Treviño 2"}) {
		t.Errorf("acknowledged: %v", got)
	}
}

// A request was returned, and the notice has changed since: to correct it the notice comes first,
// then the correction, which keeps its folio.
func TestTheNoticeBeforeACorrection(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.returns(o.rosa, "director", folio, "Falta el oficio.")
	o.card(o.chats[o.silvia.ID], o.silvia, "request.correct", folio)
	o.asksNoticeAgain("2")
	o.presses(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.correct", folio), "request.correct", nil)
	notice := o.card(o.chats[o.silvia.ID], o.silvia, "privacy.acknowledge", "Versión 2")
	if n := len(o.offers(o.silvia, "request.submit", "Lucía")); n != 0 {
		t.Errorf("%d corrections before the notice", n)
	}
	o.shows(o.silvia, notice, "privacy.acknowledge", nil)
	review := o.card(o.chats[o.silvia.ID], o.silvia, "request.submit", "Lucía")
	o.tells("the correction", review, []string{"Corrección del folio " + folio})
	if sent := o.shows(o.silvia, review, "request.submit", nil); folioShape.FindString(sent.Text()) != folio {
		t.Errorf("sent again:\n%s", sent.Text())
	}
}

// Silvia has the form that recovers an account open when the notice changes: the CURP by which she
// identifies it is not stored, and the same form goes on afterwards.
func TestTheNoticeBeforeARecovery(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.settledAccount()
	form := o.begins(o.silvia, "recuperar")
	form = form.Toggle("No sé el correo")
	o.tells("the form", form, []string{"La CURP se usa para encontrar la cuenta"})
	curp := aTeacher("Ana", "Olvera", "Cruz", 40)["curp"] // nobody's that the store knows
	o.asksNoticeAgain("2")
	o.presses(o.silvia, form, "request.next", teamsfake.Inputs{
		"holderKey": curp, "holderName": "Ana Olvera Cruz", "identityMedium": "persona", "identityDocument": "Credencial",
	})
	notice := o.card(o.chats[o.silvia.ID], o.silvia, "privacy.acknowledge", "Versión 2")
	o.stop()
	if o.stores(curp) {
		t.Error("the store has the CURP")
	}
	o.start()
	seen := o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)
	o.shows(o.silvia, notice, "privacy.acknowledge", nil)
	again := o.comes(o.silvia, seen, "request.next")
	o.tells("the form after the notice", again, []string{"Recuperar una contraseña"})
	review := o.shows(o.silvia, again, "request.next", byAddress(luciaMail))
	if !review.Offers("request.submit") {
		t.Errorf("not identified:\n%s", review.Text())
	}
}

// The organisation's texts, in Spanish and in English; a person who refuses can throw the open form
// away without the notice, and what is in it goes.
func TestTheOrganisationsNotice(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	review := o.asks(o.silvia, lucia)
	o.withNotice(`privacy: {version: "7", date: "2026-07-01", responsible: Secretaría del Estado, url: "https://secretaria.prueba/aviso", en: {responsible: State Ministry}}` + "\n")
	o.restart()
	o.says(o.silvia, "aviso de privacidad")
	o.tells("the notice", o.card(o.chats[o.silvia.ID], o.silvia, "privacy.acknowledge", ""),
		[]string{"Versión 7 · 1 de julio de 2026", "Secretaría del Estado", "https://secretaria.prueba/aviso", "Unidad de Transparencia"}, "Dirección General de Tecnologías")
	data := maps.Clone(review.Action("request.submit").Raw["data"].(map[string]any))
	data["verb"], data["notes"] = "request.discard", "la de "+luis["curp"]
	turn := o.says(o.silvia, "gracias")
	o.posts(o.silvia, turn, review.Message, data)
	o.told(o.silvia, "Formulario descartado")
	o.says(o.silvia, "idioma english")
	o.told(o.silvia, "English")
	o.says(o.silvia, "privacy notice")
	english := o.card(o.chats[o.silvia.ID], o.silvia, "privacy.acknowledge", "Privacy notice")
	o.tells("the notice in English", english, []string{"State Ministry", "1 July 2026", "Transparency Unit"}, "Secretaría")
	o.tells("after it", o.shows(o.silvia, english, "privacy.acknowledge", nil), []string{"You confirmed that you read it"}, "The form is below")
	o.stop()
	if o.stores(luis["curp"]) {
		t.Error("what came with the click that discards was stored")
	}
}
