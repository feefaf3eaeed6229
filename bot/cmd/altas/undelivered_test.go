package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store"
)

// A notice that Teams refused permanently is listed, without its text, and enqueued again, once.
func TestUndelivered(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "data", "altas.db")
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	n := provisioning.Notice{ID: 7, To: "7d0c6a3e-5b1f-4f0a-9c2d-8e4b1a6f3c5d", Kind: provisioning.NoticeReady, Folio: "2026-000123", Stamp: "2026-000123-0001", At: at}
	change := func(fn func(provisioning.Tx) error) {
		t.Helper()
		db, err := store.Open(path, store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := db.Update(t.Context(), fn); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	}
	change(func(tx provisioning.Tx) error {
		return tx.Save("refusal", "notice/"+n.To+"/7", map[string]any{"tries": 4, "cause": "status 400\nBadSyntax", "notice": n})
	})
	got := altas(t, dir, nil, "undelivered")
	for _, want := range []string{"2026-11-30 09:00:00", n.To, "2026-000123", "ready", `BadSyntax`} {
		if got.status != 0 || !strings.Contains(got.out, want) {
			t.Errorf("nothing is said of %q: %+v", want, got)
		}
	}
	for _, want := range []string{n.To, "nothing is undelivered"} {
		if got := altas(t, dir, nil, "undelivered", "-resend"); got.status != 0 || !strings.Contains(got.out, want) {
			t.Errorf("resend: %+v, want %q", got, want)
		}
	}
	change(func(tx provisioning.Tx) error {
		pending := 0
		for back, err := range tx.Pending(n.To) {
			if pending++; err != nil || back.Kind != n.Kind || back.Stamp != n.Stamp {
				t.Errorf("in the queue: %+v, %v", back, err)
			}
		}
		if pending != 1 {
			t.Errorf("%d in the queue", pending)
		}
		return nil
	})
	if got := altas(t, dir, nil, "check-store"); got.status != 0 {
		t.Errorf("the store: %+v", got)
	}
}
