package service_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// withSeats opens a pipeline with n licences for the faculty.
func withSeats(t *testing.T, n int, edit ...func(*pipelineOptions)) *pipeline {
	return newPipeline(t, func(s *pipelineOptions) {
		s.tenant.SKUs[0].Enabled = n
		for _, e := range edit {
			e(s)
		}
	})
}

// uniqueTeachers are n teachers without homonyms.
func uniqueTeachers(n int) []identity.Holder {
	var people []identity.Holder
	for i := range n {
		people = append(people, person(identity.Teacher, "Eva"+inLetters(i%26), "Ríos"+inLetters(i/26), "", 1000+i))
	}
	return people
}

// inLetters writes a number in letters.
func inLetters(n int) string {
	if n < 26 {
		return string(rune('a' + n))
	}
	return inLetters(n/26) + inLetters(n%26)
}

func (p *pipeline) waiting(kind identity.AccountType) (stamps []provisioning.Stamp) {
	p.t.Helper()
	p.view(func(tx provisioning.Tx) error {
		stamps = nil
		for s, err := range tx.Waiting(string(kind)) {
			if err != nil {
				return err
			}
			stamps = append(stamps, s)
		}
		return nil
	})
	return stamps
}

func shortages(notices []string) int {
	return len(slices.DeleteFunc(notices, func(n string) bool { return !strings.HasPrefix(n, "shortage") }))
}

// Three licences for five lines: two wait, in their order; the requester and the platform channel
// get one notice; when licences are bought the lines continue.
func TestLinesWaitForLicencesAndGoOnByThemselves(t *testing.T) {
	t.Parallel()
	p := withSeats(t, 3)
	people := uniqueTeachers(6)
	f := p.provision(people[:5]...)
	later := p.provision(people[5])
	want := []provisioning.Stamp{provisioning.NewStamp(f, 4), provisioning.NewStamp(f, 5), provisioning.NewStamp(later, 1)}
	if diff := cmp.Diff(want, p.waiting(identity.Teacher)); diff != "" {
		t.Fatalf("queue (-want +got):\n%s", diff)
	}
	p.want(f, 3, provisioning.AccountAnnounced, "")
	p.runFor(10 * time.Minute)
	if n := shortages(p.notices(string(provisioning.Platform))); n != 1 {
		t.Errorf("the platform channel is told %d times", n)
	}
	told := slices.DeleteFunc(p.notices(secretary.ID), func(n string) bool { return !strings.HasPrefix(n, "waiting") })
	if diff := cmp.Diff([]string{"waiting " + string(f), "waiting " + string(later)}, told); diff != "" {
		t.Errorf("the requester (-want +got):\n%s", diff)
	}
	p.tenant.Buy(faculty, 1)
	p.runFor(5 * time.Minute)
	if diff := cmp.Diff(want[1:], p.waiting(identity.Teacher)); diff != "" {
		t.Fatalf("queue after one seat (-want +got):\n%s", diff)
	}
	p.tenant.Buy(faculty, 5)
	p.runFor(5 * time.Minute)
	p.settle()
	p.wantState(f, provisioning.StateCompleted)
	p.wantState(later, provisioning.StateCompleted)
	p.wantNoSeatHeld()
	if d := p.depth(); d[provisioning.JobSeats].Jobs != 0 {
		t.Errorf("somebody still looks for seats: %+v", d)
	}
	// The next shortage gets a new notice.
	p.tenant.Buy(faculty, -3)
	p.provision(uniqueTeachers(7)[6])
	if n := shortages(p.notices(string(provisioning.Platform))); n != 2 {
		t.Errorf("two shortages, told %d times", n)
	}
}

