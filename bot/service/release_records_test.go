package service_test

import (
	"context"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// releaseKinds are the kinds of document that the last release stored.
var releaseKinds = []string{
	"centres", "centres-edition", "channel", "chat", "draft", "graph", "inquiry", "low_stock", "outage", "post", "question", "refusal",
	"reminded", "requester-card", "service", "settled", "settlement", "shortage", "stock_unread", "substitute", "teams", "thread",
}

// kindsSince are those that were added after it.
var kindsSince = []string{"audit_anchor", "letter", "letter.code", "letter.content", "letter.file", "letter.key", "letter.number", "letter.pdf", "letter.series", "privacy"}

// reader records into which types the service reads documents, and from which it writes them: each
// type is checked against what the last release wrote.
type reader struct {
	mu    sync.Mutex
	types map[string]map[reflect.Type]bool // by kind
}

func (r *reader) around(s provisioning.Store) provisioning.Store { return watchedStore{s, r} }

func (r *reader) note(kind string, v any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.types == nil {
		r.types = map[string]map[reflect.Type]bool{}
	}
	if r.types[kind] == nil {
		r.types[kind] = map[reflect.Type]bool{}
	}
	of := reflect.TypeOf(v)
	if of.Kind() == reflect.Pointer {
		of = of.Elem()
	}
	r.types[kind][of] = true
}

type watchedStore struct {
	provisioning.Store
	reader *reader
}

func (w watchedStore) View(ctx context.Context, fn func(provisioning.Tx) error) error {
	return w.Store.View(ctx, func(tx provisioning.Tx) error { return fn(watchedTx{tx, w.reader}) })
}

func (w watchedStore) Update(ctx context.Context, fn func(provisioning.Tx) error) error {
	return w.Store.Update(ctx, func(tx provisioning.Tx) error { return fn(watchedTx{tx, w.reader}) })
}

type watchedTx struct {
	provisioning.Tx
	reader *reader
}

func (w watchedTx) Load(kind, key string, v any) (bool, error) {
	w.reader.note(kind, v)
	return w.Tx.Load(kind, key, v)
}

func (w watchedTx) Save(kind, key string, v any) error {
	w.reader.note(kind, v)
	return w.Tx.Save(kind, key, v)
}

// holds fails if a document of the last release, read into a present type and written again,
// differs in any field; if the service did not read one of its kinds; or if it stores a kind that
// the file lacks.
func (r *reader) holds(t *testing.T, documents map[string]map[string]string) {
	t.Helper()
	known := slices.Sorted(slices.Values(slices.Concat(releaseKinds, kindsSince)))
	if diff := gocmp.Diff(known, slices.Sorted(maps.Keys(r.types))); diff != "" {
		t.Errorf("kinds of document (-known +the service's of today):\n%s", diff)
	}
	for _, kind := range releaseKinds {
		if len(documents[kind]) == 0 {
			t.Errorf("the file has no %s", kind)
		}
		for key, raw := range documents[kind] {
			for of := range r.types[kind] {
				if diff := reread([]byte(raw), of); diff != "" {
					t.Errorf("%s %s as %s (-the file +read and written):\n%s", kind, key, of, diff)
				}
			}
		}
	}
}

// reread reads a record into a type, writes it again, and describes the differences. The case of
// names is ignored, as in encoding/json.
func reread(raw []byte, into reflect.Type) string {
	was, is, err := provisioningtest.Reread(raw, into)
	if err != nil {
		return err.Error()
	}
	return gocmp.Diff(folded(was), folded(is))
}

func folded(v any) any {
	switch v := v.(type) {
	case map[string]any:
		all := make(map[string]any, len(v))
		for name, value := range v {
			all[strings.ToLower(name)] = folded(value)
		}
		return all
	case []any:
		all := make([]any, len(v))
		for i := range v {
			all[i] = folded(v[i])
		}
		return all
	}
	return v
}
