// Package storetest opens stores for tests. Only tests import it.
//
//	db := storetest.Open(t)
//
// When the test ends, every invariant of the file is checked.
package storetest

import (
	"context"
	"path/filepath"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store"
)

// Open opens a new store in a temporary directory, without syncing it to disk. When the test ends
// it is checked, if still open, and closed.
func Open(t testing.TB) *store.DB {
	t.Helper()
	return OpenAt(t, filepath.Join(t.TempDir(), "altas.db"))
}

// OpenAt is Open for a file that the test opens more than once: each DB must be closed before the
// next is opened.
func OpenAt(t testing.TB, path string) *store.DB {
	t.Helper()
	db, err := store.Open(path, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		Check(t, db)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// Check fails the test for each problem of the store. A closed store is not checked.
func Check(t testing.TB, db *store.DB) {
	t.Helper()
	problems, err := db.Check(context.Background())
	if err != nil && problem.ReasonOf(err) != "store.closed" {
		t.Error(err)
	}
	for _, p := range problems {
		t.Errorf("store: %s", p)
	}
}