// A long queue moves as fast as there are licences, not one page every two minutes.
func TestALongQueueMovesAtOnce(t *testing.T) {
	t.Parallel()
	const lines = 250
	p := withSeats(t, 0, func(s *pipelineOptions) { s.workers = 100 })
	f := p.provision(uniqueTeachers(lines)...)
	if n := len(p.waiting(identity.Teacher)); n != lines {
		t.Fatalf("%d lines wait", n)
	}
	p.tenant.Buy(faculty, lines)
	p.clock.advance(2 * time.Minute)
	p.runner.Drain(t.Context())
	if n := len(p.waiting(identity.Teacher)); n != 0 {
		t.Errorf("%d lines still wait", n)
	}
	p.settle()
	p.wantState(f, provisioning.StateCompleted)
	if _, consumed := p.tenant.Seats(faculty); consumed != lines {
		t.Errorf("%d seats consumed", consumed)
	}
}

// unreadStock is a tenant without the permission LicenseAssignment.Read.All.
func unreadStock(s *pipelineOptions) {
	s.tenant.Apps[0].Roles = slices.DeleteFunc(graphfake.AltasRoles(), func(r string) bool { return r == "LicenseAssignment.Read.All" })
}

func toldOfStock(p *pipeline) int {
	return len(slices.DeleteFunc(p.notices(string(provisioning.Platform)), func(n string) bool { return !strings.HasPrefix(n, "stock_unread") }))
}

// The stock cannot be read: Graph's response to each assignment decides. A line without a licence
// gets the next one, or waits; the platform channel gets one notice.
func TestAStockThatMayNotBeReadStopsNobody(t *testing.T) {
	t.Parallel()
	p := withSeats(t, 3, unreadStock)
	people := uniqueTeachers(6)
	f := p.provision(people[:5]...)
	later := p.provision(people[5])
	for n := 1; n <= 3; n++ {
		p.want(f, n, provisioning.AccountAnnounced, "")
	}
	want := []provisioning.Stamp{provisioning.NewStamp(f, 4), provisioning.NewStamp(f, 5), provisioning.NewStamp(later, 1)}
	if diff := cmp.Diff(want, p.waiting(identity.Teacher)); diff != "" {
		t.Fatalf("queue (-want +got):\n%s", diff)
	}
	before := p.tenant.Count("users.assignLicense")
	p.runFor(20 * time.Minute)
	if tried := p.tenant.Count("users.assignLicense") - before; tried > 11 {
		t.Errorf("%d assignments were tried in twenty minutes, of which none could succeed", tried)
	}
	p.tenant.Buy(faculty, 3)
	p.runFor(10 * time.Minute)
	p.settle()
	p.wantState(f, provisioning.StateCompleted)
	p.wantState(later, provisioning.StateCompleted)
	p.wantNoSeatHeld()
	p.close()
	p.open() // not again after a restart
	if err := p.creation.WatchStock(t.Context()); !job.IsPermanent(err) {
		t.Errorf("the log is told %v", err)
	}
	if n := toldOfStock(p); n != 1 {
		t.Errorf("the platform channel is told %d times that the stock is not known", n)
	}
	if got := len(p.tenant.Users()); got != 6 {
		t.Errorf("%d accounts", got)
	}
}

// The licence that ran out is tried with one line at a time; the next one of the list is used
// meanwhile, although neither's stock is known.
func TestTheNextLicenceServesWhereTheStockMayNotBeRead(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) {
		unreadStock(s)
		s.tenant.SKUs[1].Enabled = 2
	})
	var pupils []identity.Holder
	for i := range 5 {
		pupils = append(pupils, person(identity.Student, "Eva"+strings.Repeat("a", i), "Ríos", "", 2000+i))
	}
	f := p.provision(pupils...)
	p.wantState(f, provisioning.StateCompleted)
	var got []string
	for _, u := range p.tenant.Users() {
		got = append(got, u.SKUs...)
	}
	if diff := cmp.Diff([]string{studentA1, studentA1, studentA3, studentA3, studentA3}, got); diff != "" {
		t.Errorf("licences in order of creation (-want +got):\n%s", diff)
	}
}

