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

// Each call of a line loses its answer in each way, before and after the effect,
// while replicas are minutes behind: one account, one seat, one row, told once.
func TestLostAnswersAndLag(t *testing.T) {
	t.Parallel()
	for _, lag := range []time.Duration{0, 3 * time.Minute} {
		for _, op := range []string{"users.list", "deletedItems.list", "users.create", "users.assignLicense", "groups.addMember", "subscribedSkus.list", "batch"} {
			for i, fault := range everyFault() {
				if op != "users.create" && fault.Status == 201 {
					continue // others do not answer so
				}
				t.Run(fmt.Sprintf("%s %d lag %s", op, i, lag), func(t *testing.T) {
					t.Parallel()
					p := build(t, func(s *site) { s.tenant.Lag, s.tenant.Replicas = lag, 2 })
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
					if got := p.notices(secretary.ID); len(got) != 4 || got[3] != "ready "+string(a.Stamp) {
						t.Errorf("told %v", got)
					}
				})
			}
		}
	}
}

// The receipts are away: the account is made and announced, the row follows.
func TestReceiptsThatAreAwayDelayOnlyTheRow(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	p.approve(f)
	_ = p.rows.Close()
	p.pass(time.Minute)
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	if d := p.depth(); d[provisioning.JobReceipt].Jobs != 1 {
		t.Fatalf("no row is owed: %+v", d)
	}
	p.shut()
	p.open()
	p.settle()
	if a := p.line(f, 1); a.RecordedAt.IsZero() || len(p.rowsOf(ana())) != 1 {
		t.Errorf("recorded at %s, rows %+v", a.RecordedAt, p.rowsOf(ana()))
	}
}

// A row that the table refuses stays owed until the table is mended.
func TestARefusedRowStaysOwed(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	p.approve(f)
	_ = p.rows.Close()
	p.pass(time.Minute)
	p.shut()
	p.open()
	stranger := person(identity.Teacher, "Otra", "Persona", "", 99)
	p.leave(provisioning.Receipt{Address: anaMail, Holder: stranger})
	p.pass(3 * time.Hour)
	if d := p.depth(); d[provisioning.JobReceipt].Jobs != 1 || d[provisioning.JobReceipt].Failing != 1 {
		t.Errorf("the row is let go: %+v", d)
	}
	p.wantState(f, provisioning.StateCompleted)
	told := p.notices(string(provisioning.Platform))
	if want := []string{"unrecorded " + string(provisioning.NewStamp(f, 1))}; !slices.Equal(told, want) {
		t.Errorf("the platform is told %v, want %v", told, want)
	}
}

// The directory bans three passwords in a row, then none.
func TestBannedPasswordsAreDrawnAgain(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	p.tenant.Fail(graphfake.Fault{Op: "users.create", Times: 4, Status: 400, Code: "Request_BadRequest",
		Message: "The specified password does not comply with password complexity requirements. Please provide a different password."})
	f := p.grant(ana())
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	if diff := cmp.Diff(5, p.tenant.Count("users.create")); diff != "" {
		t.Errorf("creations (-want +got):\n%s", diff)
	}
}

// Sixty people of one name: each gets an address of their own.
func TestPatternsDoNotRunOut(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	for n := range 60 {
		upn := fmt.Sprintf("ana.ruiz%d@%s", n+2, teachersMail)
		p.seed(upn, fmt.Sprintf("Otra %d", n))
	}
	p.seed(anaMail, "Otra")
	p.seed("ana.ruiz.pena@"+teachersMail, "Otra")
	p.seed("ana.sofia.ruiz@"+teachersMail, "Otra")
	p.want(p.grant(ana()), 1, provisioning.AccountAnnounced, "ana.ruiz62@"+teachersMail)
}

// Somebody got the address moments ago: reads know them, queries do not yet. The
// line waits for them to show, and does not ask for the address over and over.
func TestAnAddressTakenMomentsAgoIsAskedForSparingly(t *testing.T) {
	t.Parallel()
	p := build(t, func(s *site) { s.tenant.IndexLag = 2 * time.Minute })
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
	if got := p.tenant.Count("users.create"); got > 10 { // 2 s, 4 s … until the two minutes are over
		t.Errorf("%d creations for one account", got)
	}
}

// The machine's clock differs from the directory's, and the answer to the creation is lost:
// the line finds the account that it made, and it is not somebody else's.
func TestALostAnswerWhereClocksDiffer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{4 * time.Minute, 10 * time.Minute, 26 * time.Hour, -10 * time.Minute} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			p := build(t, func(s *site) {
				now := s.tenant.Now
				s.tenant.Now = func() time.Time { return now().Add(-ahead) }
			})
			f := p.submit(ana())
			p.tenant.Fail(graphfake.Fault{Op: "users.create", After: true, Break: graphfake.BreakReset})
			p.approve(f)
			p.pass(2 * time.Hour)
			p.want(f, 1, provisioning.AccountAnnounced, anaMail)
			p.wantUsers(anaMail)
		})
	}
}

// The same where an account of somebody else's bears the stamp, made before the line asked
// for one: our clock being wrong makes it nobody's but theirs.
func TestAStampOfSomebodyElseWhereClocksDiffer(t *testing.T) {
	t.Parallel()
	for _, ahead := range []time.Duration{10 * time.Minute, -10 * time.Minute} {
		t.Run(ahead.String(), func(t *testing.T) {
			t.Parallel()
			p := build(t, func(s *site) {
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
			p.clock.leap(8 * time.Minute)
			p.approve(f)
			p.settle()
			p.wantTrouble(f, 1, "trouble.stamp")
			if got := p.tenant.SignIn(anaMail, password.Reveal()); got != graphfake.MustChange {
				t.Errorf("whoever has the account is told: %s", got)
			}
		})
	}
}

// The machine's clock leaps hours ahead while the account is being made, so that the
// lease ends with the work under way, and a second worker takes the line on beside the
// first: one account, one seat, one row, told once.
func TestTwoWorkersOnOneLine(t *testing.T) {
	t.Parallel()
	p := build(t, func(s *site) { s.workers = 4 })
	f := p.submit(ana())
	p.approve(f)
	second := make(chan struct{}) // the second worker is there
	var creations, looks atomic.Int64
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		switch {
		case op == "users.create" && creations.Add(1) == 1:
			p.clock.leap(3 * time.Hour)
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

// The machine started with a wrong clock, which is then set back by a day: what was
// authorised in between does not wait that long, but for the next start.
func TestAClockThatIsSetBack(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	p.approve(f)
	p.clock.leap(-24 * time.Hour)
	p.pass(time.Minute)
	p.want(f, 1, provisioning.AccountPending, anaMail)
	p.shut()
	p.open()
	if err := p.works.Wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.pass(time.Minute)
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	p.wantState(f, provisioning.StateCompleted)
}
