package store

import (
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Post implements provisioning.Outbox.
func (t *tx) Post(n provisioning.Notice) error {
	if err := whole(n.To); err != nil {
		return err
	}
	if n.Once != "" && t.has(bucketOnce, []byte(n.Once)) {
		return nil
	}
	id, err := t.next(bucketOutbox)
	if err != nil {
		return err
	}
	n.ID = id
	if n.Once != "" {
		if err := t.mark(bucketOnce, []byte(n.Once)); err != nil {
			return err
		}
	}
	return t.save(bucketOutbox, join(n.To, numberKey(id)), n)
}

// Pending implements provisioning.Outbox.
func (t *tx) Pending(to string) iter.Seq2[provisioning.Notice, error] {
	return decode[provisioning.Notice](bucketOutbox, t.ascend(bucketOutbox, prefix(to), nil))
}

// Delivered implements provisioning.Outbox.
func (t *tx) Delivered(to string, id uint64) error {
	key := join(to, numberKey(id))
	if !t.has(bucketOutbox, key) {
		return nil
	}
	return t.del(bucketOutbox, key)
}

// Addressees implements provisioning.Outbox.
func (t *tx) Addressees() iter.Seq2[string, error] { return t.firstParts(bucketOutbox) }
