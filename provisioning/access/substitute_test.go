package access

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// today is 15 September 2026, 9:30.
var today = time.Date(2026, 9, 15, 9, 30, 0, 0, time.UTC)

// day is the midnight at the start of the n-th day after today.
func day(n int) time.Time { return today.Truncate(24*time.Hour).AddDate(0, 0, n) }

// accessAt is the access of a procedure with two stages and an administrator.
func accessAt(now time.Time) *Policy {
	return &Policy{
		Rules: &provisioning.Rules{
			Stages: provisioning.Stages{
				{Name: provisioning.Director, Approvers: []string{"elena"}},
				{Name: provisioning.Subdirector, ApproverGroup: "group"},
			},
			Administrators: []string{"ines"},
		},
		Now: func() time.Time { return now },
	}
}

func actor(id string) provisioning.Actor { return provisioning.Actor{ID: id, Name: "Persona " + id} }

func in(channel provisioning.StageName, id string, groups ...string) provisioning.Click {
	return provisioning.Click{By: actor(id), Channel: channel, Groups: groups}
}

func refused(code problem.Code, reason string) error {
	return problem.Refuse(code, reason)
}

// wantError fails unless err has want's code and reason, or is nil if want is.
func wantError(t *testing.T, err, want error) {
	t.Helper()
	if want == nil && err != nil || want != nil && !errors.Is(err, want) {
		t.Errorf("err = %v, want %v", err, want)
	}
}

// Who may name whom for which days. A refused substitute is not recorded; an accepted one decides
// between the days.
func TestNameSubstitute(t *testing.T) {
	t.Parallel()
	invalid := func(reason string) error { return refused(problem.CodeInvalid, reason) }
	forbidden := func(reason string) error { return refused(problem.CodeForbidden, reason) }
	const director, subdirector, platform = provisioning.Director, provisioning.Subdirector, provisioning.Platform
	for name, tt := range map[string]struct {
		click       provisioning.Click
		stage       provisioning.StageName
		to          string
		from, until time.Time
		want        error
	}{
		"the holder, from tomorrow":             {in(director, "elena"), director, "saul", day(1), day(5), nil},
		"one day":                               {in(director, "elena"), director, "saul", day(0), day(1), nil},
		"begun some days ago":                   {in(director, "elena"), director, "saul", day(-3), day(1), nil},
		"one of the office's group":             {in(subdirector, "luz", "group"), subdirector, "saul", day(0), day(1), nil},
		"an administrator, from any stage's":    {in(platform, "ines"), director, "saul", day(0), day(1), nil},
		"a year":                                {in(director, "elena"), director, "saul", day(0), day(0).AddDate(1, 0, 1), nil},
		"a year and a day":                      {in(director, "elena"), director, "saul", day(0), day(0).AddDate(1, 0, 2), invalid("substitute.long")},
		"until yesterday":                       {in(director, "elena"), director, "saul", day(-3), day(0), invalid("substitute.past")},
		"past, and in the wrong order":          {in(director, "elena"), director, "saul", day(5), day(-1), invalid("substitute.past")},
		"the last day before the first":         {in(director, "elena"), director, "saul", day(5), day(4), invalid("substitute.dates")},
		"no day at all":                         {in(director, "elena"), director, "saul", day(5), day(5), invalid("substitute.dates")},
		"the holder, themselves":                {in(director, "elena"), director, "elena", day(0), day(1), forbidden("substitute.self")},
		"an administrator, themselves":          {in(platform, "ines"), director, "ines", day(0), day(1), forbidden("substitute.self")},
		"the holder, in another channel":        {in(platform, "elena"), director, "saul", day(0), day(1), forbidden("authority.channel")},
		"an administrator, in no channel":       {in("", "ines"), director, "saul", day(0), day(1), forbidden("authority.channel")},
		"somebody who reads the channel":        {in(director, "saul"), director, "rosa", day(0), day(1), forbidden("substitute.office")},
		"themselves, without an office":         {in(director, "saul"), director, "saul", day(0), day(1), forbidden("substitute.office")},
		"for the platform, which decides none":  {in(platform, "ines"), platform, "saul", day(0), day(1), invalid("substitute.stage")},
		"for wrong days, without an office too": {in(director, "saul"), director, "rosa", day(5), day(5), forbidden("substitute.office")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.Open(t)
			access := accessAt(today)
			s := provisioning.Substitute{Stage: tt.stage, To: actor(tt.to), From: tt.from, Until: tt.until, By: actor("forged")}
			wantError(t, db.Update(t.Context(), func(tx provisioning.Tx) error { return access.NameSubstitute(tx, tt.click, s) }), tt.want)
			var named []provisioning.Substitute
			var trail []provisioning.Entered
			if s.By = tt.click.By; tt.want == nil {
				named = []provisioning.Substitute{s}
				trail = []provisioning.Entered{entryOf("substitute.name", s)}
			}
			wantSubstitutes(t, db, access, named...)
			wantEntries(t, db, trail...)
		})
	}
}

