package provisioning

import (
	"context"
	"errors"
	"iter"
	"slices"
)

// Document is one kind of record in the store's Documents, each a T as JSON. The declaration of a
// kind says what its keys are.
type Document[T any] struct{ Kind string }

// Read is Get in its own transaction; the zero value if there is no record.
func (d Document[T]) Read(ctx context.Context, s Store, key string) (v T, err error) {
	err = s.View(ctx, func(tx Tx) (err error) {
		v, _, err = d.Get(tx, key)
		return err
	})
	return v, err
}

// Get returns the record of a key; false if there is none.
func (d Document[T]) Get(tx Tx, key string) (v T, found bool, err error) {
	found, err = tx.Load(d.Kind, key, &v)
	return v, found, err
}

// Put writes the record, replacing what was stored.
func (d Document[T]) Put(tx Tx, key string, v T) error { return tx.Save(d.Kind, key, v) }

// Drop removes the record, if there is one.
func (d Document[T]) Drop(tx Tx, key string) error { return tx.Drop(d.Kind, key) }

// Keys yields the keys that begin with prefix, in byte order.
func (d Document[T]) Keys(tx Tx, prefix string) iter.Seq2[string, error] {
	return tx.Keys(d.Kind, prefix)
}

// documentPage is how many records Each changes in one transaction.
const documentPage = 100

// Each calls do for every record of the kind, a page per transaction. An error of one record does
// not stop the others; all errors are returned, joined.
func (d Document[T]) Each(ctx context.Context, s Store, do func(tx Tx, key string) error) error {
	var keys []string
	err := s.View(ctx, func(tx Tx) (err error) {
		keys, err = collect(d.Keys(tx, ""))
		return err
	})
	for page := range slices.Chunk(keys, documentPage) {
		if ctx.Err() != nil {
			break
		}
		if together(ctx, s, page, do) == nil {
			continue
		}
		for _, key := range page {
			err = errors.Join(err, together(ctx, s, []string{key}, do))
		}
	}
	return err
}

// together calls do for several records in one transaction.
func together(ctx context.Context, s Store, keys []string, do func(Tx, string) error) error {
	return s.Update(ctx, func(tx Tx) error {
		for _, key := range keys {
			if err := do(tx, key); err != nil {
				return err
			}
		}
		return nil
	})
}