// The permission is granted later: the stock is counted again, and if it is revoked once more,
// there is another notice.
func TestAStockThatIsReadAgainIsCounted(t *testing.T) {
	t.Parallel()
	p := withSeats(t, 60)
	denied := true
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, denied && op == "subscribedSkus.list"
	})
	for _, step := range []struct {
		denied bool
		told   int
	}{{true, 1}, {true, 1}, {false, 1}, {true, 2}} {
		denied = step.denied
		p.creation.Stock.Forget()
		if err := p.creation.WatchStock(t.Context()); job.IsPermanent(err) != denied {
			t.Errorf("denied %v: %v", denied, err)
		}
		if !denied && p.creation.Stock.Free(faculty) != 60 {
			t.Errorf("%d seats free", p.creation.Stock.Free(faculty))
		}
		if n := toldOfStock(p); n != step.told {
			t.Errorf("denied %v: told %d times, want %d", denied, n, step.told)
		}
	}
}

// A list waits for licences, and an earlier release put it into attention because the stock could
// not be read. The lines behind it are not blocked.
func TestAListInAttentionHoldsUpNobodyInTheQueue(t *testing.T) {
	t.Parallel()
	const lines = 210 // more than one page
	p := withSeats(t, 0, func(s *pipelineOptions) { s.workers = 20 })
	people := uniqueTeachers(lines + 2)
	list := p.provision(people[:lines]...)
	p.update("give them to the head of department", func(tx provisioning.Tx) error {
		for n := range lines {
			a, err := tx.Account(provisioning.NewStamp(list, n+1))
			if err != nil {
				return err
			}
			if a, err = (&creation.Creation{}).Moves().Move(a, provisioning.AccountAttention); err != nil {
				return err
			}
			a.Trouble = &provisioning.Trouble{Reason: "trouble.permission", Since: p.clock.Now(), Resume: provisioning.AccountPending}
			if err := provisioning.PutLine(tx, a, provisioning.Entered{At: p.clock.Now(), Folio: list, Stamp: a.Stamp, Act: "account.attention"}); err != nil {
				return err
			}
		}
		return nil
	})
	p.settle()
	p.wantTrouble(list, lines, "trouble.permission")
	behind := p.provision(people[lines])
	if n := len(p.waiting(identity.Teacher)); n != lines+1 {
		t.Fatalf("%d lines wait", n)
	}
	p.tenant.Buy(faculty, 2)
	p.runFor(5 * time.Minute)
	p.want(behind, 1, provisioning.AccountAnnounced, "")
	p.want(p.provision(people[lines+1]), 1, provisioning.AccountAnnounced, "") // at once
	p.tenant.Buy(faculty, lines)
	p.asHead("retry all", func(tx provisioning.Tx, auth provisioning.Authority) error {
		_, err := p.workflow.RetryAlike(tx, auth, provisioning.NewStamp(list, 1), head)
		return err
	})
	p.runFor(5 * time.Minute)
	p.settle()
	p.wantState(list, provisioning.StateCompleted)
	p.wantNoSeatHeld()
}

func TestSeveralLicencesInTheirOrder(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) { s.tenant.SKUs[1].Enabled, s.tenant.SKUs[2].Enabled = 2, 2 })
	var pupils []identity.Holder
	for i := range 5 {
		pupils = append(pupils, person(identity.Student, "Eva"+strings.Repeat("a", i), "Ríos", "", 2000+i))
	}
	f := p.provision(pupils...)
	var got []string
	for _, u := range p.tenant.Users() {
		got = append(got, u.SKUs...)
	}
	if diff := cmp.Diff([]string{studentA1, studentA1, studentA3, studentA3}, got); diff != "" {
		t.Errorf("licences in order of creation (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]provisioning.Stamp{provisioning.NewStamp(f, 5)}, p.waiting(identity.Student)); diff != "" {
		t.Errorf("queue (-want +got):\n%s", diff)
	}
}

