package expediente

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
)

// writeTrail writes the request's audit entries as they are chained, one a line, and those that say
// that the name and the details of one of them were erased. It reads, and verifies, the whole chain.
func writeTrail(tx provisioning.Tx, w io.Writer, s survey) error {
	out := bufio.NewWriter(w)
	var chain audit.Verifier
	own := make(map[uint64]bool, s.entries)
	for e, err := range tx.Chain() {
		if err == nil {
			err = chain.Add(e)
		}
		if err != nil {
			return err
		}
		concerns := e.Folio == string(s.request.Folio)
		if concerns {
			own[e.Seq] = true
		}
		if concerns || slices.ContainsFunc(e.Redacts, func(seq uint64) bool { return own[seq] }) {
			if err := e.WriteLine(out); err != nil {
				return err
			}
		}
	}
	if seq := chain.Unnamed(); seq > 0 {
		return &audit.Break{Entry: audit.Entry{Seq: seq}, What: "has lost its name and its details, and no later entry says that they were erased"}
	}
	if len(own) != s.entries {
		return fmt.Errorf("the audit has %d entries of the request, and its index %d: altas check-store tells which", len(own), s.entries)
	}
	return out.Flush()
}
