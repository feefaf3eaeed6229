package provisioning_test

import (
	"errors"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// Submit refuses what the form does, and stores nothing: no people, too many of them, an unknown
// type, and the correction of another person's request.
func TestSubmitRefuses(t *testing.T) {
	t.Parallel()
	const returned provisioning.Folio = "2026-000001"
	people := func(n int) (all []identity.Holder) {
		for i := range n {
			all = append(all, provisioningtest.Teacher(i))
		}
		return all
	}
	silvia, martha := provisioning.Actor{ID: "silvia"}, provisioning.Actor{ID: "martha"}
	for name, tt := range map[string]struct {
		sent   provisioning.Submission
		code   problem.Code
		reason string
	}{
		"nobody":                {provisioning.Submission{Type: identity.Teacher, Requester: silvia}, problem.CodeInvalid, "request.lines"},
		"one too many":          {provisioning.Submission{Type: identity.Teacher, Requester: silvia, Holders: people(3)}, problem.CodeInvalid, "request.lines"},
		"a type that is none":   {provisioning.Submission{Type: "visitante", Requester: silvia, Holders: people(1)}, problem.CodeInvalid, "type.unknown"},
		"another's, corrected":  {provisioning.Submission{Folio: returned, Type: identity.Teacher, Requester: martha, Holders: people(1)}, problem.CodeForbidden, "authority.requester"},
		"one's own, corrected":  {provisioning.Submission{Folio: returned, Type: identity.Teacher, Requester: silvia, Holders: people(1)}, "", ""},
		"as many as there may":  {provisioning.Submission{Type: identity.Teacher, Requester: silvia, Holders: people(2)}, "", ""},
		"one that is not there": {provisioning.Submission{Folio: "2026-000009", Type: identity.Teacher, Requester: silvia, Holders: people(1)}, problem.CodeNotFound, "request.unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := storetest.Open(t)
			rules := &provisioning.Rules{
				Stages: provisioning.Stages{{Name: provisioning.Director}},
				Types:  map[identity.AccountType]provisioning.TypeRule{identity.Teacher: {Domain: "docente.mx", Patterns: identity.DefaultPatterns(identity.Teacher)}},
				Limits: provisioning.Limits{Lines: 2},
			}
			opens := &creation.Creation{Config: creation.Config{Rules: rules}}
			desk := &provisioning.Workflow{Now: provisioningtest.Start.UTC, Rules: rules, Kinds: provisioning.Kinds{provisioning.Create: opens}}
			must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
				f, err := tx.NextFolio(2026)
				r := provisioningtest.Request(f, silvia.ID, 1)
				r.State = provisioning.StateReturned
				if err == nil {
					err = tx.PutRequest(r)
				}
				return err
			}))
			err := db.Update(t.Context(), func(tx provisioning.Tx) error {
				_, err := desk.Submit(tx, tt.sent)
				return err
			})
			if problem.CodeOf(err) != tt.code && (tt.code != "" || err != nil) || err != nil && problem.ReasonOf(err) != tt.reason {
				t.Errorf("Submit = %v, want %q %q", err, tt.code, tt.reason)
			}
		})
	}
}

// countingKind is a kind that only opens lines, and counts them.
type countingKind struct {
	provisioning.Kind
	opened int
}

func (k *countingKind) Open(_ provisioning.Tx, _ provisioning.Submission, a provisioning.Account) (provisioning.Account, error) {
	k.opened++
	return a, nil
}

func (k *countingKind) Stages(provisioning.Tx, provisioning.Submission) ([]provisioning.StageName, error) {
	return nil, nil
}

func (k *countingKind) Release(provisioning.Tx, provisioning.Account) error { return nil }

// A returned request is corrected: the submission has no kind, and the request keeps its own.
func TestACorrectionKeepsItsKind(t *testing.T) {
	t.Parallel()
	db := storetest.Open(t)
	rules := &provisioning.Rules{
		Stages: provisioning.Stages{{Name: provisioning.Director}}, Limits: provisioning.Limits{Lines: 2},
		Types: map[identity.AccountType]provisioning.TypeRule{identity.Teacher: {Domain: "docente.mx"}},
	}
	another := &countingKind{}
	desk := &provisioning.Workflow{Now: provisioningtest.Start.UTC, Rules: rules, Kinds: provisioning.Kinds{provisioning.Create: &countingKind{}, "another": another}}
	must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
		f, err := tx.NextFolio(2026)
		r := provisioningtest.Request(f, "silvia", 0)
		r.State, r.Kind = provisioning.StateReturned, "another"
		return errors.Join(err, tx.PutRequest(r))
	}))
	must(t, db.Update(t.Context(), func(tx provisioning.Tx) error {
		r, err := desk.Submit(tx, provisioning.Submission{
			Folio: "2026-000001", Type: identity.Teacher, Requester: provisioning.Actor{ID: "silvia"}, Holders: []identity.Holder{provisioningtest.Teacher(1)},
		})
		if err != nil {
			return err
		}
		a, err := tx.Account(provisioning.NewStamp(r.Folio, 1))
		if r.Kind != "another" || a.Kind != "another" || another.opened != 1 {
			t.Errorf("the request is of the kind %q, its line of %q; %d lines were opened", r.Kind, a.Kind, another.opened)
		}
		return err
	}))
}