// A licence was reserved at the authorisation, and somebody assigns it manually before the account
// is created: the next licence of the list is used, or the line waits.
func TestASeatThatWasPutAsideIsTakenByHand(t *testing.T) {
	t.Parallel()
	for name, second := range map[string]int{"another licence serves": 5, "the line waits": 0} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, func(s *pipelineOptions) { s.tenant.SKUs[1].Enabled, s.tenant.SKUs[2].Enabled = 1, second })
			pupil := person(identity.Student, "Eva", "Ríos", "", 1)
			f := p.submit(pupil)
			p.approve(f)
			p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
				if op == "users.create" {
					p.tenant.Heal()
					p.tenant.Buy(studentA1, -1)
				}
				return graphfake.Fault{}, false
			})
			p.settle()
			p.wantUsers("eva.rios@" + studentsMail)
			if second == 0 {
				p.want(f, 1, provisioning.AccountCreated, "")
				if len(p.waiting(identity.Student)) != 1 {
					t.Error("the line is in no queue")
				}
				p.tenant.Buy(studentA1, 1)
				p.runFor(5 * time.Minute)
			}
			a := p.want(f, 1, provisioning.AccountAnnounced, "")
			if u, _ := p.tenant.User("eva.rios@" + studentsMail); len(u.SKUs) != 1 || u.SKUs[0] != a.SKU {
				t.Errorf("the line says %s, the tenant %v", a.SKU, u.SKUs)
			}
			p.wantNoSeatHeld()
		})
	}
}

// While licences are reserved for a list whose first lines are licensed already, none is reserved
// twice.
func TestNoSeatIsPromisedTwice(t *testing.T) {
	t.Parallel()
	const enough, lines = 150, 250
	p := withSeats(t, enough, func(s *pipelineOptions) { s.workers = 50 })
	f := p.provision(uniqueTeachers(lines)...)
	p.settle()
	var tally provisioning.Tally
	p.view(func(tx provisioning.Tx) (err error) { tally, err = tx.Tally(f); return err })
	if diff := cmp.Diff(provisioning.Tally{provisioning.AccountAnnounced: enough, provisioning.AccountPending: lines - enough}, tally); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
}

// A centre gets its licence through its group: none is reserved.
func TestALicenceThroughAGroup(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	centre := identity.Holder{Type: identity.WorkCentre, Centre: identity.Centre{
		CCT: ana().Person.CCT, Name: "Escuela Primaria Benito Juárez", Responsible: "Elena Treviño"}}
	f := p.provision(centre)
	a := p.want(f, 1, provisioning.AccountAnnounced, identity.Address(strings.ToLower(string(centre.Centre.CCT))+"@"+centresMail))
	u, _ := p.tenant.User(string(a.Address))
	if !cmp.Equal(u.Groups, []string{centres}) || !cmp.Equal(u.SKUs, []string{studentA1}) || a.SKU != "" {
		t.Errorf("groups %v, licences %v, line's %q", u.Groups, u.SKUs, a.SKU)
	}
	if again := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
		_, err := p.workflow.Submit(tx, form(neighbour, "", centre))
		return err
	}); problem.ReasonOf(again) != "request.nothing_new" {
		t.Errorf("the same centre once more: %v", again)
	}
}

func TestLowStockIsToldOnce(t *testing.T) {
	t.Parallel()
	p := withSeats(t, 60)
	watch := func() int {
		p.creation.Stock.Forget()
		if err := p.creation.WatchStock(context.Background()); err != nil {
			t.Fatal(err)
		}
		return len(slices.DeleteFunc(p.notices(string(provisioning.Platform)), func(n string) bool { return !strings.HasPrefix(n, "low_stock") }))
	}
	for _, step := range []struct{ buy, told int }{{0, 0}, {-9, 0}, {-1, 1}, {-20, 1}, {100, 1}, {-90, 2}} {
		p.tenant.Buy(faculty, step.buy)
		if got := watch(); got != step.told {
			t.Errorf("after %+d seats told %d times, want %d", step.buy, got, step.told)
		}
	}
}

