package expediente

import (
	"encoding/csv"
	"errors"
	"io"
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/roster"
)

// byteOrderMark tells Excel that a .csv is UTF-8.
const byteOrderMark = "\uFEFF"

// timeInHistory is how Excel shows a time that it reads.
const timeInHistory = "2006-01-02 15:04:05"

// erasedText stands in the place of a name and details that were erased.
const erasedText = "(suprimido)"

// writeHistory writes the request's audit entries for people.
func (x Exporter) writeHistory(tx provisioning.Tx, w io.Writer, s survey) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true // as Excel writes it
	heading := []string{
		"Asiento", "Fecha y hora (" + x.Location.String() + ")", "Quién", "Identificador", "Qué hizo", "Cuenta núm.", "Titular", "Dirección",
		"Estado anterior", "Estado posterior", "Detalle",
	}
	err := out.Write(heading)
	for e, unread := range tx.Entries(s.request.Folio) {
		if err = errors.Join(err, unread); err != nil {
			return err
		}
		cells := x.row(e, s)
		for i := range cells {
			cells[i] = roster.EscapeFormula(cells[i])
		}
		err = out.Write(cells)
	}
	out.Flush()
	return errors.Join(err, out.Error())
}

// row returns the cells of an entry.
func (x Exporter) row(e provisioning.Entered, s survey) []string {
	number, of := "", line{}
	if e.Stamp != "" {
		number, of = strconv.Itoa(e.Stamp.Number()), s.lines[e.Stamp.Number()]
	}
	name, detail := typed(e.By.Name), detailsOf(e)
	if e.Erased {
		name, detail = erasedText, erasedText
	}
	kind := s.request.Kind
	return []string{
		strconv.FormatUint(e.Seq, 10), e.At.In(x.Location).Format(timeInHistory), name, e.By.ID, Act(e), number, typed(of.holder), of.address,
		stateOf(e, kind, e.Before), stateOf(e, kind, e.After), detail,
	}
}
