package expediente

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// settled is how the head of department settled a line.
type settled struct {
	Stamp provisioning.Stamp `json:"stamp"`
	provisioning.Settlement
}

// writeRecords writes the request, its letters and its lines as they are stored, as one JSON object.
// Lines are written one by one.
func writeRecords(tx provisioning.Tx, w io.Writer, s survey) error {
	out := bufio.NewWriter(w)
	letters := make([]letter.Letter, 0, len(s.letters))
	for _, l := range s.letters {
		letters = append(letters, l.Letter)
	}
	decided, err := settlements(tx, s.request.Folio)
	if err != nil {
		return err
	}
	for _, part := range []struct {
		before string
		value  any
	}{
		{"{\n  \"request\": ", s.request}, {",\n  \"letters\": ", letters}, {",\n  \"settlements\": ", decided},
	} {
		if err := writeIndented(out, part.before, part.value, "  "); err != nil {
			return err
		}
	}
	before := ",\n  \"lines\": [\n    "
	for a, err := range tx.AccountsOf(s.request.Folio, 0) {
		if err != nil {
			return err
		}
		if err := writeIndented(out, before, a, "    "); err != nil {
			return err
		}
		before = ",\n    "
	}
	if len(s.lines) == 0 {
		_, _ = out.WriteString(",\n  \"lines\": [")
	}
	_, _ = out.WriteString("\n  ]\n}\n")
	return out.Flush() // with the first error of the writes
}

// writeIndented writes a value as it is stored, but indented, and with < > & for people to read.
func writeIndented(out *bufio.Writer, before string, value any, prefix string) error {
	var text bytes.Buffer
	to := json.NewEncoder(&text)
	to.SetEscapeHTML(false)
	to.SetIndent(prefix, "  ")
	if err := to.Encode(value); err != nil {
		return err
	}
	_, _ = out.WriteString(before)
	_, err := out.Write(bytes.TrimRight(text.Bytes(), "\n"))
	return err
}

// settlements returns how the lines that were in attention were settled, in order.
func settlements(tx provisioning.Tx, f provisioning.Folio) ([]settled, error) {
	all := make([]settled, 0)
	for key, err := range provisioning.Settlements.Keys(tx, string(f)+"-") {
		if err != nil {
			return nil, err
		}
		s, _, err := provisioning.Settlements.Get(tx, key)
		if err != nil {
			return nil, err
		}
		all = append(all, settled{provisioning.Stamp(key), s})
	}
	return all, nil
}
