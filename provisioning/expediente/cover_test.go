package expediente_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/expediente"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// What a request need not have, old records among them, has its words too.
func TestCover(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		change  func(*provisioning.Request)
		letters []letter.Letter
		want    []string
	}{
		"ended before the end was stored": {func(r *provisioning.Request) { r.EndedAt = time.Time{} }, nil, []string{
			"Concluida el 1 de diciembre de 2026",
		}},
		"on one day":              {func(r *provisioning.Request) { r.SubmittedAt = ended }, nil, []string{"Fechas extremas: 1 de diciembre de 2026 Atención:"}},
		"a petition without data": {func(r *provisioning.Request) { r.Petition = provisioning.Petition{Medium: "correo", Number: "S/N"} }, nil, []string{"Documento recibido: Correo electrónico Fechas"}},
		"several passwords": {func(r *provisioning.Request) { r.Kind = "recovery" }, nil, []string{
			"Recuperación de las contraseñas de 3 cuentas de correo institucional de docentes", "se renovó 1 contraseña; 2 no se renovaron.",
		}},
		"rejected, and nobody is known": {func(r *provisioning.Request) { r.State, r.Decisions = provisioning.StateRejected, nil }, nil, []string{"Rechazada el 1 de diciembre de 2026. Oficio"}},
		"rejected without a reason": {func(r *provisioning.Request) {
			r.State, r.Decisions = provisioning.StateRejected, []provisioning.Decision{{Stage: provisioning.Director, Verdict: provisioning.Reject}}
		}, nil, []string{"Rechazada el 1 de diciembre de 2026 por la Dirección General. Oficio"}},
		"letters": {func(*provisioning.Request) {}, []letter.Letter{
			{State: letter.StateAnnulled, Number: "A/1", Date: ended, SentAt: ended.AddDate(0, 0, 1), AnnulledAt: ended.AddDate(0, 0, 2)},
			{State: letter.StateNumbered, Number: "A/2", Date: ended.AddDate(0, 0, 2)},
		}, []string{
			"A/1, del 1 de diciembre de 2026; enviado el 2 de diciembre de 2026; ANULADO el 3 de diciembre de 2026; sin archivo A/2,",
			"A/2, del 3 de diciembre de 2026; sin archivo Documentos", "al 3 de diciembre de 2026 Atención",
		}},
	} {
		w := newWorld(t)
		r, lines := completed()
		c.change(&r)
		w.store(r, lines)
		w.update(func(tx provisioning.Tx) error {
			var errs []error
			for i, l := range c.letters {
				l.Folio, l.Serial = folio, i+1
				errs = append(errs, tx.Save("letter", fmt.Sprintf("%s/%03d", folio, i+1), l))
			}
			return errors.Join(errs...)
		})
		_, files := unzip(t, w.export(expediente.Exporter{})) // in UTC
		for _, want := range c.want {
			if got := onOneLine(files["LEAME.txt"]); !strings.Contains(got, want) {
				t.Errorf("%s: LEAME.txt does not say %q:\n%s", name, want, files["LEAME.txt"])
			}
		}
	}
}
