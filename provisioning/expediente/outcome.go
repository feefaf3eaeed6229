package expediente

import (
	"fmt"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// outcome returns how and when the request ended, in a sentence.
func (x Exporter) outcome(s survey) string {
	r, on := s.request, " el "+x.day(s.ended)
	switch r.State {
	case provisioning.StateCompleted:
		return "Concluida" + on + ": " + results(r.Kind, s.tally) + "."
	case provisioning.StateRejected:
		return "Rechazada" + on + x.whoRejected(r) + "."
	case provisioning.StateCancelled:
		return "Cancelada" + on + " por quien la solicitó."
	}
	if r.Lapsed() {
		return "Vencida" + on + ": se devolvió para corregir y no se corrigió a tiempo."
	}
	return "Vencida" + on + ": no se resolvió a tiempo."
}

// whoRejected returns who rejected the request, and why.
func (x Exporter) whoRejected(r provisioning.Request) string {
	d, ok := rejection(r)
	if !ok {
		return ""
	}
	who := " por " + wordOf(theStages, d.Stage)
	if why := quoted(d.Comment); why != "" {
		return who + ": " + why
	}
	return who
}

// results returns what came of the lines. Of a request about accounts that exist, an account that was
// only found to exist had no password renewed.
func results(kind provisioning.RequestKind, tally provisioning.Tally) string {
	made, exists := tally[provisioning.AccountAnnounced], tally[provisioning.AccountExists]
	not := tally[provisioning.AccountExcluded]
	parts := []string{many(made, "se creó 1 cuenta", "se crearon %s cuentas"), many(exists, "1 ya existía", "%s ya existían"), many(not, "1 no se creó", "%s no se crearon")}
	if !kind.Creates() {
		parts = []string{many(made, "se renovó 1 contraseña", "se renovaron %s contraseñas"), many(not+exists, "1 no se renovó", "%s no se renovaron")}
	}
	var said []string
	for _, p := range parts {
		if p != "" {
			said = append(said, p)
		}
	}
	return strings.Join(said, "; ")
}

// many returns the text for one or for several; "" for none.
func many(n int, one, several string) string {
	switch n {
	case 0:
		return ""
	case 1:
		return one
	}
	return fmt.Sprintf(several, letter.Count(n))
}
