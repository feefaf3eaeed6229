package provisioning_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

func TestStages(t *testing.T) {
	t.Parallel()
	both := provisioning.Stages{{Name: provisioning.Director}, {Name: provisioning.Subdirector}}
	if got := both.WithPlatform(); !slices.Equal(got, []provisioning.StageName{provisioning.Director, provisioning.Subdirector, provisioning.Platform}) {
		t.Errorf("stages: %q", got)
	}
	for name, tt := range map[string]struct {
		stage  provisioning.StageName
		stages provisioning.Stages
		known  bool
		state  provisioning.RequestState // of the requests that wait for it
	}{
		"the director's":                  {provisioning.Director, both, true, provisioning.StateDirector},
		"the subdirector's":               {provisioning.Subdirector, both, true, provisioning.StateSubdirector},
		"the subdirector's, where none":   {provisioning.Subdirector, both[:1], false, provisioning.StateSubdirector},
		"the platform's":                  {provisioning.Platform, both, true, provisioning.StateAttention},
		"the platform's, where none":      {provisioning.Platform, nil, true, provisioning.StateAttention},
		"one that the organisation named": {"legal", provisioning.Stages{{Name: "legal"}}, true, "legal"},
		"a state that is no stage":        {"returned", both, false, "returned"},
		"no stage":                        {"", both, false, ""},
	} {
		if got := tt.stages.Known(tt.stage); got != tt.known {
			t.Errorf("%s: known %t", name, got)
		}
		if got := tt.stage.Waiting(); got != tt.state {
			t.Errorf("%s: what waits is %q, want %q", name, got, tt.state)
		}
	}
}

// The same person twice on a form is refused at the CURP, with the number of the other.
func TestCheckRepeated(t *testing.T) {
	t.Parallel()
	one, two, three := provisioningtest.Teacher(1), provisioningtest.Teacher(2), provisioningtest.Teacher(3)
	renamed := two
	renamed.Person.GivenNames = "Otra"
	unknown := provisioningtest.Teacher(4)
	unknown.Person.CURP = ""
	for name, tt := range map[string]struct {
		form    []identity.Holder
		editing int
		holder  identity.Holder
		number  string // of the other; "" for none
	}{
		"the first of a form":             {nil, 0, one, ""},
		"another":                         {[]identity.Holder{one, two}, 0, three, ""},
		"the second once more":            {[]identity.Holder{one, two}, 0, two, "2"},
		"of the same CURP, by other name": {[]identity.Holder{one, two}, 0, renamed, "2"},
		"the second, corrected":           {[]identity.Holder{one, two}, 2, renamed, ""},
		"the second in the first's place": {[]identity.Holder{one, two}, 1, two, "2"},
		"two without a key":               {[]identity.Holder{unknown}, 0, unknown, ""},
		"one school twice":                {[]identity.Holder{provisioningtest.Centre(1)}, 0, provisioningtest.Centre(1), "1"},
		"two schools":                     {[]identity.Holder{provisioningtest.Centre(1)}, 0, provisioningtest.Centre(2), ""},
	} {
		err := provisioning.CheckRepeated(tt.form, tt.editing, tt.holder)
		if tt.number == "" {
			wantError(t, err, nil)
			continue
		}
		wrong, ok := errors.AsType[*problem.Error](err)
		if !ok || wrong.Code != problem.CodeInvalid || wrong.Field != "curp" || wrong.Reason != "person.repeated" || wrong.Args["number"] != tt.number {
			t.Errorf("%s: %v, want number %s", name, err, tt.number)
		}
	}
}

