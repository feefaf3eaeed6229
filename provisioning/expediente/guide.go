package expediente

import (
	_ "embed"
	"io"
	"text/template"

	"seducoahuila.gob.mx/altas/provisioning/audit"
)

//go:embed guide.txt
var guideText string

// guide is the part of the carátula's file that says how the expediente is kept and checked. Its
// description of the hashes is that of package audit's README.
var guide = template.Must(template.New("guide").Parse(guideText))

// writeGuide writes the guide.
func (x Exporter) writeGuide(w io.Writer, s survey) error {
	return guide.Execute(w, struct {
		Masked, Gone, Erased, Entries string // in words, "" for none
		Newest                        string
		Head                          audit.Head
	}{
		some(s.masked, "cuenta", "cuentas"), some(s.gone, "cuenta", "cuentas"),
		some(s.erased, "asiento", "asientos"), some(s.entries, "asiento", "asientos"),
		x.day(s.newest), s.head,
	})
}

// some is count, but "" for none.
func some(n int, one, many string) string {
	if n == 0 {
		return ""
	}
	return count(n, one, many)
}
