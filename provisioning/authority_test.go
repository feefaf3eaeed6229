package provisioning

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// A person who holds the office may have its card updated for everybody, even if the request is
// their own, or if they decided another stage.
func TestInOffice(t *testing.T) {
	t.Parallel()
	auth := Authority{
		Stages:         Stages{{Name: Director, Approvers: []string{"dir"}, ApproverGroup: "group"}},
		Administrators: []string{"admin", ""},
	}
	for name, tt := range map[string]struct {
		click Click
		stage StageName
		want  bool
	}{
		"nobody Teams can name":           {Click{Channel: Platform}, Platform, false},
		"the director":                    {Click{By: Actor{ID: "dir"}, Channel: Director}, Director, true},
		"a member of the group":           {Click{By: Actor{ID: "x"}, Channel: Director, Groups: []string{"group"}}, Director, true},
		"the director, elsewhere":         {Click{By: Actor{ID: "dir"}, Channel: Platform}, Director, false},
		"who reads the channel":           {Click{By: Actor{ID: "x"}, Channel: Director}, Director, false},
		"an administrator, there":         {Click{By: Actor{ID: "admin"}, Channel: Director}, Director, false},
		"an administrator, platform":      {Click{By: Actor{ID: "admin"}, Channel: Platform}, Platform, true},
		"the director, at the platform's": {Click{By: Actor{ID: "dir"}, Channel: Platform}, Platform, false},
		"an administrator, of elsewhere":  {Click{By: Actor{ID: "admin"}, Channel: Director}, Platform, false},
	} {
		if got := auth.InOffice(tt.stage, tt.click); got != tt.want {
			t.Errorf("%s: %t, want %t", name, got, tt.want)
		}
	}
}

func TestMayDecide(t *testing.T) {
	t.Parallel()
	stages := Stages{
		{Name: Director, Approvers: []string{"dir", "req"}},
		{Name: Subdirector, Approvers: []string{"sub", "dir"}, ApproverGroup: "group"},
	}
	turned := Request{Folio: "2026-000001", Round: 2, State: StateSubdirector, Requester: Actor{ID: "req"}, Decisions: []Decision{
		{Stage: Director, By: Actor{ID: "sub"}, Verdict: Approve, Round: 1}, // whose office it was then
		{Stage: Subdirector, By: Actor{ID: "sub"}, Verdict: Return, Round: 1},
		{Stage: Director, By: Actor{ID: "dir"}, Verdict: Approve, Round: 2},
	}}
	stand := Substitute{Stage: Subdirector, To: Actor{ID: "stand"}, From: noon, Until: noon.Add(time.Hour)}
	at := func(id string, channel StageName, groups ...string) Click {
		return Click{By: Actor{ID: id}, Channel: channel, Groups: groups}
	}
	for _, tt := range []struct {
		name  string
		click Click
		stage StageName
		now   time.Time
		want  string // reason, "" for allowed
	}{
		{"the subdirector in the channel", at("sub", Subdirector), Subdirector, noon, ""},
		{"a member of the group", at("other", Subdirector, "group"), Subdirector, noon, ""},
		{"a group without a name", at("other", Director, ""), Director, noon, "authority.office"},
		{"a member of another group", at("other", Subdirector, "another"), Subdirector, noon, "authority.office"},
		{"the subdirector from the director's channel", at("sub", Director), Subdirector, noon, "authority.channel"},
		{"the subdirector in a private chat", at("sub", ""), Subdirector, noon, "authority.channel"},
		{"somebody who read the card", at("reader", Subdirector), Subdirector, noon, "authority.office"},
		{"nobody Teams can name", at("", Subdirector), Subdirector, noon, "authority.unknown"},
		{"the requester, who holds the office", at("req", Director), Director, noon, "authority.own"},
		{"who decided the other stage", at("dir", Subdirector), Subdirector, noon, "authority.twice"},
		{"who decided this stage in an earlier round", at("sub", Subdirector), Subdirector, noon, ""},
		{"the substitute in time", at("stand", Subdirector), Subdirector, noon, ""},
		{"the substitute at the end", at("stand", Subdirector), Subdirector, noon.Add(time.Hour), "authority.office"},
		{"the substitute too early", at("stand", Subdirector), Subdirector, noon.Add(-time.Second), "authority.office"},
		{"the substitute of another stage", at("stand", Director), Director, noon, "authority.office"},
		{"a stage there is not", at("sub", "x"), "x", noon, "authority.office"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			auth := Authority{Stages: stages, Substitutes: []Substitute{stand}, Now: tt.now}
			err := auth.MayDecide(turned, tt.stage, tt.click)
			if tt.want == "" {
				if err != nil {
					t.Errorf("refused: %v", err)
				}
				return
			}
			if !errors.Is(err, &problem.Error{Code: problem.CodeForbidden, Reason: tt.want}) {
				t.Errorf("err = %v, want %s", err, tt.want)
			}
		})
	}
}

