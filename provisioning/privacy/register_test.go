package privacy

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store/storetest"
)

var (
	monday = time.Date(2026, time.July, 13, 15, 0, 0, 0, time.UTC)
	silvia = provisioning.Actor{ID: "silvia", Name: "Silvia Treviño"}
)

// office is a register over a real store, with a clock that the test sets.
func office(t *testing.T) (*Register, *time.Time) {
	t.Helper()
	now := monday
	return &Register{Store: storetest.Open(t), Notice: Notice{Version: "1"}, Now: func() time.Time { return now }}, &now
}

// acknowledge has a person acknowledge the version in force, and returns whether that was new.
func acknowledge(t *testing.T, r *Register, by provisioning.Actor) (first bool) {
	t.Helper()
	err := r.Store.Update(t.Context(), func(tx provisioning.Tx) (err error) {
		_, first, err = r.Acknowledge(tx, by, "es-MX")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return first
}

func has(t *testing.T, r *Register, person string) (Acknowledgement, bool) {
	t.Helper()
	a, found, err := r.Has(t.Context(), person)
	if err != nil {
		t.Fatal(err)
	}
	return a, found
}

// entries are the audit entries, each as "act version by at".
func entries(t *testing.T, r *Register) (all []string) {
	t.Helper()
	err := r.Store.View(t.Context(), func(tx provisioning.Tx) error {
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			all = append(all, e.Act+" "+e.Detail["version"]+" "+e.By.ID+" "+e.At.Format(time.DateOnly))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestAcknowledgingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	r, now := office(t)
	if _, found := has(t, r, silvia.ID); found {
		t.Fatal("acknowledged before anybody did")
	}
	if !acknowledge(t, r, silvia) {
		t.Error("the first acknowledgement is not the first")
	}
	*now = monday.AddDate(0, 0, 1)
	if acknowledge(t, r, silvia) {
		t.Error("the second acknowledgement is the first too")
	}
	a, found := has(t, r, silvia.ID)
	if want := (Acknowledgement{Version: "1", At: monday, Locale: "es-MX"}); !found || a != want {
		t.Errorf("acknowledged %v %v, want %v", a, found, want)
	}
	if _, found := has(t, r, "martha"); found {
		t.Error("one person's acknowledgement counts for another")
	}
	if diff := cmp.Diff([]string{"privacy.acknowledge 1 silvia 2026-07-13"}, entries(t, r)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

func TestAnotherVersionIsAskedAgainAndTheOldOneKept(t *testing.T) {
	t.Parallel()
	r, now := office(t)
	acknowledge(t, r, silvia)
	r.Notice.Version, *now = "2", monday.AddDate(0, 1, 0)
	if a, found := has(t, r, silvia.ID); found {
		t.Errorf("version 2 counts as acknowledged by %v", a)
	}
	if !acknowledge(t, r, silvia) {
		t.Error("version 2 was acknowledged already")
	}
	kept, err := records.Read(t.Context(), r.Store, silvia.ID)
	if err != nil {
		t.Fatal(err)
	}
	want := []Acknowledgement{{"1", monday, "es-MX"}, {"2", *now, "es-MX"}}
	if diff := cmp.Diff(want, kept.Acknowledged); diff != "" {
		t.Errorf("kept (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"privacy.acknowledge 1 silvia 2026-07-13", "privacy.acknowledge 2 silvia 2026-08-13"}, entries(t, r)); diff != "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
}

// A transaction that fails leaves neither the acknowledgement nor its audit entry.
func TestAcknowledgementAndAuditAreOneTransaction(t *testing.T) {
	t.Parallel()
	r, _ := office(t)
	err := r.Store.Update(t.Context(), func(tx provisioning.Tx) error {
		if _, _, err := r.Acknowledge(tx, silvia, "es-MX"); err != nil {
			return err
		}
		return errors.New("failed on purpose")
	})
	if err == nil {
		t.Fatal("the transaction did not fail")
	}
	if _, found := has(t, r, silvia.ID); found || len(entries(t, r)) > 0 {
		t.Error("something of a failed transaction was stored")
	}
}

func TestWhatIsNotWrittenInALanguageIsTakenFromTheBindingOne(t *testing.T) {
	t.Parallel()
	n := Notice{Texts: map[string]Text{
		"es-MX": {Responsible: "La Secretaría", Refuse: "Acuda a la unidad", URL: "https://sedu.example/aviso"},
		"en":    {Responsible: "The ministry"},
	}}
	want := Text{Responsible: "The ministry", Refuse: "Acuda a la unidad", URL: "https://sedu.example/aviso"}
	if got := n.In("en", "es-MX"); got != want {
		t.Errorf("In(en) = %+v, want %+v", got, want)
	}
	if got := n.In("es-MX", "es-MX"); got != n.Texts["es-MX"] {
		t.Errorf("In(es-MX) = %+v", got)
	}
	if got := BuiltIn().In("en", "es-MX"); got != (Text{}) {
		t.Errorf("the built-in notice has texts of its own: %+v", got)
	}
}
