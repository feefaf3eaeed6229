package service_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// again delivers a click again, as Teams does half a minute later, under a new id, and returns the
// text of the card in the response.
func (o *office) again(turn *teamsfake.Turn) string {
	o.t.Helper()
	second, err := o.teams.AgainAsNew(o.within(), turn)
	o.must(err)
	var answer struct{ Value any }
	o.must(json.Unmarshal(second.Body, &answer))
	if content, ok := answer.Value.(map[string]any); ok {
		return (&teamsfake.Card{Content: content}).Text()
	}
	text, _ := answer.Value.(string)
	return text
}

// Silvia removes the first of three people, and the click is delivered twice: the second person,
// who is the first now, stays. So does what she is typing about another when an old "next" arrives
// late.
func TestTakenOutOnce(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	review := o.asks(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40))
	out := o.presses(o.silvia, review, "request.remove", teamsfake.Inputs{"number": "1"})
	for name, text := range map[string]string{"first": out.Card.Text(), "again": o.again(out)} {
		if strings.Contains(text, "Lucía") || !strings.Contains(text, "Luis") || !strings.Contains(text, "Ana") {
			t.Errorf("%s: taken out the wrong ones:\n%s", name, text)
		}
	}
	edit := o.shows(o.silvia, out.Card, "request.edit", teamsfake.Inputs{"number": "1"})
	entered := o.presses(o.silvia, edit, "request.next", teamsfake.Inputs{"employeeNumber": "111"})
	o.shows(o.silvia, entered.Card, "request.edit", teamsfake.Inputs{"number": "1"})
	if text := o.again(entered); !strings.Contains(text, "Paso 2 de 3") {
		t.Errorf("an old click closes what is being corrected:\n%s", text)
	}
}

// Martha presses "new request" twice, and Teams delivers the click once more: she has one form.
// When she types the command, it is posted again below them.
func TestOneFormForAClick(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	chat := o.chats[o.martha.ID]
	forms := func() int { return o.count(chat, o.martha, "Paso 1 de 3") }
	o.acknowledges(o.martha)
	welcome := o.card(chat, o.martha, "request.begin", "bienvenida")
	first := o.presses(o.martha, welcome, "request.begin", nil)
	o.waits("the form", func() bool { return forms() == 1 })
	o.again(first)
	o.presses(o.martha, welcome, "request.begin", nil)
	o.says(o.martha, "estado")
	o.told(o.martha, "Aún no tiene")
	if n := forms(); n != 1 {
		t.Errorf("%d forms, want 1", n)
	}
	o.says(o.martha, "solicitar")
	o.waits("the form below her words, in place of the first", func() bool {
		return forms() == 1 && o.count(chat, o.martha, "Esta tarjeta ya no está vigente") == 1
	})
}

// Rosa excludes the second of three. In any form of her client's value he is excluded; a value that
// cannot be read approves nobody.
func TestWhoIsLeftOutIsNeverGuessed(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40))
	card := o.approval("director", folio)
	refused := o.presses(o.oscar, card, "approval.approve", nil)
	leaves := func(exclude any) {
		activity := maps.Clone(refused.Activity)
		activity["id"] = "f:excludes"
		activity["from"] = map[string]any{"id": o.rosa.TeamsID, "name": o.rosa.Name, "aadObjectId": o.rosa.ID}
		data := map[string]any{"verb": "approval.approve", "folio": folio, "mark": o.markOf(card), "stage": "director", "round": 1, "comment": "Está de permiso.", "exclude": exclude}
		activity["value"] = map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": "approval.approve", "data": data}, "trigger": "manual"}
		_, err := o.teams.DeliverActivity(o.within(), activity)
		o.must(err)
	}
	for _, odd := range []any{"2;3", "dos", "0", -1, true} {
		leaves(odd)
	}
	o.undecided(folio)
	leaves([]any{"2"})
	o.approves(o.ernesto, "subdirector", folio)
	o.told(o.silvia, "Luis Ibarra Peña", "Está de permiso.")
	o.told(o.silvia, folio, "Se crearon 2 cuentas.")
}