// Excluded, renamed and cancelled lines leave no reserved licence.
func TestCancelledRequestsGiveEverythingBack(t *testing.T) {
	t.Parallel()
	p := withSeats(t, 5)
	f := p.submit(ana())
	p.update("cancel", func(tx provisioning.Tx) error {
		_, err := p.workflow.Cancel(tx, f, secretary)
		return err
	})
	p.settle()
	p.wantNoSeatHeld()
	other := p.submit(person(identity.Teacher, "Ana", "Ruiz", "", 7))
	p.want(other, 1, provisioning.AccountPending, anaMail)
}

// A licence is added to the rules while a line is processed: the next process uses it.
func TestARuleThatChangesStrandsNobody(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) {
		rule := s.rules.Types[identity.Teacher]
		rule.SKUs = nil
		s.rules.Types[identity.Teacher] = rule
	})
	f := p.submit(ana())
	p.approve(f)
	p.tenant.OnRequest(func(string) (graphfake.Fault, bool) { return graphfake.Fault{Status: 503}, true })
	p.runFor(time.Minute)
	p.close()
	p.rules = pipelineRules()
	p.tenant.Heal()
	p.open()
	if err := p.executor.Wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	if u, _ := p.tenant.User(anaMail); !cmp.Equal(u.SKUs, []string{faculty}) {
		t.Errorf("licences %v", u.SKUs)
	}
}

// The rules had no deadlines, so no reminders were scheduled. When deadlines are added, the next
// process schedules them, for pending requests too.
func TestDeadlinesThatAreNewReachWhatWaits(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	waits := p.submit(ana())
	granted := p.provision(person(identity.Teacher, "Luis", "Ibarra", "", 2))
	look := func() {
		t.Helper()
		reminder := provisioning.Reminder{Store: p.store, Rules: p.rules, Now: p.clock.Now}
		jobs, err := p.queue.Claim(t.Context(), provisioning.JobRemind, p.clock.Now(), time.Minute, job.Room{All: 10, Plain: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, j := range jobs {
			if err := errors.Join(reminder.Remind(t.Context(), j), p.queue.Finish(t.Context(), j)); err != nil {
				t.Error(err)
			}
		}
	}
	look()
	if n := p.depth()[provisioning.JobRemind].Jobs; n != 0 {
		t.Fatalf("%d requests are to be looked at, without deadlines", n)
	}
	p.close()
	p.rules = pipelineRules()
	p.rules.Deadlines = provisioning.DefaultDeadlines(p.rules.Calendar)
	p.open()
	if err := p.executor.Wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	look()
	if n := p.depth()[provisioning.JobRemind].Jobs; n != 1 {
		t.Errorf("%d requests are to be looked at; %s waits, %s is done", n, waits, granted)
	}
	p.clock.advance(10 * 24 * time.Hour)
	look()
	if got := p.notices(string(provisioning.Director)); len(got) != 1 {
		t.Errorf("the director's channel is told %v", got)
	}
}

// At a start there are more open requests than one transaction handles: all are resumed, once.
func TestALongListOfRequestsIsWokenWhole(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	const many = 450
	p.update("long ago", func(tx provisioning.Tx) error {
		for i := range many {
			f, err := tx.NextFolio(2025)
			if err != nil {
				return err
			}
			r := provisioningtest.Request(f, secretary.ID, 1)
			r.State = provisioning.StateProvisioning
			line := provisioningtest.Account(f, 1, provisioningtest.Teacher(i))
			line.State, line.Address = provisioning.AccountPending, identity.Address(string(line.Stamp)+"@"+teachersMail)
			if err := errors.Join(tx.PutRequest(r), tx.PutAccount(line), tx.Reserve(line.Address, line.Stamp)); err != nil {
				return err
			}
		}
		return nil
	})
	if err := p.executor.Wake(t.Context()); err != nil {
		t.Fatal(err)
	}
	depths, err := p.db.Depth(t.Context())
	if got := depths[provisioning.JobStart].Jobs; err != nil || got != many {
		t.Errorf("%d requests woken (%v), want %d", got, err, many)
	}
}
