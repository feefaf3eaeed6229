package service_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// A yes confirms what was asked: one that names something else, is a question or withdraws it does
// nothing, and the question is repeated.
func TestAYesIsOfWhatWasAsked(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio, other := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	o.thread("director", folio)
	o.thread("director", other)
	channel := o.channels["director"]
	o.writes(o.rosa, channel, "rechazar "+folio+" No labora ahí", "¿Rechaza el folio "+folio, "Para confirmar")
	for _, words := range []string{"sí, rechazar " + other, "sí, rechazar no, espera", "sí, rechazar la de Luis", "¿sí, rechazar?", "sí, rechazar…", "sí, rechazar " + folio + " y " + other} {
		o.writes(o.rosa, channel, words, "no se decidió nada", "¿Rechaza el folio "+folio, "Lucía", "sí, rechazar")
	}
	o.approval("director", folio) // can still be decided
	o.approval("director", other) // can still be decided
	o.writes(o.rosa, channel, "sí, rechazar la "+folio+", gracias", "Rechazada por")
	o.stop()
	if diff := cmp.Diff([]string{"approval.reject"}, append(o.decided(folio), o.decided(other)...)); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
}

// The same in the platform's channel, which also asks for addresses; polite words are no address.
func TestRemediesInDoubtSettleNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.seeds(map[string]any{"userPrincipalName": luciaMail, "displayName": "Lucía Ñáñez Garza"})
	o.seeds(map[string]any{"userPrincipalName": "luis.ibarra@docentecoahuila.gob.mx", "displayName": "Luis Ibarra Peña"})
	folio, other := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	o.authorises(folio)
	o.authorises(other)
	thread, platform := o.caseOf("Lucía"), o.channels["platform"]
	o.caseOf("Luis")
	const unclear, asked = "No quedó claro si lo pide, y no se hizo nada", "Para confirmar escriba: sí, otra dirección"
	for _, s := range []said{
		{"¿misma persona?", unclear}, {"¿otra cuenta?", unclear}, {"¿adoptar?", unclear}, {"¿quitar?", unclear}, {"adoptar…", unclear},
		{"adoptar 1 no, espera", unclear}, {"adoptar no", unclear}, {"adoptar ya no", unclear}, {"misma persona no creo", unclear},
		{"otra cuenta 2", "Escriba la dirección completa"}, {"otra cuenta línea 1", "Escriba la dirección completa"}, {"otra dirección nueva", "Escriba la dirección completa"},
		{"otra dirección a.b c.d", "Escriba la dirección completa"}, {"adoptar # gracias", "Contesta a la tarjeta de %-0001"},
		{"quitar es la misma que #", "Contesta a la tarjeta de %-0001 y escribió #"}, {"quitar % y 2 no es ella", unclear},
		{"otra cuenta, gracias", asked}, {"crear otra cuenta ya", asked}, {"otra cuenta ok", asked}, {"otra dirección: sí", asked}, {"otra cuenta % línea 1 gracias", asked},
		{"sí, otra cuenta #-0001", asked}, {"sí, otra dirección no, espera", asked}, {"sí, otra cuenta lucia.2", asked},
		{"otra cuenta lucia.nanez.2, gracias", "lucia.nanez.2@docentecoahuila.gob.mx"}, {"otra cuenta " + luciaMail, "ya está ocupada"},
	} {
		marks := strings.NewReplacer("%", folio, "#", other)
		o.writes(o.gabriela, thread, marks.Replace(s.words), marks.Replace(s.answer))
	}
	o.writes(o.gabriela, platform, "quitar "+folio+" No es ella", "Lucía", "Para confirmar escriba: sí, quitar")
	o.writes(o.gabriela, platform, "sí, quitar "+other+"-0001", "no se decidió nada", folio, "Lucía", "Para confirmar escriba: sí, quitar")
	o.caseOf("Lucía") // can still be settled
	o.caseOf("Luis")
	if made := o.stamped(); len(made) > 0 {
		t.Errorf("accounts made: %+v", made)
	}
	o.stop()
	for _, f := range []string{folio, other} {
		if diff := cmp.Diff([]string{"approval.approve", "approval.approve"}, o.decided(f)); diff != "" {
			t.Errorf("decided on %s (-want +got):\n%s", f, diff)
		}
	}
}

// A question that was never answered is deleted, with the reason that was typed.
func TestQuestionsAreNotKept(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	thread := o.thread("director", folio)
	for name, forget := range map[string]func(){
		"tidied": func() { o.ahead += 16 * time.Minute; o.later(0) },
		"answered too late": func() {
			o.ahead += 16 * time.Minute
			o.start()
			o.writes(o.rosa, thread, "sí, rechazar", "No hay nada por confirmar, o pasaron más de 15 minutos. Escriba de nuevo lo que desea.")
		},
	} {
		o.writes(o.rosa, thread, "rechazar La CURP es de otra persona", "Para confirmar")
		o.stop()
		if kept := o.documents("question"); len(kept) != 1 {
			t.Fatalf("%s: the questions that stand are %v", name, kept)
		}
		forget()
		o.stop()
		if kept := o.documents("question"); len(kept) > 0 {
			t.Errorf("%s: is kept: %v", name, kept)
		}
		o.start()
	}
}
