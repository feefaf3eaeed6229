package expediente

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// coverWidth is how many characters a line of the carátula has at most.
const coverWidth = 80

// row is a line of the carátula: what it is, and what it says. An empty one is left out; one without
// a label belongs to the one before.
type row struct{ label, text string }

// writeCover writes the carátula, and how the files are read and checked.
func (x Exporter) writeCover(w io.Writer, s survey, files []member) error {
	out := bufio.NewWriter(w)
	for _, text := range x.Cover.Letterhead {
		fmt.Fprintln(out, typed(text))
	}
	fmt.Fprintf(out, "\nEXPEDIENTE DE LA SOLICITUD %s\n\n", s.request.Folio)
	writeRows(out, x.rows(s, len(files)))
	fmt.Fprint(out, "\n\nQUÉ CONTIENE CADA ARCHIVO\n\n")
	for _, f := range files {
		fmt.Fprintln(out, f.path)
		writeWrapped(out, "    ", "    ", f.what)
	}
	fmt.Fprint(out, "\n")
	writeWrapped(out, "", "", onPaper)
	if err := x.writeGuide(out, s); err != nil {
		return err
	}
	return out.Flush()
}

// rows returns the carátula.
func (x Exporter) rows(s survey, files int) []row {
	r, c := s.request, x.Cover.Classification
	rows := []row{
		{"Folio", string(r.Folio)},
		{"Expediente", typed(letter.FileNumber(x.Cover.File, s.year(x.Location), r.Folio))},
		{"Fondo", typed(c.Fund)}, {"Sección", typed(c.Section)}, {"Serie", typed(c.Series)},
		{"Asunto", subject(r)},
		{"Área solicitante", typed(r.Area)},
		{"C.C.T.", string(r.CCT)},
		{"Solicitó", typed(r.Requester.Name)},
		petition(r),
		{"Fechas extremas", x.extremes(s)},
	}
	rows = append(rows, x.decisions(r)...)
	rows = append(rows, row{"Conclusión", x.outcome(s)})
	rows = append(rows, x.papers(s)...)
	return append(rows, row{"Documentos", strconv.Itoa(files) + " archivos electrónicos, con este"}, x.retention(s))
}

// extremes returns the days of the first and the newest document.
func (x Exporter) extremes(s survey) string {
	first, last := x.day(s.request.SubmittedAt), x.day(s.last())
	if first == last {
		return first
	}
	return "del " + first + " al " + last
}

func subject(r provisioning.Request) string {
	creates, renews := "Solicitud de ", "Recuperación de la contraseña de "
	accounts := "1 cuenta de correo institucional de " + wordOf(types, r.Type)
	if r.Lines != 1 {
		renews = "Recuperación de las contraseñas de "
		accounts = letter.Count(r.Lines) + " cuentas de correo institucional de " + wordOf(pluralTypes, r.Type)
	}
	if r.Kind.Creates() {
		return creates + accounts
	}
	return renews + accounts
}

// petition returns by which document the request was made. Of a request about an account that exists it
// is how the holder's identity was shown.
func petition(r provisioning.Request) row {
	p := r.Petition
	label, text, before := "Documento recibido", wordOf(media, p.Medium), " "
	if !r.Kind.Creates() {
		label, text, before = "Identidad comprobada", wordOf(identityMedia, p.Medium), ": "
	}
	if !input.Placeholder(p.Number) {
		text += before + typed(p.Number)
	}
	if !p.Date.IsZero() {
		text += ", del " + letter.DateInWords(p.Date.UTC()) // a day without a time zone
	}
	return row{label, text}
}

// decisions returns who turned the request over, returned, authorised or rejected it, in all rounds.
func (x Exporter) decisions(r provisioning.Request) []row {
	var rows []row
	label := "Atención"
	for _, d := range r.Decisions {
		act := map[provisioning.Verdict]string{
			provisioning.Approve: "Turnó", provisioning.Return: "Devolvió para corregir", provisioning.Reject: "Rechazó",
		}[d.Verdict]
		if d.Verdict == provisioning.Approve && d.Stage == lastStage(r) {
			act = "Autorizó"
		}
		who := strings.TrimSpace(typed(d.By.Name) + " (" + wordOf(stages, d.Stage) + ")")
		rows, label = append(rows, row{label, fmt.Sprintf("%s: %s, el %s", act, who, x.day(d.At))}), ""
	}
	return rows
}

// papers returns the letters, or that there is none.
func (x Exporter) papers(s survey) []row {
	if len(s.letters) == 0 {
		return []row{{"Oficio de respuesta", "No se emitió."}}
	}
	var rows []row
	label := "Oficio de respuesta"
	for _, l := range s.letters {
		rows, label = append(rows, row{label, x.paper(l)}), ""
	}
	return rows
}

func (x Exporter) paper(l paper) string {
	if l.Number == "" {
		return "No se emitió: espera su número."
	}
	text := typed(l.Number) + ", del " + x.day(l.Date)
	if !l.SentAt.IsZero() {
		text += "; enviado el " + x.day(l.SentAt)
	}
	if !l.AnnulledAt.IsZero() {
		text += "; ANULADO el " + x.day(l.AnnulledAt)
		if why := quoted(l.Reason); why != "" {
			text += ": " + why
		}
	}
	switch {
	case !l.ErasedAt.IsZero():
		text += "; su archivo se suprimió, porque nombraba a quien pidió que se suprimieran sus datos"
	case l.path == "":
		text += "; sin archivo"
	}
	return text
}

// retention returns how long the expediente is kept, and until when.
func (x Exporter) retention(s survey) row {
	term := x.Cover.Classification.Term
	var parts []string
	for _, stay := range []struct {
		where string
		years int
		until retention.Term
	}{
		{"el archivo de trámite", term.Tramite, retention.Term{Tramite: term.Tramite}}, {"el archivo de concentración", term.Concentracion, term},
	} {
		if stay.years > 0 {
			parts = append(parts, fmt.Sprintf("%s en %s, hasta el %s", count(stay.years, "año", "años"), stay.where, x.day(stay.until.Ends(s.request, x.Location))))
		}
	}
	return row{"Conservación", strings.Join(parts, "; ")}
}

// day returns a day in words, in the organisation's zone.
func (x Exporter) day(t time.Time) string { return letter.DateInWords(t.In(x.Location)) }

// count returns a number with its noun, "1 cuenta", "2 cuentas".
func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return letter.Count(n) + " " + many
}

// onPaper says what the expediente has besides, where there is any.
const onPaper = "Los documentos en papel, como el que se recibió y el acuse del oficio de respuesta, no están aquí: intégrelos aparte."

// textColumn is where the texts of the carátula begin.
const textColumn = 22

// writeRows writes the rows that say something, their texts below each other.
func writeRows(out *bufio.Writer, rows []row) {
	for _, r := range rows {
		if r.text == "" {
			continue
		}
		label := r.label
		if label != "" {
			label += ":"
		}
		writeWrapped(out, label+strings.Repeat(" ", max(1, textColumn-utf8.RuneCountInString(label))), strings.Repeat(" ", textColumn), r.text)
	}
}

// writeWrapped writes a text in lines of at most coverWidth characters, but never parts a word.
func writeWrapped(out *bufio.Writer, first, next, text string) {
	line := first
	empty := true
	for word := range strings.FieldsSeq(text) {
		switch {
		case empty:
			line += word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > coverWidth:
			fmt.Fprintln(out, line)
			line = next + word
		default:
			line += " " + word
		}
		empty = false
	}
	fmt.Fprintln(out, strings.TrimRight(line, " "))
}
