package provisioning

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

var twoStages = Stages{{Name: Director, Approvers: []string{"dir"}}, {Name: Subdirector, Approvers: []string{"sub"}}}

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// submitted returns a request at the first stage.
func submitted(t *testing.T) Request {
	t.Helper()
	r, err := Request{Folio: "2026-000001", Lines: 1, Requester: Actor{ID: "req"}}.Submit(twoStages, noon)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func decided(t *testing.T, r Request, s StageName, v Verdict) Request {
	t.Helper()
	next, err := r.Decide(twoStages, Decision{Stage: s, Verdict: v, By: Actor{ID: string(s)}, At: noon, Comment: "porque sí"})
	if err != nil {
		t.Fatalf("%s %s: %v", s, v, err)
	}
	return next
}

func TestRequestRoads(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		steps []Decision
		want  RequestState
	}{
		{"both approve", []Decision{{Stage: Director, Verdict: Approve}, {Stage: Subdirector, Verdict: Approve}}, StateProvisioning},
		{"the director returns", []Decision{{Stage: Director, Verdict: Return}}, StateReturned},
		{"the director rejects", []Decision{{Stage: Director, Verdict: Reject}}, StateRejected},
		{"the subdirector returns", []Decision{{Stage: Director, Verdict: Approve}, {Stage: Subdirector, Verdict: Return}}, StateReturned},
		{"the subdirector rejects", []Decision{{Stage: Director, Verdict: Approve}, {Stage: Subdirector, Verdict: Reject}}, StateRejected},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			r := submitted(t)
			for _, d := range tt.steps {
				before := r.Version
				if r = decided(t, r, d.Stage, d.Verdict); r.Version != before+1 {
					t.Errorf("Version = %d after %s, want %d", r.Version, d.Verdict, before+1)
				}
			}
			if r.State != tt.want {
				t.Errorf("State = %v, want %v", r.State, tt.want)
			}
			if got := !r.EndedAt.IsZero(); got != tt.want.Final() {
				t.Errorf("ended = %v in %v", got, tt.want)
			}
		})
	}
}

func TestIllegalMovesChangeNothing(t *testing.T) {
	t.Parallel()
	inProvisioning := decided(t, decided(t, submitted(t), Director, Approve), Subdirector, Approve)
	for name, move := range map[string]func(Request) (Request, error){
		"a stage that does not hold it": func(r Request) (Request, error) {
			return r.Decide(twoStages, Decision{Stage: Director, Verdict: Approve, At: noon})
		},
		"submitted again": func(r Request) (Request, error) { return r.Submit(twoStages, noon) },
		"cancelled late":  func(r Request) (Request, error) { return r.Cancel(twoStages, noon) },
		"expired late":    func(r Request) (Request, error) { return r.Expire(twoStages, noon) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := move(inProvisioning)
			if problem.CodeOf(err) != problem.CodeConflict {
				t.Errorf("err = %v, want a conflict", err)
			}
			if got.State != inProvisioning.State || got.Version != inProvisioning.Version || len(got.Decisions) != len(inProvisioning.Decisions) {
				t.Errorf("the request changed: %+v", got)
			}
		})
	}
}

func TestReturnAndRejectNeedAComment(t *testing.T) {
	t.Parallel()
	for _, v := range []Verdict{Return, Reject} {
		_, err := submitted(t).Decide(twoStages, Decision{Stage: Director, Verdict: v, At: noon})
		var e *problem.Error
		if !errors.As(err, &e) || e.Field != "comment" {
			t.Errorf("%s without a comment: err = %v, want one at the input comment", v, err)
		}
	}
}

func TestACorrectionStartsAnotherRound(t *testing.T) {
	t.Parallel()
	r := decided(t, decided(t, submitted(t), Director, Approve), Subdirector, Return)
	again, err := r.Submit(twoStages, noon.Add(time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	if again.Round != 2 || again.State != StateDirector || !again.SubmittedAt.Equal(noon) {
		t.Errorf("round %d in %s, submitted %s; want round 2 with the director, first submitted at noon", again.Round, again.State, again.SubmittedAt)
	}
	if _, ok := again.Decision(Director); ok {
		t.Error("the director's decision of the first round counts in the second")
	}
}

func TestSettle(t *testing.T) {
	t.Parallel()
	r := Request{Folio: "2026-000001", Lines: 3, State: StateProvisioning}
	for _, tt := range []struct {
		name  string
		tally Tally
		want  RequestState
	}{
		{"some to go", Tally{AccountAnnounced: 2, AccountCreated: 1}, StateProvisioning},
		{"one waits for a person", Tally{AccountAnnounced: 1, AccountCreated: 1, AccountAttention: 1}, StateAttention},
		{"all ended, each in its way", Tally{AccountAnnounced: 1, AccountExists: 1, AccountExcluded: 1}, StateCompleted},
		{"one to go, and two left over from a longer round", Tally{AccountAnnounced: 2, AccountPending: 1, AccountExcluded: 2}, StateProvisioning},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := r.Settle(tt.tally, noon).State; got != tt.want {
				t.Errorf("State = %v, want %v", got, tt.want)
			}
		})
	}
	done := Request{State: StateRejected, Lines: 1}
	if got := done.Settle(Tally{AccountAnnounced: 1}, noon).State; got != StateRejected {
		t.Errorf("a rejected request settled to %v", got)
	}
}

func TestFolioIsValid(t *testing.T) {
	t.Parallel()
	for f, want := range map[Folio]bool{
		"2026-000123": true, "0000-000000": true, NewFolio(2026, 999_999): true,
		"": false, "2026-123": false, "2026-0000123": false, "x2026-000123": false, "2026-000123\n": false, "2026-000123-0001": false, "2026_000123": false, "٢٠٢٦-000123": false,
	} {
		if got := f.Valid(); got != want {
			t.Errorf("Valid(%q) = %v", f, got)
		}
	}
}
