package view

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// The last lines of a list wait for licences after other requests' lines; the first ones, which its
// cards show, were created before. Its place is that of the first line that waits.
func TestAListKnowsItsPlaceInTheQueue(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	r := provisioningtest.Request("2026-000001", "ana", 20)
	r.State = provisioning.StateProvisioning
	err := db.Update(t.Context(), func(tx provisioning.Tx) error {
		for _, s := range []provisioning.Stamp{"2026-000002-0001", "2026-000003-0001", "2026-000001-0019", "2026-000001-0020"} {
			if err := tx.PutAccount(provisioningtest.Account(s.Folio(), s.Number(), provisioningtest.Teacher(s.Number()))); err != nil {
				return err
			}
			if err := tx.Wait(string(identity.Teacher), s); err != nil {
				return err
			}
		}
		for _, f := range []provisioning.Folio{"2026-000001", "2026-000002", "2026-000003"} {
			if _, err := tx.NextFolio(2026); err != nil {
				return err
			}
			if err := tx.PutRequest(provisioningtest.Request(f, "ana", 20)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	ended := r
	ended.State = provisioning.StateCompleted
	for name, c := range map[string]struct {
		r     provisioning.Request
		lines provisioning.Tally
		want  int
	}{
		"two wait":           {r, provisioning.Tally{provisioning.AccountAnnounced: 18, provisioning.AccountPending: 2}, 3},
		"made, without one":  {r, provisioning.Tally{provisioning.AccountAnnounced: 18, provisioning.AccountCreated: 2}, 3},
		"all were announced": {r, provisioning.Tally{provisioning.AccountAnnounced: 20}, 0},
		"it is over":         {ended, provisioning.Tally{provisioning.AccountPending: 2}, 0},
	} {
		var got int
		err := db.View(t.Context(), func(tx provisioning.Tx) (err error) {
			got, err = placeInQueue(tx, c.r, c.lines)
			return err
		})
		if err != nil || got != c.want {
			t.Errorf("%s: place %d, %v; want %d", name, got, err, c.want)
		}
	}
}
