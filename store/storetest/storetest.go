// Package storetest opens stores for tests, and is linked by tests alone.
//
//	db := storetest.Open(t)
//
// When the test ends, every invariant of the file is checked.
package storetest

import (
	"path/filepath"
	"testing"

	"seducoahuila.gob.mx/altas/store"
)

// Open opens a new store in a directory of the test's own; it does not wait for
// the disk. At the end of the test it is checked, if still open, and closed.
func Open(t testing.TB) *store.DB {
	t.Helper()
	return OpenAt(t, filepath.Join(t.TempDir(), "altas.db"))
}

// OpenAt is Open for a file that the test opens more than once: each DB must be
// closed before the next is opened.
func OpenAt(t testing.TB, path string) *store.DB {
	t.Helper()
	db, err := store.Open(path, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}
