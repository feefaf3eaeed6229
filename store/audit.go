package store

import (
	"bytes"
	"encoding/json"
	"fmt"
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Record implements provisioning.Audit.
func (t *tx) Record(e provisioning.Entered) error { return t.append(e, nil) }

// append chains the entry to the last one and stores it.
func (t *tx) append(e provisioning.Entered, redacts []uint64) error {
	seq, err := t.next(bucketAudit)
	if err != nil {
		return err
	}
	head, err := t.Head()
	if err != nil {
		return err
	}
	if seq <= head.Seq {
		return fmt.Errorf("store: the audit has entry %d, and %d was given: restore a backup", head.Seq, seq)
	}
	head.Seq = seq - 1 // after a cut tail the gap stays, and verification names it; people's work goes on
	entry, private := chained(e)
	entry.Redacts = redacts
	if entry, err = audit.Seal(entry, private, head, t.random); err != nil {
		return fmt.Errorf("store: %w", err)
	}
	if e.Folio != "" {
		if err := whole(string(e.Folio)); err != nil {
			return err
		}
		if err := t.mark(bucketAuditFolio, join(string(e.Folio), numberKey(seq))); err != nil {
			return err
		}
	}
	return t.save(bucketAudit, []byte(numberKey(seq)), entry)
}

// chained splits an entry into the part that is chained and the part that can be erased.
func chained(e provisioning.Entered) (audit.Entry, audit.Private) {
	return audit.Entry{
		At: e.At, Actor: e.By.ID, Act: e.Act, Folio: string(e.Folio), Stamp: string(e.Stamp),
		Conversation: e.By.Conversation, Before: e.Before, After: e.After,
	}, audit.Private{Name: e.By.Name, Detail: masked(e.Detail)}
}

// masked returns the details with the CURPs masked that people typed, as in a comment.
func masked(detail map[string]string) map[string]string {
	if len(detail) == 0 {
		return nil
	}
	all := make(map[string]string, len(detail))
	for name, text := range detail {
		all[name] = identity.MaskCURPs(text)
	}
	return all
}

// entered is the inverse of chained.
func entered(e audit.Entry) provisioning.Entered {
	all := provisioning.Entered{
		Seq: e.Seq, At: e.At, By: provisioning.Actor{ID: e.Actor, Conversation: e.Conversation}, Act: e.Act,
		Folio: provisioning.Folio(e.Folio), Stamp: provisioning.Stamp(e.Stamp), Before: e.Before, After: e.After, Erased: e.Private == nil,
	}
	if e.Private != nil {
		all.By.Name, all.Detail = e.Private.Name, e.Private.Detail
	}
	return all
}

// Head implements provisioning.Audit.
func (t *tx) Head() (audit.Head, error) {
	k, v := t.bolt.Bucket([]byte(bucketAudit)).Cursor().Last()
	if k == nil {
		return audit.Head{}, nil
	}
	var e audit.Entry
	if err := json.Unmarshal(v, &e); err != nil {
		return audit.Head{}, fmt.Errorf("store: read %s: %w", bucketAudit, err)
	}
	return audit.Head{Seq: keyNumber(k), Hash: e.Hash}, nil
}

// Entries implements provisioning.Audit.
func (t *tx) Entries(f provisioning.Folio) iter.Seq2[provisioning.Entered, error] {
	all := decode[audit.Entry](bucketAudit, t.ascend(bucketAudit, nil, nil))
	if f != "" {
		p := prefix(string(f))
		all = resolve(p, t.ascend(bucketAuditFolio, p, nil), t.link)
	}
	return func(yield func(provisioning.Entered, error) bool) {
		for e, err := range all {
			if !yield(entered(e), err) {
				return
			}
		}
	}
}

// link reads the entry with a numberKey.
func (t *tx) link(seq string) (audit.Entry, error) {
	var e audit.Entry
	found, err := t.load(bucketAudit, []byte(seq), &e)
	if err == nil && !found {
		err = notFound("audit.unknown", "seq", fmt.Sprint(keyNumber([]byte(seq))))
	}
	return e, err
}

// Redact implements provisioning.Audit.
func (t *tx) Redact(e provisioning.Entered, seqs ...uint64) error {
	var erased []uint64
	for _, seq := range seqs {
		entry, err := t.link(numberKey(seq))
		if err != nil {
			return err
		}
		if entry.Private == nil {
			continue
		}
		entry.Private = nil
		if err := t.save(bucketAudit, []byte(numberKey(seq)), entry); err != nil {
			return err
		}
		erased = append(erased, seq)
	}
	if len(erased) == 0 {
		return nil
	}
	e.Act = audit.Redact
	return t.append(e, erased)
}

// Chain implements provisioning.Audit.
func (t *tx) Chain() iter.Seq2[audit.Entry, error] {
	return func(yield func(audit.Entry, error) bool) {
		var last uint64
		for k, v := range t.ascend(bucketAudit, nil, nil) {
			last = keyNumber(k)
			var e audit.Entry
			err := t.ctx.Err()
			switch {
			case err != nil:
			case json.Unmarshal(v, &e) != nil:
				err = &audit.Break{Entry: audit.Entry{Seq: last}, What: "cannot be read"}
			case !written(e, v):
				err = &audit.Break{Entry: audit.Entry{Seq: last}, What: "is not stored as Altas writes it"}
			}
			if !yield(e, err) || err != nil {
				return
			}
		}
		if given := t.bolt.Bucket([]byte(bucketAudit)).Sequence(); given != last {
			yield(audit.Entry{}, &audit.Break{
				Entry: audit.Entry{Seq: last + 1}, What: fmt.Sprintf("is missing, and so are all up to the last one given, %d", given),
			})
		}
	}
}

// written reports whether the bytes are those that Altas stores for the entry: JSON has other ways to
// write the same.
func written(e audit.Entry, stored []byte) bool {
	data, err := json.Marshal(e)
	return err == nil && bytes.Equal(data, stored)
}
