package service_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store"
)

var crashSeed = flag.Uint64("crash.seed", 0, "the seed of TestCrash's moments; 0 draws one")

// The crash test: the number of people with one request each, its lines, and the number of kills. A
// process is killed after at most crashWrites writes to the tenant, two for each line, or after
// crashPause without writes.
const (
	crashRequesters = 20
	crashLines      = 10
	crashKills      = 30
	crashWrites     = 2 * 2 * crashRequesters * crashLines / crashKills
	crashPause      = 800 * time.Millisecond
)

// While 200 lines are processed, the process is killed at 30 random moments. In the end there is
// one account and one row for each line, and everybody was notified of each. To repeat a run: go
// test -run Crash -crash.seed=N ./bot/service
func TestCrash(t *testing.T) {
	t.Parallel()
	seed := *crashSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	t.Logf("seed %d", seed)
	moments := rand.New(rand.NewPCG(seed, 0))
	o := raise(t, func(_ *office, tenant *tenantConfig) {
		tenant.Latency = graphfake.Latency{Mean: 20 * time.Millisecond, Spread: 10 * time.Millisecond}
	})
	o.startChild()
	requesters := o.requesters(crashRequesters)
	o.stop()
	o.authorised(requesters)
	c := o.startChild()
	halfway := 0
	for n := range crashKills {
		o.waitsForKill(moments)
		c.kill()
		if n == crashKills/2 {
			halfway = len(o.stamped())
		}
	}
	last := len(o.stamped())
	o.eventuallyWithin(2*patience, "everybody told", func() bool {
		for _, p := range requesters {
			if o.readyCards(p) < crashLines {
				return false
			}
		}
		return true
	})
	o.eventually("every row", func() bool { return len(o.rows()) == crashRequesters*crashLines })
	o.stop()
	t.Logf("%d lives; %d accounts were there half-way, %d after the last death", c.starts, halfway, last)
	o.oneEach()
	if n := len(o.stamped()); n != crashRequesters*crashLines {
		t.Errorf("%d accounts, want %d", n, crashRequesters*crashLines)
	}
	o.ledger(func(tx provisioning.Tx) error {
		for r, err := range tx.ListRequests(provisioning.RequestFilter{}) {
			if err != nil || r.State != provisioning.StateCompleted {
				return errors.Join(err, fmt.Errorf("%s is %s", r.Folio, r.State))
			}
		}
		return nil
	})
}

// waitsForKill waits until the process is to be killed.
func (o *office) waitsForKill(moments *rand.Rand) {
	last := o.tenant.Tally().Writes + moments.IntN(crashWrites)
	end := time.NewTimer(time.Duration(moments.Int64N(int64(crashPause))) + crashPause/4)
	defer end.Stop()
	for o.tenant.Tally().Writes <= last {
		select {
		case <-end.C:
			return
		case <-time.After(time.Millisecond):
		}
	}
	<-time.After(time.Duration(moments.Int64N(int64(crashPause / 80))))
}

// requesters adds n people with the app installed.
func (o *office) requesters(n int) []teamsfake.Person {
	o.t.Helper()
	var all []teamsfake.Person
	for i := range n {
		p := o.teams.AddPerson(teamsfake.Person{Name: fmt.Sprintf("Solicitante %02d", i+1)})
		o.installs(p)
		all = append(all, p)
	}
	return all
}

// authorised writes a request of each person into the store, approved by both stages; the service
// is not running.
func (o *office) authorised(requesters []teamsfake.Person) {
	o.t.Helper()
	db, err := store.Open(o.env["STORE_PATH"], store.Options{})
	if err != nil {
		o.t.Fatal(err)
	}
	rules := crashRules(o)
	opens := &creation.Creation{Config: creation.Config{Rules: rules, Now: time.Now}}
	desk := &provisioning.Workflow{Rules: rules, Kinds: provisioning.Kinds{provisioning.Create: opens}, Now: time.Now}
	for i, p := range requesters {
		err = errors.Join(err, db.Update(context.Background(), func(tx provisioning.Tx) error {
			return authorise(tx, desk, o, p, i)
		}))
	}
	if err = errors.Join(err, db.Close()); err != nil {
		o.t.Fatal(err)
	}
}

func authorise(tx provisioning.Tx, desk *provisioning.Workflow, o *office, p teamsfake.Person, i int) error {
	s := provisioning.Submission{
		Type: identity.Teacher, Requester: provisioning.Actor{ID: p.ID, Name: p.Name, Conversation: p.ID}, Locale: "es-MX", CCT: "05DPR0221C",
		Petition: provisioning.Petition{Medium: input.MediumOficio, Number: "S/N"},
	}
	for n := range crashLines {
		s.Holders = append(s.Holders, provisioningtest.Teacher(i*crashLines+n))
	}
	r, err := desk.Submit(tx, s)
	for _, stage := range []struct {
		name provisioning.StageName
		who  teamsfake.Person
	}{{provisioning.Director, o.rosa}, {provisioning.Subdirector, o.ernesto}} {
		if err == nil {
			_, err = desk.Decide(tx, desk.Rules.Authority(time.Now(), nil), provisioning.Act{
				Folio: r.Folio, Stage: stage.name, Round: 1, Verdict: provisioning.Approve,
				Click: provisioning.Click{By: provisioning.Actor{ID: stage.who.ID, Name: stage.who.Name, Conversation: string(stage.name)}, Channel: stage.name},
			})
		}
	}
	return err
}

// crashRules are the part of the office's rules that the workflow needs.
func crashRules(o *office) *provisioning.Rules {
	return &provisioning.Rules{
		Types: map[identity.AccountType]provisioning.TypeRule{identity.Teacher: {
			Domain: "docentecoahuila.gob.mx", Patterns: identity.DefaultPatterns(identity.Teacher), SKUs: []string{facultyLicence},
		}},
		Stages: provisioning.Stages{
			{Name: provisioning.Director, Approvers: []string{o.rosa.ID}},
			{Name: provisioning.Subdirector, Approvers: []string{o.ernesto.ID}},
		},
		Limits: provisioning.DefaultLimits(),
	}
}

// readyCards counts the different accounts of which a person has a card.
func (o *office) readyCards(p teamsfake.Person) int {
	told := make(map[string]bool)
	for _, c := range o.teams.Cards(o.chats[p.ID], p.ID) {
		if a := c.Action("password.reveal"); a != nil {
			data, _ := a.Raw["data"].(map[string]any)
			told[fmt.Sprint(data["stamp"])] = true
		}
	}
	return len(told)
}
