package service_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// Each call for a line loses its response, before or after its effect, while replicas are minutes
// behind: one account, one licence, one row, one notice.
func TestLostAnswersAndLag(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 3 * time.Minute} {
		for _, op := range []string{"users.list", "deletedItems.list", "users.create", "users.assignLicense", "groups.addMember", "subscribedSkus.list", "batch"} {
			for i, fault := range everyFault() {
				if op != "users.create" && fault.Status == 201 {
					continue // other operations have no such response
				}
				t.Run(fmt.Sprintf("%s %d lag %s", op, i, lag), func(t *testing.T) {
					t.Parallel()
					p := newPipeline(t, func(s *pipelineOptions) { s.tenant.Lag, s.tenant.Replicas = lag, 2 })
					fault.Op, fault.Times = op, 2
					f := p.submit(ana())
					p.approve(f)
					p.tenant.Fail(fault)
					p.settle()
					a := p.want(f, 1, provisioning.AccountAnnounced, anaMail)
					p.wantUsers(anaMail)
					p.wantNoSeatHeld()
					if _, consumed := p.tenant.Seats(faculty); consumed != 1 || len(p.rowsOf(ana())) != 1 {
						t.Errorf("%d seats, %d rows", consumed, len(p.rowsOf(ana())))
					}
					if got := p.notices(secretary.ID); len(got) != 3 || got[2] != "ready "+string(a.Stamp) {
						t.Errorf("told %v", got)
					}
				})
			}
		}
	}
}

// The receipts are unavailable: the account is created and announced, and the row is written later.
func TestReceiptsThatAreAwayDelayOnlyTheRow(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	p.approve(f)
	_ = p.rows.Close()
	p.runFor(time.Minute)
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	if d := p.depth(); d[provisioning.JobReceipt].Jobs != 1 {
		t.Fatalf("no row is owed: %+v", d)
	}
	p.close()
	p.open()
	p.settle()
	if a := p.line(f, 1); a.RecordedAt.IsZero() || len(p.rowsOf(ana())) != 1 {
		t.Errorf("recorded at %s, rows %+v", a.RecordedAt, p.rowsOf(ana()))
	}
}

// A row that the table refuses stays in the queue until the table is repaired.
func TestARefusedRowStaysOwed(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	p.approve(f)
	_ = p.rows.Close()
	p.runFor(time.Minute)
	p.close()
	p.open()
	stranger := person(identity.Teacher, "Otra", "Persona", "", 99)
	p.importRow(provisioning.Receipt{Address: anaMail, Holder: stranger})
	p.runFor(3 * time.Hour)
	if d := p.depth(); d[provisioning.JobReceipt].Jobs != 1 || d[provisioning.JobReceipt].Failing != 1 {
		t.Errorf("the row is let go: %+v", d)
	}
	p.wantState(f, provisioning.StateCompleted)
	told := p.notices(string(provisioning.Platform))
	if want := []string{"unrecorded " + string(provisioning.NewStamp(f, 1))}; !slices.Equal(told, want) {
		t.Errorf("the platform is told %v, want %v", told, want)
	}
}

// The directory bans three passwords, then none.
func TestBannedPasswordsAreDrawnAgain(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.tenant.Fail(graphfake.Fault{Op: "users.create", Times: 4, Status: 400, Code: "Request_BadRequest",
		Message: "The specified password does not comply with password complexity requirements. Please provide a different password."})
	f := p.provision(ana())
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	if diff := cmp.Diff(5, p.tenant.Count("users.create")); diff != "" {
		t.Errorf("creations (-want +got):\n%s", diff)
	}
}

// Sixty people with the same name: each gets an address of their own.
func TestPatternsDoNotRunOut(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	for n := range 60 {
		upn := fmt.Sprintf("ana.ruiz%d@%s", n+2, teachersMail)
		p.seed(upn, fmt.Sprintf("Otra %d", n))
	}
	p.seed(anaMail, "Otra")
	p.seed("ana.ruiz.pena@"+teachersMail, "Otra")
	p.seed("ana.sofia.ruiz@"+teachersMail, "Otra")
	p.want(p.provision(ana()), 1, provisioning.AccountAnnounced, "ana.ruiz62@"+teachersMail)
}

