package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// A question is answered with fewer words than it asks for: a yes repeats it, a no ends it. If the
// writer has no open question, both are unknown commands.
func TestAShortYesOrNo(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio, other := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	thread, channel, elsewhere := o.thread("director", folio), o.channels["director"], o.thread("director", other)
	o.writes(o.rosa, channel, "sí", "No entendimos «sí»")
	o.writes(o.rosa, channel, "no", "No entendimos «no»")
	o.writes(o.rosa, channel, "cancelar", "Eso se pide en privado")
	o.writes(o.rosa, thread, "rechazar No labora ahí", "Para confirmar")
	for _, yes := range []string{"Sí.", "confirmo", "sí, rechazarla", "si rechazo", "¿no?"} {
		o.writes(o.rosa, channel, yes, "no se decidió nada", "¿Rechaza el folio "+folio, "sí, rechazar")
	}
	o.writes(o.rosa, elsewhere, "sí", "No entendimos «sí»")
	o.writes(o.ernesto, o.channels["subdirector"], "sí", "No entendimos «sí»")
	for _, no := range []string{"no", "mejor no", "no rechazar", "cancelar"} {
		o.writes(o.rosa, channel, no, "No se hizo nada. La pregunta quedó sin efecto.")
		o.writes(o.rosa, thread, "sí, rechazar", "No hay nada por confirmar")
		o.writes(o.rosa, thread, "rechazar No labora ahí", "Para confirmar")
	}
	o.approval("director", folio) // can still be decided
	o.writes(o.rosa, thread, "sí", "Para confirmar")
	o.writes(o.rosa, thread, "sí, rechazar", "Rechazada por")
	o.stop()
	if diff := cmp.Diff([]string{"approval.reject"}, o.decided(folio)); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
	if kept := o.documents("question"); len(kept) > 0 {
		t.Errorf("is kept: %v", kept)
	}
}

// In the thread of Lucía's line, words that name Luis, or his line, are ambiguous.
func TestAReasonOfAnotherLine(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.tenant.OnRequest(func(asked string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, asked == "users.create"
	})
	folio := o.sends(o.silvia, lucia, luis)
	o.authorises(folio)
	thread, platform := o.caseOf("Lucía"), o.channels["platform"]
	o.caseOf("Luis")
	for _, words := range []string{"quitar línea 2: no labora", "quitar la linea #2, no labora", "reintentar línea 2", "quitar: es la misma que la línea 2"} {
		o.writes(o.gabriela, thread, words, "Contesta a la tarjeta de "+folio+"-0001 y escribió", "2. No se decidió nada")
	}
	o.writes(o.gabriela, platform, "quitar "+folio+" línea 1: y la línea 2 tampoco labora", "Escribió "+folio+"-0001 y también línea 2")
	for _, words := range []string{"quitar a Luis, no labora", "quitar: Ibarra no labora", "quitar no labora la dos"} {
		o.writes(o.gabriela, thread, words, "No quedó claro si se trata de Luis Ibarra Peña, y no se hizo nada")
	}
	o.writes(o.gabriela, thread, "sí, quitar", "No hay nada por confirmar")
	o.writes(o.gabriela, thread, "quitar línea 1: Lucía no labora", "Lucía Ñáñez Garza", "Para confirmar escriba: sí, quitar")
	o.writes(o.gabriela, thread, "no", "La pregunta quedó sin efecto")
	o.tenant.Heal()
	o.writes(o.gabriela, thread, "reintentar todas", "Folio "+folio+": Gabriela", "pidió intentar de nuevo las 2 cuentas")
	o.account(luciaMail, folio)
	o.account("luis.ibarra@docentecoahuila.gob.mx", folio)
}

// What was typed is repeated with its result, so that a mistake is visible: before a question, and
// after a decision.
func TestWhatWasTypedIsRepeated(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first, second, third := o.sends(o.silvia, lucia), o.sends(o.martha, luis), o.sends(o.silvia, aTeacher("Ana", "Olvera", "Cruz", 40), aTeacher("Íñigo", "Solís", "Rey", 41))
	o.writes(o.rosa, o.thread("director", first), "devolver: falta la 2.", "Devuelta por", "Motivo: falta la 2.")
	o.writes(o.rosa, o.thread("director", second), "turnar con indicaciones: avisar al área", "Turnada por", "Indicaciones: avisar al área")
	o.writes(o.rosa, o.thread("director", third), "excluir 2: ya no labora", "Turnada por", "Motivo: ya no labora")
	o.writes(o.ernesto, o.thread("subdirector", third), "rechazar no la pidió el plantel.", "Motivo: no la pidió el plantel. ¿Rechaza el folio "+third)
	o.writes(o.ernesto, o.thread("subdirector", third), "sí", "Motivo: no la pidió el plantel. ¿Rechaza el folio "+third)
	o.writes(o.ernesto, o.thread("subdirector", third), "sí, rechazar", "Rechazada por", "Motivo: no la pidió el plantel.")
}

// A request for a stage's commands in private, and words similar to an approval, get an explanation
// and decide nothing.
func TestWordsNearADecision(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.thread("director", folio)
	o.stillAsked("director", o.channels["director"], folio, "", []said{
		{"estado %", "Seguimiento"}, {"%", "Seguimiento"}, {"buscar Lucía", "Resultados"}, {"apruebo", "No se decidió nada"}, {"Vo.Bo.", "¿Quiso decir «turnar»?"}, {"autorizo %", "¿Quiso decir «turnar»?"},
	})
	o.approves(o.rosa, "director", folio)
	o.thread("subdirector", folio)
	o.stillAsked("subdirector", o.channels["subdirector"], folio, "", []said{{"visto bueno", "No se decidió nada"}, {"autorizada %", "¿Quiso decir «autorizar»?"}})
}
