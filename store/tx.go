package store

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"

	"go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// tx implements provisioning.Tx. Each embedded interface has a file: requests.go, accounts.go …
type tx struct {
	ctx      context.Context // of the View or Update
	bolt     *bbolt.Tx
	random   io.Reader
	writes   int      // number of writes, by which ascend and descend see that a cursor may be invalid
	enqueued bool     // a job was enqueued
	done     bool     // fn returned
	changed  []before // what the writes replaced, in order
}

// Errors of wrong use.
var (
	errReadOnly = errors.New("store: a View cannot write")
	errDone     = errors.New("store: the transaction is over")
	errKey      = errors.New("store: a key is empty, too long, or holds a zero byte")
)

func (t *tx) get(bucket string, key []byte) []byte {
	return t.bolt.Bucket([]byte(bucket)).Get(key)
}

func (t *tx) has(bucket string, key []byte) bool { return t.get(bucket, key) != nil }

func (t *tx) put(bucket string, key, value []byte) error {
	if t.done {
		return errDone
	}
	t.writes++
	old := t.before(bucket, key)
	return t.wrote(old, t.bolt.Bucket([]byte(bucket)).Put(key, value))
}

func (t *tx) del(bucket string, key []byte) error {
	if t.done {
		return errDone
	}
	t.writes++
	old := t.before(bucket, key)
	return t.wrote(old, t.bolt.Bucket([]byte(bucket)).Delete(key))
}

// next returns the bucket's next number, from 1.
func (t *tx) next(bucket string) (uint64, error) {
	if t.done {
		return 0, errDone
	}
	t.writes++
	b := t.bolt.Bucket([]byte(bucket))
	old := before{bucket: bucket, counted: true, number: b.Sequence()}
	n, err := b.NextSequence()
	return n, t.wrote(old, err)
}

func writeError(bucket string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, berrors.ErrTxNotWritable):
		return errReadOnly
	case errors.Is(err, berrors.ErrKeyRequired), errors.Is(err, berrors.ErrKeyTooLarge):
		return errKey
	}
	return fmt.Errorf("store: write %s: %w", bucket, err)
}

// load decodes the record into the value that v points to; false if there is none.
func (t *tx) load(bucket string, key []byte, v any) (bool, error) {
	data := t.get(bucket, key)
	if data == nil {
		return false, nil
	}
	if err := json.Unmarshal(data, v); err != nil {
		return false, fmt.Errorf("store: read %s: %w", bucket, err)
	}
	return true, nil
}

func (t *tx) save(bucket string, key []byte, v any) error {
	data, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("store: write %s: %w", bucket, err)
	}
	return t.put(bucket, key, data)
}

// mark puts an index entry without a value. One byte is stored, because bbolt returns nil both
// for an empty value and for a missing key.
func (t *tx) mark(bucket string, key []byte) error { return t.put(bucket, key, []byte{1}) }

// move replaces an index entry if it changed; nil is none.
func (t *tx) move(bucket string, from, to []byte) error {
	if bytes.Equal(from, to) {
		return nil
	}
	if from != nil {
		if err := t.del(bucket, from); err != nil {
			return err
		}
	}
	if to == nil {
		return nil
	}
	return t.mark(bucket, to)
}

// ascend yields the entries whose keys begin with p and are not below the key from. The loop
// may write: a write may invalidate the cursor, so it is positioned again after one.
func (t *tx) ascend(bucket string, p, from []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := t.bolt.Bucket([]byte(bucket)).Cursor()
		if bytes.Compare(from, p) < 0 {
			from = p
		}
		k, v := c.Seek(from)
		for k != nil && bytes.HasPrefix(k, p) {
			at, writes := bytes.Clone(k), t.writes
			if !yield(at, v) {
				return
			}
			if t.writes != writes {
				if k, v = c.Seek(at); bytes.Equal(k, at) {
					k, v = c.Next()
				}
				continue
			}
			k, v = c.Next()
		}
	}
}

// descend yields the entries whose keys begin with p and are below the key below (nil for no
// bound), in descending order. The loop may write.
func (t *tx) descend(bucket string, p, below []byte) iter.Seq2[[]byte, []byte] {
	return func(yield func(k, v []byte) bool) {
		c := t.bolt.Bucket([]byte(bucket)).Cursor()
		if below == nil {
			below = end(p)
		}
		k, v := seekBelow(c, below)
		for k != nil && bytes.HasPrefix(k, p) {
			at, writes := bytes.Clone(k), t.writes
			if !yield(at, v) {
				return
			}
			if t.writes != writes {
				k, v = seekBelow(c, at)
				continue
			}
			k, v = c.Prev()
		}
	}
}

// firstParts yields the first parts of a bucket's keys, each once, in byte order. The loop may write.
func (t *tx) firstParts(bucket string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		c := t.bolt.Bucket([]byte(bucket)).Cursor()
		for k, _ := c.First(); k != nil; {
			first, _, _ := bytes.Cut(k, []byte(sep))
			part := string(first)
			if !yield(part, nil) {
				return
			}
			k, _ = c.Seek(end(prefix(part)))
		}
	}
}

// seekBelow returns the last entry below the key; the bucket's last for nil.
func seekBelow(c *bbolt.Cursor, below []byte) (k, v []byte) {
	if below == nil {
		return c.Last()
	}
	if k, _ := c.Seek(below); k == nil {
		return c.Last()
	}
	return c.Prev()
}

// decode yields the JSON records of the entries. It ends at the first unreadable one.
func decode[T any](bucket string, entries iter.Seq2[[]byte, []byte]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for _, v := range entries {
			var record T
			if err := json.Unmarshal(v, &record); err != nil {
				yield(record, fmt.Errorf("store: read %s: %w", bucket, err))
				return
			}
			if !yield(record, nil) {
				return
			}
		}
	}
}

// resolve yields the records of index entries under p: get returns the record by the last part
// of the entry's key. It ends at the first error.
func resolve[T any](p []byte, entries iter.Seq2[[]byte, []byte], get func(string) (T, error)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for k := range entries {
			record, err := get(tail(k, p))
			if !yield(record, err) || err != nil {
				return
			}
		}
	}
}

func notFound(reason, name, value string) error {
	return problem.Refuse(problem.CodeNotFound, reason, name, value)
}
