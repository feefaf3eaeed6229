package form

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// The review's click submits the account that was found, by what its holder was identified, and who
// asks.
func TestSubmissionOfARecovery(t *testing.T) {
	t.Parallel()
	f := &finder{}
	rc := recoveryForm(t, f)
	found := foundOf("docente", "a")
	d := reviewed(typedWith(map[string]string{"identityDocument": "  INE   0123 ", "notes": " Urge. "}), found)
	got, ready, err := rc.submission(t.Context(), turnOf("silvia"), &d)
	if err != nil || !ready {
		t.Fatalf("ready: %t, %v, faults %v", ready, err, d.Faults)
	}
	want := provisioning.Submission{
		Kind: recovery.Kind, Type: identity.Teacher, Requester: provisioning.Actor{ID: "silvia", Name: "Persona silvia"}, Locale: "es-MX",
		Area: "Supervisión", Phone: "8441234567", CCT: provisioningtest.CCT(12),
		Petition: provisioning.Petition{Medium: "persona", Number: "INE 0123"}, Notes: "Urge.",
		Holders: []identity.Holder{found.Holder},
		Exist:   map[identity.Holder]provisioning.Proposal{found.Holder: proposalOf(found)},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("submission (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{typedAddress + " a"}, f.confirmed); diff != "" {
		t.Errorf("confirmed (-want +got):\n%s", diff)
	}
}

// reviewed is a draft at the review of an account.
func reviewed(typed map[string]string, found recovery.Found) draft {
	return draft{
		Kind: recovery.Kind, Step: cards.StepReview, Locale: "es-MX", Values: typed,
		People: []person{{Holder: found.Holder, Proposal: proposalOf(found)}},
	}
}

// A review that may not be submitted goes back to the step of the fault.
func TestARefusedSubmission(t *testing.T) {
	t.Parallel()
	unknown := problem.Refuse(problem.CodeNotFound, "recovery.unknown")
	broken := errors.New("broken")
	for name, tt := range map[string]struct {
		values   map[string]string
		people   int
		confirms error
		want     map[string]string
		step     string
		fail     error
	}{
		"no medium":          {typedWith(map[string]string{"identityMedium": ""}), 1, nil, map[string]string{"identityMedium": "recovery.medium"}, cards.StepIdentify, nil},
		"the CURP":           {typedWith(map[string]string{"identityDocument": string(provisioningtest.CURP(11))}), 1, nil, map[string]string{"identityDocument": "recovery.document_curp"}, cards.StepIdentify, nil},
		"their own":          {typedWith(nil), 1, problem.Refuse(problem.CodeForbidden, "recovery.own"), map[string]string{"": "recovery.own"}, cards.StepIdentify, nil},
		"no document":        {typedWith(map[string]string{"identityDocument": ""}), 1, nil, map[string]string{"identityDocument": "recovery.document"}, cards.StepIdentify, nil},
		"no account":         {typedWith(nil), 0, nil, map[string]string{"address": "recovery.who"}, cards.StepIdentify, nil},
		"two accounts":       {typedWith(nil), 2, nil, map[string]string{"address": "recovery.who"}, cards.StepIdentify, nil},
		"notes too long":     {typedWith(map[string]string{"notes": strings.Repeat("a", input.MaxNotes+1)}), 1, nil, map[string]string{"notes": "text.length"}, cards.StepReview, nil},
		"no longer theirs":   {typedWith(nil), 1, unknown, map[string]string{"": "recovery.unknown"}, cards.StepIdentify, nil},
		"directory away":     {typedWith(nil), 1, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable), map[string]string{"": provisioning.DirectoryUnavailable}, cards.StepIdentify, nil},
		"a fault of our own": {typedWith(nil), 1, broken, map[string]string{}, cards.StepReview, broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &finder{confirms: tt.confirms}
			rc := recoveryForm(t, f)
			d := reviewed(maps.Clone(tt.values), foundOf("docente", "a"))
			d.People = slices.Repeat(d.People, tt.people)
			_, ready, err := rc.submission(t.Context(), turnOf("silvia"), &d)
			if ready || !errors.Is(err, tt.fail) || tt.fail == nil && err != nil {
				t.Errorf("ready: %t, %v", ready, err)
			}
			if diff := cmp.Diff(tt.want, reasons(t, d)); diff != "" || d.Step != tt.step {
				t.Errorf("at %s, faults (-want +got):\n%s", d.Step, diff)
			}
			if diff := cmp.Diff(tt.values, d.Values); diff != "" {
				t.Errorf("kept (-want +got):\n%s", diff)
			}
			if len(f.confirmed) > 0 != (tt.confirms != nil) {
				t.Errorf("confirmed %q", f.confirmed)
			}
		})
	}
}

