package provisioning_test

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// today is 15 September 2026, 9:30.
var today = time.Date(2026, 9, 15, 9, 30, 0, 0, time.UTC)

func actor(id string) provisioning.Actor { return provisioning.Actor{ID: id, Name: "Persona " + id} }

// wantError fails unless err has want's code and reason, or is nil if want is.
func wantError(t *testing.T, err, want error) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("err = %v, want %v", err, want)
	}
}
