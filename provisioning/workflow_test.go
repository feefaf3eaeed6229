package provisioning_test

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// The effect of an approver's decision; a refused one changes nothing.
func TestDecide(t *testing.T) {
	t.Parallel()
	const folio provisioning.Folio = "2026-000001"
	stages := provisioning.Stages{{Name: provisioning.Director, Approvers: []string{"rosa"}}, {Name: provisioning.Subdirector}}
	now := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	auth := provisioning.Authority{Stages: stages, Now: now, Substitutes: []provisioning.Substitute{
		{Stage: provisioning.Director, To: provisioning.Actor{ID: "luz"}, From: now, Until: now.Add(time.Hour)},
	}}
	for name, tt := range map[string]struct {
		by      string
		act     provisioning.Act
		want    error // nil if it is accepted
		state   provisioning.RequestState
		left    int // pending lines afterwards
		comment string
		as      string
	}{
		"turned over":                  {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve}, state: provisioning.StateSubdirector, left: 3},
		"by the substitute":            {by: "luz", act: provisioning.Act{Verdict: provisioning.Approve, Comment: "Va."}, state: provisioning.StateSubdirector, left: 3, comment: "Va.", as: "substitute"},
		"returned, nobody left out":    {by: "rosa", act: provisioning.Act{Verdict: provisioning.Return, Comment: "Falta.", Excluded: []int{1}}, state: provisioning.StateReturned, left: 3, comment: "Falta."},
		"one left out, named twice":    {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Comment: "Se fue.", Excluded: []int{2, 2}}, state: provisioning.StateSubdirector, left: 2, comment: "Se fue."},
		"two left out, one twice":      {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Comment: "Se fueron.", Excluded: []int{1, 1, 3}}, state: provisioning.StateSubdirector, left: 1, comment: "Se fueron."},
		"two left out":                 {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Comment: "Se fueron.", Excluded: []int{1, 3}}, state: provisioning.StateSubdirector, left: 1, comment: "Se fueron."},
		"one left out without reason":  {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Excluded: []int{2}}, want: problem.Invalid("comment", "comment.required")},
		"all left out":                 {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Comment: "Nadie.", Excluded: []int{1, 2, 3}}, want: problem.Invalid("exclude", "exclude.all")},
		"a line that is none":          {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Comment: "No.", Excluded: []int{9}}, want: problem.Invalid("exclude", "exclude.unknown")},
		"returned without a reason":    {by: "rosa", act: provisioning.Act{Verdict: provisioning.Return}, want: problem.Invalid("comment", "comment.required")},
		"on a card of a round before":  {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Round: 1}, want: &problem.Error{Code: problem.CodeConflict}},
		"on a card of a round to come": {by: "rosa", act: provisioning.Act{Verdict: provisioning.Approve, Round: 3}, want: &problem.Error{Code: problem.CodeConflict}},
		"by somebody else":             {by: "oscar", act: provisioning.Act{Verdict: provisioning.Approve}, want: &problem.Error{Code: problem.CodeForbidden}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.Open(t)
			rules := &provisioning.Rules{Stages: stages}
			kinds := provisioning.Kinds{provisioning.Create: &creation.Creation{Config: creation.Config{Rules: rules}}}
			desk := &provisioning.Workflow{Rules: rules, Kinds: kinds, Now: func() time.Time { return now }}
			must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
				_, err := tx.NextFolio(2026)
				r := provisioningtest.Request(folio, "silvia", 3)
				r.State, r.Round = provisioning.StateDirector, 2
				errs := []error{err, tx.PutRequest(r)}
				for n := 1; n <= 3; n++ {
					a := provisioningtest.Account(folio, n, provisioningtest.Teacher(n))
					a.State, a.Address = provisioning.AccountPending, identity.Address(string(a.Stamp)+"@docente.mx")
					errs = append(errs, tx.PutAccount(a), tx.Reserve(a.Address, a.Stamp), tx.Wait("docente", a.Stamp))
				}
				return errors.Join(errs...)
			}))
			act := tt.act
			act.Folio, act.Stage = folio, provisioning.Director
			if act.Round == 0 {
				act.Round = 2
			}
			act.Click = provisioning.Click{By: provisioning.Actor{ID: tt.by}, Channel: provisioning.Director}
			err := db.Update(t.Context(), func(tx provisioning.Tx) error {
				_, err := desk.Decide(tx, auth, act)
				return err
			})
			if tt.want == nil && err != nil || tt.want != nil && !errors.Is(err, tt.want) {
				t.Fatalf("Decide = %v, want %v", err, tt.want)
			}
			must(t, db.View(t.Context(), func(tx provisioning.Tx) error {
				if tt.want != nil {
					return nothingDecided(t, tx, folio)
				}
				return decided(t, tx, folio, tt.state, tt.left, tt.comment, tt.as)
			}))
		})
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// nothingDecided checks that a refused act changed nothing.
func nothingDecided(t *testing.T, tx provisioning.Tx, f provisioning.Folio) error {
	t.Helper()
	r, err := tx.Request(f)
	tally, counted := tx.Tally(f)
	if r.State != provisioning.StateDirector || len(r.Decisions) != 0 || tally[provisioning.AccountPending] != 3 {
		t.Errorf("after the refusal: %s, %d decisions, %v", r.State, len(r.Decisions), tally)
	}
	for e, err := range tx.Entries(f) {
		t.Errorf("audited: %s, %v", e.Act, err)
	}
	return errors.Join(err, counted)
}

