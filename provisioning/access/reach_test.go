package access

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// What a channel's answer covers, and who may ask there.
func TestReachIn(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	for name, tt := range map[string]struct {
		click provisioning.Click
		all   bool
		want  error
	}{
		"who decides there":                      {click: in(provisioning.Director, "elena")},
		"an administrator":                       {click: in(provisioning.Director, "ines")},
		"a member of its group":                  {click: in(provisioning.Subdirector, "luz", "group")},
		"an administrator in the platform's":     {click: in(provisioning.Platform, "ines"), all: true},
		"who decides at another stage":           {click: in(provisioning.Subdirector, "elena"), want: refused(problem.CodeForbidden, "authority.look")},
		"who decides at a stage, in platform's":  {click: in(provisioning.Platform, "elena"), want: refused(problem.CodeForbidden, "authority.look")},
		"a member of the channel":                {click: in(provisioning.Director, "silvia"), want: refused(problem.CodeForbidden, "authority.look")},
		"nobody Teams can name":                  {click: in(provisioning.Director, ""), want: refused(problem.CodeForbidden, "authority.look")},
		"an administrator in no stage's channel": {click: in("", "ines"), want: refused(problem.CodeForbidden, "authority.channel")},
	} {
		must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
			reach, err := accessAt(today).ReachIn(tx, tt.click)
			wantError(t, err, tt.want)
			if err == nil && (reach.All != tt.all || !tt.all && (len(reach.Stages) != 1 || reach.Stages[0] != tt.click.Channel)) {
				t.Errorf("%s: reach %+v", name, reach)
			}
			return nil
		}))
	}
}

// A substitute reads what reached the stage from the first day of the substitution to the last.
func TestASubstitutesReach(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	s := provisioning.Substitute{
		Stage: provisioning.Director, To: actor("saul"), By: actor("elena"), From: today, Until: today.Add(48 * time.Hour),
	}
	must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
		return accessAt(today).NameSubstitute(tx, in(provisioning.Director, "elena"), s)
	}))
	r := provisioningtest.Request("2026-000001", "silvia", 1)
	r.State = provisioning.StateDirector
	for at, want := range map[time.Time]bool{today.Add(-time.Hour): false, today.Add(time.Hour): true, today.Add(48 * time.Hour): false} {
		must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
			reach, err := accessAt(at).Reach(tx, actor("saul"), nil)
			if err != nil || reach.Reads(r) != want {
				t.Errorf("at %s a substitute reads it: %v, %v; want %v", at, reach.Reads(r), err, want)
			}
			return nil
		}))
	}
}
