package provisioning_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// Records as earlier versions wrote them, and as they are written again.
func TestSettlementIsReadAsItWasKept(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		kept string
		want provisioning.Settlement
	}{
		"another account": {
			`{"Verb":"attention.rename","By":{"id":"ines","name":"Inés Muñoz"},"At":"2026-09-15T09:30:00Z","Address":"ana.pena@docente.mx"}`,
			provisioning.Settlement{Verb: "attention.rename", By: provisioning.Actor{ID: "ines", Name: "Inés Muñoz"}, At: today, Address: "ana.pena@docente.mx"},
		},
		"tried again": {
			`{"Verb":"attention.retry","By":{"id":"ines"},"At":"2026-09-15T09:30:00.5Z"}`,
			provisioning.Settlement{Verb: "attention.retry", By: provisioning.Actor{ID: "ines"}, At: today.Add(time.Second / 2)},
		},
	} {
		db := storetest.Open(t)
		must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
			return tx.Save("settlement", "2026-000001-0001", json.RawMessage(tt.kept))
		}))
		got, err := provisioning.Settlements.Read(t.Context(), db, "2026-000001-0001")
		if diff := cmp.Diff(tt.want, got); diff != "" || err != nil {
			t.Errorf("%s: %v (-want +got):\n%s", name, err, diff)
		}
		if again, err := json.Marshal(got); err != nil || string(again) != tt.kept {
			t.Errorf("%s is kept again as %s, %v", name, again, err)
		}
	}
}