// Somebody got the address moments ago: reads return the user, queries do not yet. The line waits,
// and does not try to create the address over and over.
func TestAnAddressTakenMomentsAgoIsAskedForSparingly(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) { s.tenant.IndexLag = 2 * time.Minute })
	f := p.submit(ana())
	p.approve(f)
	password, err := secret.NewPassword(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.graph.Create(t.Context(), provisioning.NewUser{Address: anaMail, DisplayName: "Ana Ruiz Otra", Password: password}); err != nil {
		t.Fatal(err)
	}
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
	if got := p.tenant.Count("users.create"); got > 10 { // 2 s, 4 s … up to two minutes
		t.Errorf("%d creations for one account", got)
	}
}

// The machine's clock differs from the directory's, and the response to the creation is lost: the
// line finds its account, and does not take it for another's.
func TestALostAnswerWhereClocksDiffer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{4 * time.Minute, 10 * time.Minute, 26 * time.Hour, -10 * time.Minute} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, func(s *pipelineOptions) {
				now := s.tenant.Now
				s.tenant.Now = func() time.Time { return now().Add(-ahead) }
			})
			f := p.submit(ana())
			p.tenant.Fail(graphfake.Fault{Op: "users.create", After: true, Break: graphfake.BreakReset})
			p.approve(f)
			p.runFor(2 * time.Hour)
			p.want(f, 1, provisioning.AccountAnnounced, anaMail)
			p.wantUsers(anaMail)
		})
	}
}

// The same with another person's account that has the stamp and was created before the line's
// request: with a wrong clock it is not adopted either.
func TestAStampOfSomebodyElseWhereClocksDiffer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, func(s *pipelineOptions) {
				now := s.tenant.Now
				s.tenant.Now = func() time.Time { return now().Add(-ahead) }
				s.tenant.IndexLag = 3 * time.Hour
			})
			f := p.submit(ana())
			password, err := secret.NewPassword(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.graph.Create(t.Context(), provisioning.NewUser{
				Stamp: provisioning.NewStamp(f, 1), Address: anaMail, DisplayName: ana().DisplayName(), Password: password})
			if err != nil {
				t.Fatal(err)
			}
			p.clock.advance(8 * time.Minute)
			p.approve(f)
			p.settle()
			p.wantTrouble(f, 1, "trouble.stamp")
			if got := p.tenant.SignIn(anaMail, password.Reveal()); got != graphfake.MustChange {
				t.Errorf("whoever has the account is told: %s", got)
			}
		})
	}
}

// The machine's clock jumps hours ahead while the account is being created, so that the lease
// expires, and a second worker processes the line at the same time: one account, one licence, one
// row, one notice.
func TestTwoWorkersOnOneLine(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) { s.workers = 4 })
	f := p.submit(ana())
	p.approve(f)
	second := make(chan struct{}) // the second worker has started
	var creations, looks atomic.Int64
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		switch {
		case op == "users.create" && creations.Add(1) == 1:
			p.clock.advance(3 * time.Hour)
			select {
			case <-second:
			case <-time.After(20 * time.Second):
			}
		case op == "users.list" && looks.Add(1) == 2: // before the second's creation
			close(second)
		}
		return graphfake.Fault{}, false
	})
	ctx, stop := context.WithCancel(t.Context())
	ran := make(chan struct{})
	go func() { defer close(ran); p.runner.Run(ctx) }()
	p.until("the account is announced", func() bool { return p.line(f, 1).State == provisioning.AccountAnnounced })
	stop()
	<-ran
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	p.wantUsers(anaMail)
	p.wantNoSeatHeld()
	if looks.Load() < 2 {
		t.Error("there was no second worker")
	}
	if _, consumed := p.tenant.Seats(faculty); consumed != 1 {
		t.Errorf("%d seats consumed", consumed)
	}
	if rows := p.rowsOf(ana()); len(rows) != 1 {
		t.Errorf("%d rows", len(rows))
	}
	ready := slices.DeleteFunc(p.notices(secretary.ID), func(n string) bool { return !strings.HasPrefix(n, "ready") })
	if len(ready) != 1 {
		t.Errorf("told %v", ready)
	}
}

// The machine started with a wrong clock, which is then set back by a day: after the next start,
// what was authorised in between does not wait for a day.
func TestAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	p.approve(f)
	p.clock.advance(-24 * time.Hour)
	p.runFor(time.Minute)
	p.want(f, 1, provisioning.AccountPending, anaMail)
	p.close()
	p.open()
	if err := p.executor.Wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.runFor(time.Minute)
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	p.wantState(f, provisioning.StateCompleted)
}
