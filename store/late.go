package store

import (
	"bytes"
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// NoLater brings forward the jobs that are due later than their kind allows, because they were
// enqueued while the clock was ahead: a job due after now+After becomes due at now+Then. It
// returns how many were moved, and reads only those.
func (db *DB) NoLater(ctx context.Context, now time.Time, latest map[job.Kind]job.Latest) (moved int, err error) {
	err = db.update(ctx, func(t *tx) error {
		moved = 0
		for kind, l := range latest {
			for _, key := range t.laterThan(kind, now.Add(l.After)) {
				moved++
				t.enqueued = true
				err := t.update(kind, key, func(r jobRecord) jobRecord {
					r.Due, r.Since = now.Add(l.Then), earlier(r.Since, now)
					return r
				})
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	return moved, err
}

// laterThan returns the keys of the kind's jobs in bucketJobsLater that are due after a time,
// the latest first.
func (t *tx) laterThan(kind job.Kind, at time.Time) (keys []string) {
	p := prefix(string(kind))
	c := t.bolt.Bucket([]byte(bucketJobsLater)).Cursor()
	k, _ := c.Seek(end(p))
	if k == nil {
		k, _ = c.Last()
	} else {
		k, _ = c.Prev()
	}
	for ; bytes.HasPrefix(k, p) && keyTime(k[len(p):]).After(at); k, _ = c.Prev() {
		keys = append(keys, string(k[len(p)+timeSize:]))
	}
	return keys
}
