package store_test

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// A backup can be opened read-only twice at once, and no byte of it changes.
func TestReadOnlyLeavesTheFileAsItIs(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	err := db.Update(t.Context(), func(tx provisioning.Tx) error {
		return tx.Enqueue(job.Job{Kind: provisioning.JobReceipt, Key: "2026-000001-0001"})
	})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "backup.db")
	file, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Backup(t.Context(), file); err != nil {
		t.Fatal(err)
	}
	if err := file.Close(); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second while the first is open
		read, err := store.Open(path, store.Options{ReadOnly: true})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = read.Close() })
		if d, err := read.Depth(t.Context()); err != nil || d[provisioning.JobReceipt].Jobs != 1 {
			t.Errorf("Depth = %v, %v", d, err)
		}
		if err := read.Update(t.Context(), func(tx provisioning.Tx) error {
			return tx.Enqueue(job.Job{Kind: provisioning.JobLine, Key: "2026-000001-0001"})
		}); err == nil {
			t.Error("Update wrote")
		}
	}
	if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
		t.Errorf("the file changed: %v", err)
	}
}

func TestReadOnlyMakesNoFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "none", "altas.db")
	if db, err := store.Open(path, store.Options{ReadOnly: true}); err == nil {
		t.Error("a store that is not there was opened")
		_ = db.Close()
	}
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("a folder was made")
	}
}

// Records can be read after their mapped pages were released, during concurrent updates.
func TestForgetLosesNothing(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for n := range 200 {
		err := db.Update(t.Context(), func(tx provisioning.Tx) error {
			return tx.Enqueue(job.Job{Kind: provisioning.JobReceipt, Key: string(provisioning.NewStamp("2026-000001", 1+n))})
		})
		if err != nil {
			t.Fatal(err)
		}
		db.Forget()
		if d, err := db.Depth(t.Context()); err != nil || d[provisioning.JobReceipt].Jobs != n+1 {
			t.Fatalf("Depth = %v, %v", d, err)
		}
	}
}
