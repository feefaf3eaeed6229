package store

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"time"

	"go.etcd.io/bbolt"

	"seducoahuila.gob.mx/altas/provisioning/audit"
)

// unchained is an audit entry of schema 2. It is never changed.
type unchained struct {
	Seq uint64    `json:"seq"`
	At  time.Time `json:"at"`
	By  struct {
		ID   string `json:"id"`
		Name string `json:"name,omitempty"`
	} `json:"by"`
	Act    string            `json:"act"`
	Folio  string            `json:"folio,omitempty"`
	Stamp  string            `json:"stamp,omitempty"`
	Detail map[string]string `json:"detail,omitempty"`
}

// chainAudit chains the audit entries of schema 2, whose conversations and states are not known. It
// holds the entries in memory until the commit, as bbolt does with what a transaction writes.
func chainAudit(b *bbolt.Tx) error {
	bucket := b.Bucket([]byte(bucketAudit))
	c := bucket.Cursor()
	var head audit.Head
	for k, v := c.First(); k != nil; k, v = c.Seek([]byte(numberKey(head.Seq + 1))) {
		var old unchained
		if err := json.Unmarshal(v, &old); err != nil {
			return fmt.Errorf("read audit entry %d: %w", keyNumber(k), err)
		}
		head.Seq = keyNumber(k) - 1 // where entries are missing the gap stays, and verification names it
		e, err := audit.Seal(audit.Entry{At: old.At, Actor: old.By.ID, Act: old.Act, Folio: old.Folio, Stamp: old.Stamp},
			audit.Private{Name: old.By.Name, Detail: old.Detail}, head, rand.Reader)
		if err != nil {
			return err
		}
		data, err := json.Marshal(e)
		if err != nil {
			return err
		}
		if err := bucket.Put([]byte(numberKey(e.Seq)), data); err != nil {
			return err
		}
		head = e.Head()
	}
	return nil
}