// A directory that does not confirm the account within the form's time is told as away.
func TestASlowConfirmation(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{slow: true})
	synctest.Test(t, func(t *testing.T) {
		d := reviewed(typedWith(nil), foundOf("docente", "a"))
		_, ready, err := rc.submission(t.Context(), turnOf("silvia"), &d)
		if diff := cmp.Diff(map[string]string{"": provisioning.DirectoryUnavailable}, reasons(t, d)); diff != "" || ready || err != nil {
			t.Errorf("ready: %t, %v, faults (-want +got):\n%s", ready, err, diff)
		}
	})
}

// A returned request opens as a form with what was typed, and what is changed in it is named.
func TestCorrectionOfARecovery(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{})
	d := draft{Kind: recovery.Kind, Folio: "2026-000007"}
	refillFrom(t, rc, &d)
	want := map[string]string{"address": typedAddress, "identityMedium": "videollamada", "identityDocument": "INE 0123", "notes": "Urge."}
	if diff := cmp.Diff(want, d.Values); diff != "" || d.Step != cards.StepIdentify {
		t.Errorf("at %s, refilled (-want +got):\n%s", d.Step, diff)
	}
	shown := draft{Kind: recovery.Kind, Folio: d.Folio, Step: d.Step, Values: maps.Clone(want)}
	delete(shown.Values, "notes") // of the next step
	wantTyped(t, rc, shown, maps.Clone(shown.Values))
	for name, tt := range map[string]struct {
		typed map[string]string
		want  []string
	}{
		"nothing":                {nil, []string{}},
		"the address":            {map[string]string{"address": "otra@docente.mx"}, []string{"address"}},
		"the key instead of it":  {map[string]string{"address": "", "holderKey": "X"}, []string{"address"}},
		"the document":           {map[string]string{"identityDocument": "INE 9"}, []string{"identityDocument"}},
		"the medium and notes":   {map[string]string{"notes": "", "identityMedium": "persona"}, []string{"identityMedium", "notes"}},
		"all":                    {map[string]string{"address": "a", "identityMedium": "b", "identityDocument": "c", "notes": "d"}, []string{"address", "identityMedium", "identityDocument", "notes"}},
		"as it was, typed again": {maps.Clone(want), []string{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			changed := draft{Before: d.Before, Values: maps.Clone(d.Values)}
			maps.Copy(changed.Values, tt.typed)
			if diff := cmp.Diff(tt.want, rc.changes(&changed)); diff != "" {
				t.Errorf("changed (-want +got):\n%s", diff)
			}
		})
	}
	if got := rc.changes(&draft{Values: typedWith(nil)}); got != nil {
		t.Errorf("a new form changes %q", got)
	}
}

// refillFrom fills a draft from a stored request with an excluded line of an earlier round.
func refillFrom(t *testing.T, rc *recoveries, d *draft) {
	t.Helper()
	db := storetest.Open(t)
	r := provisioningtest.Request(d.Folio, "silvia", 1)
	r.Kind, r.State, r.Notes = recovery.Kind, provisioning.StateReturned, "Urge."
	r.Petition = provisioning.Petition{Medium: "videollamada", Number: "INE 0123"}
	line, out := provisioningtest.Account(r.Folio, 1, provisioningtest.Teacher(1)), provisioningtest.Account(r.Folio, 2, provisioningtest.Teacher(2))
	line.Kind, line.Address, line.ObjectID = recovery.Kind, typedAddress, "a"
	out.Kind, out.State, out.Address = recovery.Kind, provisioning.AccountExcluded, "otra@docente.mx"
	err := db.Update(t.Context(), func(tx provisioning.Tx) error {
		return errors.Join(provisioningtest.PutRequest(tx, r), tx.PutAccount(line), tx.PutAccount(out), rc.refill(tx, d, r))
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The steps of the form: back leads to the first, and any other button changes nothing.
func TestBackToTheIdentification(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{})
	for verb, want := range map[string]string{cards.RequestBack: cards.StepIdentify, cards.RequestEdit: cards.StepReview, cards.RequestRemove: cards.StepReview} {
		d := reviewed(typedWith(nil), foundOf("docente", "a"))
		if rc.press(&d, cards.Click{Data: cards.Data{Verb: verb}}); d.Step != want {
			t.Errorf("%s leads to %s, want %s", verb, d.Step, want)
		}
	}
	var d draft
	if rc.fill(&d, turnOf("silvia")); d.Step != cards.StepIdentify {
		t.Errorf("a new form is at %s", d.Step)
	}
}

// Requesters may ask, and administrators who are none.
func TestWhoMayAskForARecovery(t *testing.T) {
	t.Parallel()
	rc := recoveryForm(t, &finder{})
	for by, may := range map[string]bool{"silvia": true, "ines": true, "martha": false, "": false} {
		err := rc.mayAsk(t.Context(), provisioning.Actor{ID: by})
		if may && err != nil || !may && !errors.Is(err, problem.Refuse(problem.CodeForbidden, "authority.asking")) {
			t.Errorf("%q: %v", by, err)
		}
	}
}