// Until when and how often a password can be shown, and why it cannot any more.
func TestRemaining(t *testing.T) {
	t.Parallel()
	limits := provisioning.Limits{Reveals: 5, RevealWithin: 7 * 24 * time.Hour, RevealInterval: 10 * time.Second}
	rosa := actor("rosa")
	for name, tt := range map[string]struct {
		change func(*provisioning.Account)
		left   int
		closed string // reason; "" while it is shown
	}{
		"never shown":             {func(*provisioning.Account) {}, 5, ""},
		"shown a moment ago":      {func(a *provisioning.Account) { a.Handover.Reveals, a.Handover.ShownAt = 1, today }, 4, ""},
		"shown for the last time": {func(a *provisioning.Account) { a.Handover.Reveals = 5 }, 0, "password.limit"},
		"on the last day":         {func(a *provisioning.Account) { a.AnnouncedAt = today.Add(-limits.RevealWithin) }, 5, ""},
		"after it":                {func(a *provisioning.Account) { a.AnnouncedAt = today.Add(-limits.RevealWithin - 1) }, 5, "password.expired"},
		"once handed over":        {func(a *provisioning.Account) { a.Handover.Reveals, a.Handover.Done = 2, true }, 3, "password.done"},
		"once erased":             {func(a *provisioning.Account) { a.ErasedAt = today }, 5, "password.erased"},
		"once used":               {func(a *provisioning.Account) { a.Handover.Used = true }, 5, "password.used"},
		"once it may be theirs":   {func(a *provisioning.Account) { a.Handover.Trial.Unclear = true }, 5, "password.unclear"},
		"before it is announced":  {func(a *provisioning.Account) { a.State = provisioning.AccountRecorded }, 5, "password.not_ready"},
	} {
		h := &provisioning.TemporaryPasswords{Rules: &provisioning.Rules{Limits: limits}, Now: func() time.Time { return today }}
		a := provisioning.Account{State: provisioning.AccountAnnounced, AnnouncedAt: today.Add(-time.Hour)}
		tt.change(&a)
		until, left, closed := h.Remaining(a, rosa)
		if (closed == nil) != (tt.closed == "") || closed != nil && problem.ReasonOf(closed) != tt.closed {
			t.Errorf("%s: closed %v, want %q", name, closed, tt.closed)
		}
		if want := a.AnnouncedAt.Add(limits.RevealWithin); !until.Equal(want) || left != tt.left {
			t.Errorf("%s: %d left until %s, want %d until %s", name, left, until, tt.left, want)
		}
	}
	h := &provisioning.TemporaryPasswords{Rules: &provisioning.Rules{Limits: limits}, Now: func() time.Time { return today }}
	if _, _, closed := h.Remaining(provisioning.Account{State: provisioning.AccountAnnounced, AnnouncedAt: today}, provisioning.Actor{}); problem.ReasonOf(closed) != "authority.requester" {
		t.Errorf("of a request that names nobody: %v", closed)
	}
}

// A request is decided by the stages that were set at its submission; one of an earlier version,
// without stages, by all.
func TestStagesOfARequest(t *testing.T) {
	t.Parallel()
	both := provisioning.Stages{{Name: provisioning.Director}, {Name: provisioning.Subdirector}}
	for name, tt := range map[string]struct {
		set, want []provisioning.StageName
	}{
		"of an earlier version":        {nil, []provisioning.StageName{provisioning.Director, provisioning.Subdirector}},
		"the last alone":               {[]provisioning.StageName{provisioning.Subdirector}, []provisioning.StageName{provisioning.Subdirector}},
		"the order is the rules'":      {[]provisioning.StageName{provisioning.Subdirector, provisioning.Director}, []provisioning.StageName{provisioning.Director, provisioning.Subdirector}},
		"no stage":                     {[]provisioning.StageName{}, []provisioning.StageName{}},
		"one that was taken out of it": {[]provisioning.StageName{"legal"}, []provisioning.StageName{}},
	} {
		if got := both.Of(provisioning.Request{Stages: tt.set}).Names(); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
	if len(both) != 2 || both[0].Name != provisioning.Director {
		t.Errorf("the rules' stages were changed: %v", both)
	}
}

// A request without stages is authorised at its submission, one with only the last stage by that
// stage.
func TestSubmitByStages(t *testing.T) {
	t.Parallel()
	last := provisioning.Stages{{Name: provisioning.Subdirector}}
	r, err := provisioning.Request{Lines: 1}.Submit(last[:0], provisioningtest.Start)
	if err != nil || r.State != provisioning.StateProvisioning || r.Round != 1 || r.SubmittedAt.IsZero() {
		t.Errorf("without stages: %+v, %v", r, err)
	}
	if r, err = (provisioning.Request{Lines: 1}).Submit(last, provisioningtest.Start); err != nil || r.State != provisioning.StateSubdirector {
		t.Errorf("before the last: %+v, %v", r, err)
	}
	approved := provisioning.Decision{Stage: provisioning.Subdirector, Verdict: provisioning.Approve}
	if r, err = r.Decide(last, approved); err != nil || r.State != provisioning.StateProvisioning {
		t.Errorf("approved: %+v, %v", r, err)
	}
}
