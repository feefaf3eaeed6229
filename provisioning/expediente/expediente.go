package expediente

import (
	"errors"
	"fmt"
	"io"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// ActExport is the act of the audit entry of an export, its detail "sha256".
const ActExport = "expediente.export"

// Exporter writes expedientes. The same records give the same bytes.
type Exporter struct {
	Cover    Cover
	Location *time.Location // of dates and times; nil is UTC
}

// Cover is what the carátula says that is not in the request's records. An empty field is left out.
type Cover struct {
	Letterhead     []string // the lines of letters, from the whole organisation to the office
	File           string   // number of the expediente, as letters have it, with {year} and {folio}
	Classification Classification
}

// Classification is the place of requests in the organisation's cuadro de clasificación, and how many
// years its catálogo de disposición documental has them kept: in the archivo de trámite, from the end
// of the request, then in the archivo de concentración.
type Classification struct {
	Fund, Section, Series string // fondo, sección, serie
	Term                  retention.Term
}

// ErrUnknown is the error of a folio that no request has.
var ErrUnknown = errors.New("there is no such request")

// OpenError is the error of a request that has not ended.
type OpenError struct {
	Folio provisioning.Folio
	State provisioning.RequestState
}

func (e *OpenError) Error() string {
	return fmt.Sprintf("%s is still open (%s): it is exported once it has ended", e.Folio, e.State)
}

// Write writes the expediente of a request as a ZIP, and verifies the audit's chain while it reads it.
// After an error what was written is no ZIP. Errors: ErrUnknown for an unknown folio, *OpenError while
// the request is open, *audit.Break if the chain is broken.
func (x Exporter) Write(tx provisioning.Tx, w io.Writer, f provisioning.Folio) error {
	if x.Location == nil {
		x.Location = time.UTC
	}
	s, err := look(tx, f)
	if err != nil {
		return err
	}
	a := newArchive(w, s.ended.In(x.Location))
	for _, m := range x.members(tx, s) {
		if err := a.add(m); err != nil {
			return fmt.Errorf("expediente of %s: %s: %w", f, m.path, err)
		}
	}
	if err := a.close(); err != nil {
		return fmt.Errorf("expediente of %s: %w", f, err)
	}
	return nil
}

// members returns the files of the expediente, the carátula first.
func (x Exporter) members(tx provisioning.Tx, s survey) []member {
	var all []member
	for _, l := range s.letters {
		what := "El oficio de respuesta, en PDF."
		if l.State == letter.StateAnnulled {
			what = "Un oficio de respuesta que se anuló; se conserva como constancia."
		}
		if l.path != "" {
			all = append(all, member{l.path, what, func(w io.Writer) error { return copyPDF(tx, w, l.Letter) }})
		}
	}
	records := "La solicitud, sus cuentas y las decisiones, como las guardó Altas."
	if s.masked+s.gone < len(s.lines) {
		records += " Contiene CURP."
	}
	all = append(all,
		member{"solicitud.json", records, func(w io.Writer) error { return writeRecords(tx, w, s) }},
		member{"historia.csv", "Quién hizo qué y cuándo. Se abre con Excel.", func(w io.Writer) error { return x.writeHistory(tx, w, s) }},
		member{"bitacora.jsonl", "Los mismos asientos, uno por línea, como están encadenados en la bitácora.", func(w io.Writer) error { return writeTrail(tx, w, s) }},
	)
	cover := member{path: "LEAME.txt", what: "Esta carátula."}
	listed := append([]member{cover}, append(all, member{path: sumsPath, what: "Las huellas SHA-256 de los demás archivos."})...)
	cover.write = func(w io.Writer) error { return x.writeCover(w, s, listed) }
	return append([]member{cover}, all...)
}

func copyPDF(tx provisioning.Tx, w io.Writer, l letter.Letter) error {
	data, found, err := letter.PDF(tx, l)
	if err == nil && !found {
		err = errors.New("the letter has no file")
	}
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// Record records in the audit that the person exported the expediente; sum is the SHA-256 of the ZIP,
// in hexadecimal.
func Record(tx provisioning.Tx, by provisioning.Actor, f provisioning.Folio, sum string, at time.Time) error {
	return tx.Record(provisioning.Entered{At: at, By: by, Act: ActExport, Folio: f, Detail: map[string]string{"sha256": sum}})
}
