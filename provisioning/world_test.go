package provisioning_test

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// today is a day of the tests: half past nine, in the zone of its midnight.
var today = time.Date(2026, 9, 15, 9, 30, 0, 0, time.UTC)

func actor(id string) provisioning.Actor { return provisioning.Actor{ID: id, Name: "Persona " + id} }

// wantError fails unless err is of want's code and reason, or nil where want is.
func wantError(t *testing.T, err, want error) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("err = %v, want %v", err, want)
	}
}