// A substitution is ended early by anybody who may name the stage's substitutes.
func TestRemoveSubstitute(t *testing.T) {
	t.Parallel()
	const director, subdirector = provisioning.Director, provisioning.Subdirector
	standing := provisioning.Substitute{Stage: director, To: actor("saul"), From: day(0), Until: day(5), By: actor("elena")}
	for name, tt := range map[string]struct {
		click  provisioning.Click
		stage  provisioning.StageName
		person string
		want   error
	}{
		"the holder":               {in(director, "elena"), director, "saul", nil},
		"an administrator":         {in(subdirector, "ines"), director, "saul", nil},
		"the substitute":           {in(director, "saul"), director, "saul", refused(problem.CodeForbidden, "substitute.office")},
		"the holder, elsewhere":    {in(subdirector, "elena"), director, "saul", refused(problem.CodeForbidden, "authority.channel")},
		"somebody else":            {in(director, "rosa"), director, "saul", refused(problem.CodeForbidden, "substitute.office")},
		"who is none":              {in(director, "elena"), director, "rosa", refused(problem.CodeNotFound, "substitute.none")},
		"who is one, of elsewhere": {in(subdirector, "ines"), subdirector, "saul", refused(problem.CodeNotFound, "substitute.none")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.Open(t)
			access := accessAt(today)
			must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
				return access.NameSubstitute(tx, in(director, "elena"), standing)
			}))
			trail := []provisioning.Entered{entryOf("substitute.name", standing)}
			wantError(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
				return access.RemoveSubstitute(tx, tt.click, tt.stage, tt.person)
			}), tt.want)
			if tt.want != nil {
				wantSubstitutes(t, db, access, standing)
				wantEntries(t, db, trail...)
				return
			}
			gone := standing
			gone.By = tt.click.By
			wantSubstitutes(t, db, access)
			wantEntries(t, db, append(trail, entryOf("substitute.remove", gone))...)
		})
	}
}

// Naming somebody again changes their days, and deletes expired substitutions; those in force at a
// stage are those of now only.
func TestSubstitutesInForce(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	const director, subdirector = provisioning.Director, provisioning.Subdirector
	click := in(provisioning.Platform, "ines")
	named := func(stage provisioning.StageName, to string, from, until int) provisioning.Substitute {
		return provisioning.Substitute{Stage: stage, To: actor(to), From: day(from), Until: day(until), By: click.By}
	}
	name := func(now time.Time, all ...provisioning.Substitute) {
		t.Helper()
		for _, s := range all {
			must(t, db.Update(t.Context(), func(tx provisioning.Tx) error { return accessAt(now).NameSubstitute(tx, click, s) }))
		}
	}
	other, later := named(subdirector, "saul", 0, 9), named(director, "rosa", 3, 9)
	short, over := named(director, "luz", 0, 1), named(director, "gil", -1, 2)
	name(today, named(director, "saul", 1, 2), other, later, short, over)
	again := named(director, "saul", 0, 9)
	name(day(1), again)

	wantSubstitutes(t, db, accessAt(day(1)), over, again, later, other)
	wantSubstitutes(t, db, accessAt(day(2)), again, later, other)
	for now, want := range map[time.Time][]provisioning.Substitute{
		day(-2): nil,
		day(0):  {over, again}, // luz was deleted on the day after
		day(2):  {again},
		day(3):  {later, again},
		day(9):  nil,
	} {
		must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
			got, err := accessAt(now).Substituting(tx, director)
			if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
				t.Errorf("on %s (-want +got):\n%s", now.Format(time.DateOnly), diff)
			}
			auth, unread := accessAt(now).Authority(tx)
			if decides := auth.Substituting(director, actor("rosa")); decides != now.Equal(day(3)) {
				t.Errorf("on %s rosa decides: %t", now.Format(time.DateOnly), decides)
			}
			return errors.Join(err, unread)
		}))
	}
}

// A record from earlier versions.
func TestSubstituteIsReadAsItWasKept(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
		return tx.Save("substitute", "director/saul", json.RawMessage(
			`{"stage":"director","to":{"id":"saul","name":"Persona saul"},"from":"2026-09-15T00:00:00Z","until":"2026-09-20T00:00:00Z","by":{"id":"elena","name":"Persona elena"}}`))
	}))
	wantSubstitutes(t, db, accessAt(today), provisioning.Substitute{
		Stage: provisioning.Director, To: actor("saul"), From: day(0), Until: day(5), By: actor("elena"),
	})
}

func entryOf(act string, s provisioning.Substitute) provisioning.Entered {
	return provisioning.Entered{At: today, By: s.By, Act: act, Detail: map[string]string{
		"stage": string(s.Stage), "person": s.To.ID, "name": s.To.Name,
		"from": s.From.Format(time.RFC3339), "until": s.Until.Format(time.RFC3339),
	}}
}

func wantSubstitutes(t *testing.T, db provisioning.Store, access *Policy, want ...provisioning.Substitute) {
	t.Helper()
	must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
		got, err := access.Substitutes(tx)
		if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
			t.Errorf("substitutes (-want +got):\n%s", diff)
		}
		return err
	}))
}

// wantEntries compares the whole audit trail, except the numbers.
func wantEntries(t *testing.T, db provisioning.Store, want ...provisioning.Entered) {
	t.Helper()
	var got []provisioning.Entered
	must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
		got = nil
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			e.Seq = 0
			got = append(got, e)
		}
		return nil
	}))
	if diff := cmp.Diff(want, got); diff != "" && len(want)+len(got) > 0 {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
