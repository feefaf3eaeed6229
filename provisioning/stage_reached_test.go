package provisioning_test

import (
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
)

func TestReached(t *testing.T) {
	t.Parallel()
	stages := provisioning.Stages{{Name: provisioning.Director}, {Name: provisioning.Subdirector}}
	decided := func(stage provisioning.StageName, v provisioning.Verdict, round int) provisioning.Decision {
		return provisioning.Decision{Stage: stage, Verdict: v, Round: round}
	}
	approved := decided(provisioning.Director, provisioning.Approve, 1)
	for name, tt := range map[string]struct {
		r                     provisioning.Request
		director, subdirector bool
	}{
		"at the first":                    {provisioning.Request{State: provisioning.StateDirector, Round: 1}, true, false},
		"cancelled there":                 {provisioning.Request{State: provisioning.StateCancelled, Round: 1}, true, false},
		"at the second":                   {provisioning.Request{State: provisioning.StateSubdirector, Round: 1, Decisions: []provisioning.Decision{approved}}, true, true},
		"expired at the second":           {provisioning.Request{State: provisioning.StateExpired, Round: 1, Decisions: []provisioning.Decision{approved}}, true, true},
		"returned by the first":           {provisioning.Request{State: provisioning.StateReturned, Round: 1, Decisions: []provisioning.Decision{decided(provisioning.Director, provisioning.Return, 1)}}, true, false},
		"corrected after the second":      {provisioning.Request{State: provisioning.StateDirector, Round: 2, Decisions: []provisioning.Decision{approved, decided(provisioning.Subdirector, provisioning.Return, 1)}}, true, false},
		"of a kind without the first one": {provisioning.Request{State: provisioning.StateSubdirector, Round: 1, Stages: []provisioning.StageName{provisioning.Subdirector}}, false, true},
	} {
		if got := stages.Reached(tt.r, provisioning.Director); got != tt.director {
			t.Errorf("%s: reached the director %v", name, got)
		}
		if got := stages.Reached(tt.r, provisioning.Subdirector); got != tt.subdirector {
			t.Errorf("%s: reached the subdirector %v", name, got)
		}
		if stages.Reached(tt.r, provisioning.Platform) {
			t.Errorf("%s: reached the platform as a stage", name)
		}
	}
}
