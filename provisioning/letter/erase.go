package letter

import (
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Erase removes the files of a request's letters for good, since they name somebody who is erased, and
// replaces the reasons for which they were annulled by what clean returns. It returns the numbers of the
// letters. Their codes can be verified as before.
func Erase(tx provisioning.Tx, f provisioning.Folio, clean func(string) string, at time.Time) (numbers []string, err error) {
	all, err := Of(tx, f)
	if err != nil {
		return nil, err
	}
	for _, l := range all {
		l.ErasedAt, l.Reason = at, clean(l.Reason)
		if err := errors.Join(pdfs.Drop(tx, l.key()), contents.Drop(tx, l.key()), letters.Put(tx, l.key(), l)); err != nil {
			return nil, err
		}
		numbers = append(numbers, l.Number)
	}
	return numbers, nil
}

// erased is the error of a letter whose file was removed.
func erased(f provisioning.Folio) error {
	return problem.Refuse(problem.CodeConflict, "letter.erased", "folio", string(f))
}