func TestOneMayDecideAllWhereConfigured(t *testing.T) {
	t.Parallel()
	stages := Stages{{Name: Director, Approvers: []string{"dir"}}, {Name: Subdirector, Approvers: []string{"dir"}}}
	r := Request{Round: 1, State: StateSubdirector, Requester: Actor{ID: "req"},
		Decisions: []Decision{{Stage: Director, By: Actor{ID: "dir"}, Round: 1}}}
	click := Click{By: Actor{ID: "dir"}, Channel: Subdirector}
	if err := (Authority{Stages: stages}).MayDecide(r, Subdirector, click); err == nil {
		t.Error("one person decided two stages")
	}
	if err := (Authority{Stages: stages, OneMayDecideAll: true}).MayDecide(r, Subdirector, click); err != nil {
		t.Errorf("refused where it is configured: %v", err)
	}
}

func TestMayAttend(t *testing.T) {
	t.Parallel()
	auth := Authority{Administrators: []string{"head"}}
	for name, tt := range map[string]struct {
		click Click
		ok    bool
	}{
		"the head of department":                {Click{By: Actor{ID: "head"}, Channel: Platform}, true},
		"the head of department somewhere else": {Click{By: Actor{ID: "head"}, Channel: Director}, false},
		"somebody in the platform's channel":    {Click{By: Actor{ID: "x"}, Channel: Platform}, false},
		"nobody Teams can name":                 {Click{Channel: Platform}, false},
	} {
		if err := auth.MayAttend(tt.click); (err == nil) != tt.ok {
			t.Errorf("%s: err = %v", name, err)
		}
	}
}

func TestMayNameSubstitute(t *testing.T) {
	t.Parallel()
	auth := Authority{
		Stages:         Stages{{Name: Director, Approvers: []string{"dir"}}, {Name: Subdirector, ApproverGroup: "group"}},
		Administrators: []string{"admin"}, Now: noon,
		Substitutes: []Substitute{{Stage: Director, To: Actor{ID: "stand"}, From: noon, Until: noon.Add(time.Hour)}},
	}
	for name, c := range map[string]struct {
		click Click
		stage StageName
		want  string // reason, "" for allowed
	}{
		"the office's holder":                  {Click{By: Actor{ID: "dir"}, Channel: Director}, Director, ""},
		"one of the office's group":            {Click{By: Actor{ID: "x"}, Channel: Subdirector, Groups: []string{"group"}}, Subdirector, ""},
		"an administrator there":               {Click{By: Actor{ID: "admin"}, Channel: Director}, Director, ""},
		"an administrator in another channel":  {Click{By: Actor{ID: "admin"}, Channel: Platform}, Director, ""},
		"an administrator in no stage's":       {Click{By: Actor{ID: "admin"}}, Director, "authority.channel"},
		"the holder from another channel":      {Click{By: Actor{ID: "dir"}, Channel: Subdirector}, Director, "authority.channel"},
		"the holder for another office":        {Click{By: Actor{ID: "dir"}, Channel: Subdirector}, Subdirector, "substitute.office"},
		"a substitute, for a substitute":       {Click{By: Actor{ID: "stand"}, Channel: Director}, Director, "substitute.office"},
		"somebody who reads the channel":       {Click{By: Actor{ID: "reader"}, Channel: Director}, Director, "substitute.office"},
		"an administrator for the platform":    {Click{By: Actor{ID: "admin"}, Channel: Platform}, Platform, "substitute.stage"},
		"an administrator for a stage made up": {Click{By: Actor{ID: "admin"}, Channel: Platform}, "x", "substitute.stage"},
	} {
		if err := auth.MayNameSubstitute(c.stage, c.click); c.want == "" && err != nil || c.want != "" && problem.ReasonOf(err) != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}
