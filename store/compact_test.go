package store_test

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// withDropped returns the path of a closed store with some lines, of which one document was dropped.
func withDropped(t *testing.T, dropped string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "altas.db")
	db, err := store.Open(path, store.Options{NoSync: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, fn := range []func(provisioning.Tx) error{
		func(tx provisioning.Tx) error {
			for n := range 50 {
				if err := tx.PutAccount(provisioningtest.Account("2026-000001", n+1, provisioningtest.Teacher(n))); err != nil {
					return err
				}
			}
			return provisioningtest.PutRequest(tx, provisioningtest.Request("2026-000001", "ana", 50))
		},
		func(tx provisioning.Tx) error { return tx.Save("draft", "ana", dropped) },
		func(tx provisioning.Tx) error {
			return tx.Record(provisioning.Entered{At: provisioningtest.Start, Act: "test", Folio: "2026-000001"})
		},
		func(tx provisioning.Tx) error { return tx.Drop("draft", "ana") },
	} {
		if err := db.Update(context.Background(), fn); err != nil {
			t.Fatal(err)
		}
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestCompactForgets(t *testing.T) {
	const gone = "lo que se borró"
	path := withDropped(t, gone)
	if data, err := os.ReadFile(path); err != nil || !bytes.Contains(data, []byte(gone)) {
		t.Fatalf("the file does not have what was dropped, so that the test shows nothing: %v", err)
	}
	if err := os.WriteFile(path+".compact", []byte("of a run that was killed"), 0o600); err != nil {
		t.Fatal(err)
	}
	before, after, err := store.Compact(path)
	if err != nil || before <= after || after == 0 {
		t.Fatalf("Compact = %d, %d, %v", before, after, err)
	}
	data, err := os.ReadFile(path)
	if err != nil || bytes.Contains(data, []byte(gone)) {
		t.Errorf("the file still has what was dropped: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v", info.Mode(), err)
	}
	if _, err := os.Stat(path + ".compact"); err == nil {
		t.Error("the fresh file is left beside it")
	}
	db := storetest.OpenAt(t, path) // which checks it
	err = db.View(context.Background(), func(tx provisioning.Tx) error {
		a, err := tx.Account("2026-000001-0050")
		if a.Holder != provisioningtest.Teacher(49) {
			t.Errorf("line 50 is %+v", a)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}

func TestCompactOfAFileInUse(t *testing.T) {
	path := withDropped(t, "x")
	db := storetest.OpenAt(t, path)
	before, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := store.Compact(path); err == nil {
		t.Error("a file in use was replaced")
	}
	if after, err := os.Stat(path); err != nil || !os.SameFile(before, after) {
		t.Errorf("it is another file: %v", err)
	}
	if err := db.Update(context.Background(), func(tx provisioning.Tx) error { return tx.Save("draft", "b", 1) }); err != nil {
		t.Error(err)
	}
}
