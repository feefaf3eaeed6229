package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A question is answered with less than the words that it asks for: a yes has it put again,
// a no ends it. Where none stands for whoever writes, both are words that are no command.
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
