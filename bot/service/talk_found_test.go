package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// Rosa decides for the director. Of what was sent to her office she finds and reads everything, in
// her channel and in her own chat; Ernesto, only what she turned over to him.
func TestWhoDecidesFindsWhatReachedTheStage(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.rosa)
	o.installs(o.ernesto)
	turned, waiting := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	o.approves(o.rosa, "director", turned)
	o.approval("subdirector", turned)
	director, subdirector := o.channels["director"], o.channels["subdirector"]
	o.writes(o.rosa, director, "estado "+turned, o.silvia.Name, "Seguimiento", "Subdirección")
	found := o.writes(o.rosa, director, "buscar "+string(provisioningtest.CURP(11)), "Resultados", turned)
	if strings.Contains(found, string(provisioningtest.CURP(11))) {
		t.Errorf("the channel reads a whole CURP:\n%s", found)
	}
	o.writes(o.rosa, director, "buscar 05DPR0221C", turned, waiting)
	o.writes(o.rosa, director, "estado", "Escriba también el folio")
	o.finds(o.rosa, "estado "+turned, o.silvia.Name)
	o.finds(o.rosa, "buscar 05DPR0221C", waiting)
	o.finds(o.rosa, "pendientes", waiting)
	o.writes(o.ernesto, subdirector, "estado "+turned, o.silvia.Name)
	o.writes(o.ernesto, subdirector, "estado "+waiting, "No encontramos aquí")
	for _, text := range []string{o.writes(o.ernesto, subdirector, "buscar 05DPR0221C", turned), o.finds(o.ernesto, "buscar 05DPR0221C", turned).Text()} {
		if strings.Contains(text, waiting) {
			t.Errorf("Ernesto finds what has not come to him:\n%s", text)
		}
	}
	o.finds(o.ernesto, "pendientes", turned)
	o.says(o.ernesto, "estado "+waiting)
	o.told(o.ernesto, "No encontramos una solicitud suya")
}

// Óscar is a member of the channels and decides nothing: he finds nothing there, by typing or with
// the buttons of Rosa's answer; his own chat has what he asked for himself, as it does for Silvia.
func TestWhoDecidesNothingFindsTheirOwn(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.oscar)
	folio := o.sends(o.silvia, lucia)
	o.approval("director", folio)
	for _, words := range []string{"estado " + folio, "buscar Ñáñez"} {
		o.writes(o.oscar, o.channels["director"], words, "Aquí consulta quien decide")
		o.writes(o.ernesto, o.channels["director"], words, "Aquí consulta quien decide")
		o.writes(o.rosa, o.channels["platform"], words, "Aquí consulta quien decide")
		o.writes(o.rosa, o.channels["other"], words, "Eso se pide en privado")
	}
	o.writes(o.rosa, o.channels["director"], "buscar Ñáñez", folio, "Resultados")
	list := o.card(o.channels["director"], o.oscar, cards.StageStatus, folio)
	o.refused(o.presses(o.oscar, list, cards.StageStatus, nil), "authority.look")
	before := o.count(o.channels["director"], o.rosa, "Seguimiento")
	o.presses(o.rosa, list, cards.StageStatus, nil)
	o.waits("the request, opened", func() bool { return o.count(o.channels["director"], o.rosa, "Seguimiento", folio) == before+1 })
	o.finds(o.oscar, "buscar Ñáñez", "Sin resultados")
	o.finds(o.oscar, "pendientes", "Aún no tiene")
	o.finds(o.silvia, "pendientes", folio)
}

// Gabriela, the head of department, finds ordinary requests in her channel and her chat. In the
// subdirector's channel she finds no more than what it may see.
func TestTheHeadFindsOrdinaryRequests(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	turned, waiting := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	o.approves(o.rosa, "director", turned)
	o.approval("subdirector", turned)
	o.writes(o.gabriela, o.channels["platform"], "estado "+waiting, o.martha.Name)
	o.writes(o.gabriela, o.channels["platform"], "buscar 05DPR0221C", turned, waiting)
	o.writes(o.gabriela, o.channels["subdirector"], "estado "+waiting, "No encontramos aquí")
	if text := o.finds(o.gabriela, "pendientes", waiting).Text(); !strings.Contains(text, turned) {
		t.Errorf("the head does not see what waits at the subdirector:\n%s", text)
	}
}

// Rosa looked up a request in her chat and does not decide any more: at the next change her card
// says that it is out of date. What she asks for then is refused, in both places.
func TestWhoDecidesNoLonger(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.rosa)
	folio := o.sends(o.silvia, lucia)
	o.finds(o.rosa, "estado "+folio, o.silvia.Name)
	o.finds(o.rosa, "buscar Ñáñez", folio)
	list := o.card(o.chats[o.rosa.ID], o.rosa, cards.RequestStatus, folio)
	o.eventually("cards that are drawn", o.drawn)
	o.stop()
	o.rules(strings.Replace(officeRules, `approvers: ["{rosa}"]`, `approvers: ["{ernesto}"]`, 1) + "oneMayDecideAll: true\n")
	o.start()
	o.writes(o.rosa, o.channels["director"], "estado "+folio, "Aquí consulta quien decide")
	if turn := o.presses(o.rosa, list, cards.RequestStatus, nil); turn.Card != nil || !strings.Contains(turn.Text, "No encontramos") {
		t.Errorf("her list still opens the request: %q, %v", turn.Text, turn.Card)
	}
	o.approves(o.ernesto, "director", folio)
	o.eventually("her card, out of date", func() bool {
		return o.count(o.chats[o.rosa.ID], o.rosa, "Esta tarjeta ya no está vigente") == 1
	})
}

// Ernesto decides for the subdirector and asks for Rita himself, with the CURP of Lucía's account. While
// that waits for the director he cannot confirm a guess of Lucía's address by a search.
func TestWhoDecidesFindsNoMaskedAddress(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.ernesto)
	o.authorises(o.sends(o.silvia, lucia))
	o.announced(o.silvia, luciaMail)
	rita := named(lucia, "Rita", "Ñáñez", "Soto")
	folio := o.sends(o.ernesto, luis, rita)
	o.finds(o.ernesto, "buscar luis", folio)
	if text := o.finds(o.ernesto, "buscar "+luciaMail, luciaMail).Text(); strings.Contains(text, folio) {
		t.Errorf("a search confirms the address of his own request:\n%s", text)
	}
}

// What Rosa and Ernesto write when they approve reaches Gabriela: on the card of an account that she
// has to decide on, and on the request that she looks up.
func TestIndicationsReachTheHead(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.refusesLicences()
	folio := o.sends(o.silvia, lucia)
	for _, s := range []struct {
		who   teamsfake.Person
		stage string
	}{{o.rosa, "director"}, {o.ernesto, "subdirector"}} {
		open := o.approval(s.stage, folio).Toggle("Con indicaciones")
		yes := map[string]string{"director": "Turnar con lo indicado", "subdirector": "Autorizar con lo indicado"}[s.stage]
		o.presses(s.who, open, yes, teamsfake.Inputs{"comment": "Va de " + s.stage + "."})
	}
	card := o.card(o.channels["platform"], o.gabriela, cards.AttentionRetry, folio)
	read := o.writes(o.gabriela, o.channels["platform"], "estado "+folio, "Seguimiento")
	for where, text := range map[string]string{"the card": card.Text(), "the request": read} {
		if !strings.Contains(text, "Va de director.") || !strings.Contains(text, "Va de subdirector.") {
			t.Errorf("%s lacks an indication:\n%s", where, text)
		}
	}
}
