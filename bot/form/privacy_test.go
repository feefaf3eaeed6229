package form

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/store/storetest"
)

var silvia = provisioning.Actor{ID: "silvia", Name: "Silvia Treviño"}

// noticedForms are forms of a person who has acknowledged nothing, with a form to correct a request.
func noticedForms(t *testing.T) (*Forms, turn.Context, draft) {
	t.Helper()
	db := storetest.Open(t)
	now := func() time.Time { return time.Date(2026, time.July, 14, 16, 0, 0, 0, time.UTC) }
	policy := &access.Policy{Rules: &provisioning.Rules{Limits: provisioning.DefaultLimits(), Calendar: &calendar.Calendar{}}, Now: now}
	fs := New(Config{
		Store: db, Access: policy, Inquiries: &access.Inquiries{Store: db, Access: policy},
		Privacy: &privacy.Register{Store: db, Notice: privacy.Notice{Version: "2"}, Now: now}, Now: now,
	})
	d := draft{ID: "K3VQ7M2PXA4R", Person: silvia.ID, Version: 3, Step: cards.StepHolder, Folio: "2026-000001", Values: map[string]string{"type": "docente"}}
	err := db.Update(t.Context(), func(tx provisioning.Tx) error { return drafts.Put(tx, d.key(), d) })
	if err != nil {
		t.Fatal(err)
	}
	return fs, turn.Context{By: silvia, Texts: cards.In(cards.Spanish).At(now())}, d
}

// Every verb of the forms, those that are added one day too, is answered with the notice, and leaves
// the form as it was; only discarding is done, without what came with the click.
func TestEveryVerbOfTheFormsWaitsForTheNotice(t *testing.T) {
	t.Parallel()
	fs, who, stored := noticedForms(t)
	verbs := fs.Routes().Personal
	if len(verbs) < 9 {
		t.Fatalf("%d verbs", len(verbs))
	}
	for verb, do := range verbs {
		if verb == cards.RequestDiscard {
			continue
		}
		c := cards.Click{
			Data:   cards.Data{Verb: verb, Draft: stored.ID, Version: 3, Step: stored.Step, Folio: stored.Folio, Number: 1},
			Inputs: map[string]string{"curp": "XAGL910703MCLXRC00"},
		}
		s, err := do(t.Context(), who, c)
		if verb == cards.RequestCorrect { // there is no such request: that is said first
			if problem.CodeOf(err) != problem.CodeNotFound {
				t.Errorf("%s: %v", verb, err)
			}
			continue
		}
		if err != nil || !s.Fresh || !strings.Contains(s.Card.Summary, "Aviso de privacidad") {
			t.Errorf("%s is answered %q, %v", verb, s.Card.Summary, err)
		}
		refused := strings.Contains(string(rendered(t, s.Card)), "Lo que acaba de escribir no se guardó")
		if opens := verb == cards.RequestBegin || verb == cards.RequestAgain; refused == opens {
			t.Errorf("%s: what was typed is said to be dropped: %v", verb, refused)
		}
		now, err := drafts.Read(t.Context(), fs.Store, stored.key())
		if err != nil || now.Version != stored.Version || len(now.Typed) > 0 {
			t.Errorf("after %s the form is %+v, %v", verb, now, err)
		}
	}
}

// acted is a verb that notes what it got.
type acted struct{ got []cards.Click }

func (a *acted) do(_ context.Context, _ turn.Context, c cards.Click) (turn.Answer, error) {
	a.got = append(a.got, c)
	return turn.Answer{Text: "done"}, nil
}

func TestWhatPassesWithoutTheNotice(t *testing.T) {
	t.Parallel()
	fs, who, _ := noticedForms(t)
	var a acted
	typed := map[string]string{"curp": "XAGL910703MCLXRC00"}
	if _, err := fs.noticed(a.do)(t.Context(), who, cards.Click{Data: cards.Data{Verb: cards.RequestDiscard}, Inputs: typed}); err != nil {
		t.Fatal(err)
	}
	if len(a.got) != 1 || len(a.got[0].Inputs) > 0 {
		t.Errorf("discarding got %+v", a.got)
	}
	err := fs.Store.Update(t.Context(), func(tx provisioning.Tx) error {
		_, _, err := fs.Privacy.Acknowledge(tx, silvia, cards.Spanish)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if s, err := fs.noticed(a.do)(t.Context(), who, cards.Click{Data: cards.Data{Verb: cards.RequestNext}, Inputs: typed}); err != nil || s.Text != "done" {
		t.Errorf("after the notice: %+v, %v", s, err)
	}
	if len(a.got) != 2 || a.got[1].Inputs["curp"] == "" {
		t.Errorf("after the notice the verb got %+v", a.got)
	}
}

// A kind of request that this version does not know gets no notice whose button would open nothing.
func TestNoNoticeForAnUnknownForm(t *testing.T) {
	t.Parallel()
	fs, who, _ := noticedForms(t)
	s, err := fs.Routes().Personal[cards.RequestBegin](t.Context(), who, cards.Click{Data: cards.Data{Verb: cards.RequestBegin, Kind: "closing"}})
	if !errors.Is(err, &problem.Error{Code: problem.CodeUnavailable}) || !s.Card.None() {
		t.Errorf("answered %q, %v", s.Card.Summary, err)
	}
}

func rendered(t *testing.T, c cards.Card) []byte {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}
