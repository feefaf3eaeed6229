package flow_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// rules are those with the stages, and the usual deadlines in days of eight hours.
func rules(t *testing.T, stages ...provisioning.StageName) *provisioning.Rules {
	t.Helper()
	c, err := calendar.New(calendar.Config{})
	if err != nil {
		t.Fatal(err)
	}
	r := &provisioning.Rules{Calendar: c, Deadlines: provisioning.DefaultDeadlines(c)}
	for _, name := range stages {
		r.Stages = append(r.Stages, provisioning.Stage{Name: name})
	}
	return r
}

const (
	director    = flow.Role(provisioning.Director)
	subdirector = flow.Role(provisioning.Subdirector)
)

func TestTheFlowOfNewAccountsHasTheProceduresActivities(t *testing.T) {
	t.Parallel()
	creates := flow.Kind{Name: provisioning.Create, Moves: (&creation.Creation{}).Moves(), Letter: true}
	got := flow.Of(rules(t, provisioning.Director, provisioning.Subdirector), creates)
	decides := []flow.Event{flow.Returned, flow.Rejected}
	want := flow.Flow{
		Kind: provisioning.Create, Cancels: true, Expire: flow.Wait{Days: 10}, Correct: flow.Wait{Days: 20},
		Steps: []flow.Step{
			{Role: flow.Requester, Act: flow.Submit, Activities: []int{1}},
			{Role: director, Act: flow.Turn, Activities: []int{2}, Exits: decides},
			{Role: subdirector, Act: flow.Authorize, Activities: []int{3, 4}, Exits: decides},
			{Role: flow.Software, Act: "pending", Activities: []int{5, 6}, Exits: []flow.Event{flow.Exists, flow.Attention}},
			{Role: flow.Software, Act: "reserved", Activities: []int{7, 8}, Exits: []flow.Event{flow.Exists, flow.Attention}},
			{Role: flow.Software, Act: "created", Activities: []int{8}, Exits: []flow.Event{flow.Attention}},
			{Role: flow.Software, Act: "licensed", Activities: []int{9}, Exits: []flow.Event{flow.Attention}},
			{Role: flow.Software, Act: "recorded", Activities: []int{10}, Exits: []flow.Event{flow.Attention}},
			{Role: flow.Sender, Act: flow.Send, Activities: []int{11}},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("flow (-want +got):\n%s", diff)
	}
}

func TestTheFlowFollowsTheSettings(t *testing.T) {
	t.Parallel()
	both := rules(t, provisioning.Director, provisioning.Subdirector)
	limited := rules(t, provisioning.Director, provisioning.Subdirector)
	limited.Deadlines.Expire, limited.Deadlines.Correct = 5*time.Hour, 0
	moves := (&recovery.Recovery{}).Moves()
	week := 7 * 24 * time.Hour
	type outline struct {
		Acts            []flow.Act
		Cancels         bool
		Expire, Correct flow.Wait
		Recent          time.Duration
	}
	cases := map[string]struct {
		rules *provisioning.Rules
		kind  flow.Kind
		want  outline
	}{
		"the subdirector alone": {
			both, flow.Kind{Name: recovery.Kind, Stages: []provisioning.StageName{provisioning.Subdirector}, Moves: moves, Recent: week},
			outline{[]flow.Act{flow.Submit, flow.Authorize, "pending"}, true, flow.Wait{Days: 10}, flow.Wait{Days: 20}, week},
		},
		"nobody decides": {
			both, flow.Kind{Name: recovery.Kind, Stages: []provisioning.StageName{}, Moves: moves, Recent: week, Letter: true},
			outline{Acts: []flow.Act{flow.Submit, "pending"}},
		},
		"one stage in the organisation": {
			rules(t, provisioning.Director), flow.Kind{Name: recovery.Kind, Moves: moves},
			outline{[]flow.Act{flow.Submit, flow.Authorize, "pending"}, true, flow.Wait{Days: 10}, flow.Wait{Days: 20}, 0},
		},
		"hours to decide, and any time to correct": {
			limited, flow.Kind{Name: recovery.Kind, Moves: moves},
			outline{[]flow.Act{flow.Submit, flow.Turn, flow.Authorize, "pending"}, true, flow.Wait{Hours: 5}, flow.Wait{}, 0},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := flow.Of(c.rules, c.kind)
			got := outline{Cancels: f.Cancels, Expire: f.Expire, Correct: f.Correct, Recent: f.Recent}
			for _, s := range f.Steps {
				got.Acts = append(got.Acts, s.Act)
				if s.Activities != nil {
					t.Errorf("%s has activities %v of the procedure for new accounts", s.Act, s.Activities)
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("flow (-want +got):\n%s", diff)
			}
		})
	}
}