// Teams accepts Silvia's notices and answers without the message's id: there is no duplicate, and
// the password's card is up to date nevertheless after she used it.
func TestToldOnceWithoutAnID(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.approves(o.rosa, "director", folio)
	o.told(o.silvia, "fue turnada")
	o.approval("subdirector", folio)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.chats[o.silvia.ID] + "/activities", After: true, Status: 201, Bare: true, Times: 2})
	o.approves(o.ernesto, "subdirector", folio)
	o.reveals(o.silvia, luciaMail)
	o.presses(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "password.done", luciaMail), "password.done", nil)
	o.waits("the card without its button", func() bool {
		return o.count(o.chats[o.silvia.ID], o.martha, "Cuenta lista", luciaMail) == 1 && o.teams.NewestCard(o.chats[o.silvia.ID], o.martha.ID, "password.reveal") == nil
	})
	if n := o.count(o.chats[o.silvia.ID], o.silvia, "está autorizada"); n > 1 {
		t.Errorf("told %d times that the request is authorised", n)
	}
}

// The administrator registers a second stage in the director's channel, where the subdirector's
// clicks would be refused: she is told why, and nothing changes.
func TestOneChannelServesOneStage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.types(o.gabriela, o.channels["director"], "registrar subdirector")
	o.waits("refusal", func() bool {
		return o.count(o.channels["director"], o.gabriela, "Este canal ya es de: Dirección General") == 1
	})
	o.types(o.gabriela, o.channels["director"], "registrar director")
	o.waits("word that it is registered", func() bool { return o.count(o.channels["director"], o.gabriela, "recibe desde ahora") == 1 })
	o.authorises(o.sends(o.silvia, lucia))
	o.announced(o.silvia, luciaMail)
}

// Teams is slow to post the form's card, and Silvia, who saw it in the response, sends it
// meanwhile. The old card arrives after the decisions: the message shows the present state.
func TestAnOldCardArrivesLate(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	chat := o.chats[o.silvia.ID]
	first := o.begins(o.silvia, "solicitar")
	typed := maps.Clone(petitionTyped)
	typed["type"] = "docente"
	second := o.shows(o.silvia, first, "request.next", typed)
	o.teams.Inject(teamsfake.Fault{Method: "PUT", Path: chat, Delay: 2 * time.Second, Late: true, Times: 2}) // of the click, then of the job
	review := o.shows(o.silvia, second, "request.next", without(lucia, "type"))
	o.eventually("both on their way", func() bool { return o.teams.FaultsLeft() == 0 })
	folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text())
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.waits("card that tells of the end", func() bool { return o.count(chat, o.martha, folio, "Se avisó a quien solicita") == 1 })
	o.stop() // delayed requests arrive
	if n := o.count(chat, o.martha, folio, "Se avisó a quien solicita"); n != 1 {
		t.Errorf("%d cards tell of the end:\n%s", n, o.conversations())
	}
}

// Silvia types the command for the form, and the service is restarted before Teams has its
// response: the same message is delivered again. She has one form.
func TestAskedOnceAcrossARestart(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	chat := o.chats[o.silvia.ID]
	o.acknowledges(o.silvia)
	asked := o.says(o.silvia, "solicitar")
	o.card(chat, o.silvia, "request.next", "Paso 1 de 3")
	o.restart()
	_, err := o.teams.Again(o.within(), asked)
	o.must(err)
	o.says(o.silvia, "estado")
	o.told(o.silvia, "Aún no tiene")
	o.stop()
	if n := o.count(chat, o.silvia, "Paso 1 de 3"); n != 1 {
		t.Errorf("%d forms, want 1", n)
	}
}

// Teams posts the director's card and the response is lost, so that it is posted again. Rosa
// decides on the second and then presses the first: from then on that one shows the present state
// too, to everybody.
func TestTheFirstOfTwoCards(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Suffix: "/v3/conversations", After: true, Status: 500})
	folio := o.sends(o.silvia, lucia)
	open := func() (all []*teamsfake.Card) {
		for _, c := range o.teams.Cards(o.channels["director"], o.oscar.ID) {
			if c.Offers("approval.approve") {
				all = append(all, c)
			}
		}
		return all
	}
	o.waits("two cards", func() bool { return len(open()) == 2 })
	first, second := open()[0], open()[1]
	o.presses(o.rosa, second, "approval.approve", nil)
	o.waits("the second decided", func() bool { return len(open()) == 1 })
	o.presses(o.rosa, first, "approval.approve", nil)
	o.waits("the first true", func() bool { return len(open()) == 0 })
	o.approves(o.ernesto, "subdirector", folio)
	o.announced(o.silvia, luciaMail)
	o.waits("both closed", func() bool { return o.count(o.channels["director"], o.oscar, folio, "Concluida") == 2 })
}