// decided checks the request, its audit entry, and the release of the excluded lines.
func decided(t *testing.T, tx provisioning.Tx, f provisioning.Folio, state provisioning.RequestState, left int, comment, as string) error {
	t.Helper()
	r, err := tx.Request(f)
	tally, counted := tx.Tally(f)
	if r.State != state || len(r.Decisions) != 1 || tally[provisioning.AccountPending] != left || tally[provisioning.AccountExcluded] != 3-left {
		t.Errorf("it is %s with %d decisions and %v", r.State, len(r.Decisions), tally)
	}
	var entries []provisioning.Entered
	for e, err := range tx.Entries(f) {
		if err != nil {
			return err
		}
		entries = append(entries, e)
	}
	_, said := entries[0].Detail["comment"]
	if len(entries) != 1 || entries[0].Detail["comment"] != comment || said != (comment != "") || entries[0].Detail["as"] != as {
		t.Errorf("audited: %+v", entries)
	}
	waiting := 0
	for _, err := range tx.Waiting("docente") {
		if waiting++; err != nil {
			return err
		}
	}
	for a, err := range tx.AccountsOf(f, 0) {
		if err != nil {
			return err
		}
		holder, err := tx.HolderOf(a.Address)
		if out := a.State == provisioning.AccountExcluded; err != nil || out != (holder == "") || out && a.Note != comment {
			t.Errorf("line %d is %s, noted %q, and its address held by %q", a.Number, a.State, a.Note, holder)
		}
	}
	if waiting != left {
		t.Errorf("%d lines wait for a licence, want %d", waiting, left)
	}
	return errors.Join(err, counted)
}

// Only its requester cancels a request; for others it does not exist.
func TestCancelIsTheRequesters(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	stages := provisioning.Stages{{Name: provisioning.Director}}
	desk := &provisioning.Workflow{Rules: &provisioning.Rules{Stages: stages}, Now: time.Now}
	must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
		f, err := tx.NextFolio(2026)
		r := provisioningtest.Request(f, "silvia", 0)
		r.State = provisioning.StateDirector
		return errors.Join(err, tx.PutRequest(r))
	}))
	for _, tt := range []struct {
		by    string
		want  problem.Code
		state provisioning.RequestState
	}{{"martha", problem.CodeNotFound, provisioning.StateDirector}, {"silvia", "", provisioning.StateCancelled}, {"silvia", problem.CodeConflict, provisioning.StateCancelled}} {
		err := db.Update(t.Context(), func(tx provisioning.Tx) error {
			_, err := desk.Cancel(tx, "2026-000001", provisioning.Actor{ID: tt.by})
			return err
		})
		var r provisioning.Request
		must(t, db.View(t.Context(), func(tx provisioning.Tx) (err error) {
			for n, err := range tx.Pending("silvia") { // the requester who cancels sees the result
				t.Errorf("%s cancels: its requester is told %q (%v)", tt.by, n.Kind, err)
			}
			r, err = tx.Request("2026-000001")
			return err
		}))
		if tt.want != problem.CodeOf(err) && (tt.want != "" || err != nil) || r.State != tt.state {
			t.Errorf("%s cancels: %v, it is %s", tt.by, err, r.State)
		}
	}
}
