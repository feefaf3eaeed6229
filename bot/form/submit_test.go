package form

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// The review warns of a homonym, or that the holder has an account. The submission carries the
// same warnings to the stages' cards.
func TestWhoeverDecidesIsToldWhatTheReviewTold(t *testing.T) {
	t.Parallel()
	holder := func(curp identity.CURP) identity.Holder {
		return identity.Holder{Type: identity.Teacher, Person: identity.Person{CURP: curp}}
	}
	namesake := problem.Warning{Reason: "trouble.homonym", Args: map[string]string{"address": "lucia@docente.mx"}}
	mistyped := problem.Warning{Reason: "cct.check_letter", Field: "cct"} // found again from the line itself
	d := draft{People: []person{
		{Holder: holder("A"), Proposal: provisioning.Proposal{Warnings: []problem.Warning{namesake, mistyped}}},
		{Holder: holder("B"), Proposal: provisioning.Proposal{Exists: true, Address: "luis@docente.mx"}},
	}}
	want := map[identity.Holder][]problem.Warning{
		holder("A"): {namesake},
		holder("B"): {{Reason: "exists", Args: map[string]string{"address": "luis@docente.mx"}}},
	}
	if diff := cmp.Diff(want, petition{}.submission(turn.Context{}, d).Seen); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
}
