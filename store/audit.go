package store

import (
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Record implements provisioning.Audit.
func (t *tx) Record(e provisioning.Entered) error {
	seq, err := t.next(bucketAudit)
	if err != nil {
		return err
	}
	e.Seq = seq
	if e.Folio != "" {
		if err := whole(string(e.Folio)); err != nil {
			return err
		}
		if err := t.mark(bucketAuditFolio, join(string(e.Folio), numberKey(seq))); err != nil {
			return err
		}
	}
	return t.save(bucketAudit, []byte(numberKey(seq)), e)
}

// Entries implements provisioning.Audit.
func (t *tx) Entries(f provisioning.Folio) iter.Seq2[provisioning.Entered, error] {
	if f == "" {
		return decode[provisioning.Entered](bucketAudit, t.ascend(bucketAudit, nil, nil))
	}
	p := prefix(string(f))
	return resolve(p, t.ascend(bucketAuditFolio, p, nil), func(seq string) (provisioning.Entered, error) {
		var e provisioning.Entered
		found, err := t.load(bucketAudit, []byte(seq), &e)
		if err == nil && !found {
			err = notFound("audit.unknown", "folio", string(f))
		}
		return e, err
	})
}
