package store

import "bytes"

// before is the state that a write replaced: the value of a key, or the bucket's sequence.
type before struct {
	bucket     string
	key, value []byte // nil value: the key did not exist
	counted    bool   // the sequence was changed, to be restored to number
	number     uint64
}

// before returns the present value of a key, as a copy: bbolt's values are valid only until the
// next write.
func (t *tx) before(bucket string, key []byte) before {
	return before{bucket: bucket, key: bytes.Clone(key), value: bytes.Clone(t.get(bucket, key))}
}

// wrote records a successful write, so that it can be undone, and translates bbolt's error.
func (t *tx) wrote(old before, err error) error {
	if err == nil {
		t.changed = append(t.changed, old)
	}
	return writeError(old.bucket, err)
}

// undo reverses all writes through t, the last first: bbolt has no savepoints, and the
// transaction is shared with Updates that did not fail.
func (t *tx) undo() error {
	for len(t.changed) > 0 {
		last := len(t.changed) - 1
		if err := t.takeBack(t.changed[last]); err != nil {
			return writeError(t.changed[last].bucket, err)
		}
		t.changed = t.changed[:last]
	}
	t.writes, t.enqueued = 0, false
	return nil
}

func (t *tx) takeBack(old before) error {
	b := t.bolt.Bucket([]byte(old.bucket))
	switch {
	case old.counted:
		return b.SetSequence(old.number)
	case old.value == nil:
		return b.Delete(old.key)
	}
	return b.Put(old.key, old.value)
}
