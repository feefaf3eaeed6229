package store

import "iter"

// Load implements provisioning.Documents.
func (t *tx) Load(kind, key string, v any) (bool, error) {
	return t.load(bucketDocuments, join(kind, key), v)
}

// Save implements provisioning.Documents.
func (t *tx) Save(kind, key string, v any) error {
	if err := whole(kind, key); err != nil {
		return err
	}
	return t.save(bucketDocuments, join(kind, key), v)
}

// Drop implements provisioning.Documents.
func (t *tx) Drop(kind, key string) error {
	if !t.has(bucketDocuments, join(kind, key)) {
		return nil
	}
	return t.del(bucketDocuments, join(kind, key))
}

// Keys implements provisioning.Documents.
func (t *tx) Keys(kind, begin string) iter.Seq2[string, error] {
	return func(yield func(string, error) bool) {
		p := prefix(kind)
		for k := range t.ascend(bucketDocuments, join(kind, begin), nil) {
			if !yield(tail(k, p), nil) {
				return
			}
		}
	}
}

// Kinds implements provisioning.Documents.
func (t *tx) Kinds() iter.Seq2[string, error] { return t.firstParts(bucketDocuments) }
