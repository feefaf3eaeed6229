package service_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// namesake adds an account with Ana's name to the tenant that nothing links to a person, and stops
// her line at it.
func namesake(t *testing.T, upn string) (p *pipeline, f provisioning.Folio, id string) {
	p = newPipeline(t, nil)
	id = p.seed(upn, "ANA SOFÍA RUIZ PEÑA")
	f = p.provision(ana())
	a := p.wantTrouble(f, 1, "trouble.homonym")
	if len(a.Trouble.Entries) != 1 || a.Trouble.Entries[0].ID != id {
		t.Fatalf("trouble names %+v", a.Trouble.Entries)
	}
	p.wantState(f, provisioning.StateAttention)
	return p, f, id
}

func TestANamesakeIsAdopted(t *testing.T) {
	t.Parallel()
	p, f, id := namesake(t, "aruiz70@"+teachersMail)
	p.asHead("adopt", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Adopt(tx, auth, provisioning.NewStamp(f, 1), id, head)
	})
	p.settle()
	p.want(f, 1, provisioning.AccountExists, "aruiz70@"+teachersMail)
	p.wantState(f, provisioning.StateCompleted)
	if rows := p.rowsOf(ana()); len(rows) != 1 || rows[0].Address != "aruiz70@"+teachersMail {
		t.Errorf("the receipts tie nobody to the account: %+v", rows)
	}
	p.wantUsers("aruiz70@" + teachersMail)
	p.wantNoSeatHeld()
	if got := p.notices(secretary.ID); !slices.Contains(got, "exists "+string(provisioning.NewStamp(f, 1))) {
		t.Errorf("the requester is not told: %v", got)
	}
	// From now on the receipts have it: nobody is asked again.
	other := p.submitBy(neighbour, "", ana(), person(identity.Teacher, "Luis", "Ibarra", "", 2))
	p.want(other, 1, provisioning.AccountExists, "aruiz70@"+teachersMail)
}

func TestANamesakeIsSomebodyElse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ upn, typed, want string }{
		"with another address, the line keeps its own": {"aruiz70@" + teachersMail, "", anaMail},
		"with the address, the line gets the next":     {anaMail, "", "ana.ruiz.pena@" + teachersMail},
		"and the head types an address":                {anaMail, "ana.ruizp", "ana.ruizp@" + teachersMail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, f, _ := namesake(t, c.upn)
			p.asHead("rename", func(tx provisioning.Tx, auth provisioning.Authority) error {
				return p.workflow.Rename(tx, auth, provisioning.NewStamp(f, 1), c.typed, head)
			})
			p.settle()
			p.want(f, 1, provisioning.AccountAnnounced, identity.Address(c.want))
			p.wantState(f, provisioning.StateCompleted)
			p.wantUsers(c.upn, c.want)
			p.wantNoSeatHeld()
		})
	}
}

func TestALineIsDropped(t *testing.T) {
	t.Parallel()
	p, f, _ := namesake(t, anaMail)
	stamp := provisioning.NewStamp(f, 1)
	drop := func(click provisioning.Click, why string) error {
		return p.db.Update(t.Context(), func(tx provisioning.Tx) error { return p.workflow.Drop(tx, p.authority(), stamp, why, click) })
	}
	if err := drop(director, "No."); problem.CodeOf(err) != problem.CodeForbidden {
		t.Errorf("the director drops a line: %v", err)
	}
	if err := drop(head, ""); problem.ReasonOf(err) != "comment.required" {
		t.Errorf("dropped without a reason: %v", err)
	}
	if err := drop(head, "Ya no labora."); err != nil {
		t.Fatal(err)
	}
	if err := drop(head, "Ya no labora."); problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("dropped twice: %v", err)
	}
	p.settle()
	p.want(f, 1, provisioning.AccountExcluded, "")
	p.wantState(f, provisioning.StateCompleted)
	p.wantUsers(anaMail)
	p.wantNoSeatHeld()
	if got := p.notices(secretary.ID); !slices.Contains(got, "excluded "+string(stamp)) {
		t.Errorf("the requester is not told: %v", got)
	}
}

// Namesakes with differently written names, surnames first and without accents as in school lists:
// the card shows all of them, and nobody else.
func TestAllNamesakesAreShown(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.seed("a1@"+teachersMail, "Ana Sofía Ruiz Peña")
	p.seed("a2@"+teachersMail, "RUIZ PEÑA ANA SOFIA")
	p.seed("a3@"+teachersMail, "Ruiz Pena Ana Sofia")
	p.seed("b1@"+teachersMail, "Ana Sofía Peña Ruiz")
	if a := p.wantTrouble(p.provision(ana()), 1, "trouble.homonym"); len(a.Trouble.Entries) != 3 {
		t.Errorf("shown: %+v", a.Trouble.Entries)
	}
}

// deleted puts an account with Ana's name and address into the recycle bin.
func deleted(t *testing.T) (p *pipeline, f provisioning.Folio, id string) {
	p = newPipeline(t, nil)
	id = p.seed(anaMail, "Ana Sofía Ruiz Peña")
	p.remove(id)
	f = p.provision(ana())
	a := p.wantTrouble(f, 1, "trouble.deleted")
	if e := a.Trouble.Entries; len(e) != 1 || e[0].ID != id || e[0].Address != anaMail {
		t.Fatalf("trouble names %+v", e)
	}
	return p, f, id
}

func TestADeletedAccountIsRestored(t *testing.T) {
	t.Parallel()
	p, f, id := deleted(t)
	if _, err := p.graph.Restore(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	p.asHead("restored", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Restored(tx, auth, provisioning.NewStamp(f, 1), id, head)
	})
	p.settle()
	p.want(f, 1, provisioning.AccountExists, anaMail)
	p.wantUsers(anaMail)
}

func TestADeletedAccountsAddressIsLeftAlone(t *testing.T) {
	t.Parallel()
	p, f, id := deleted(t)
	p.asHead("rename", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Rename(tx, auth, provisioning.NewStamp(f, 1), "", head)
	})
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
	if _, err := p.graph.Restore(t.Context(), id); err != nil {
		t.Errorf("it can no longer be restored: %v", err)
	}
}

// The holder's own account, which the receipts have with another address, is in the recycle bin.
func TestAHoldersDeletedAccountUnderAnotherAddress(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	id := p.seed("aruiz70@"+teachersMail, "A. Ruiz")
	p.importRow(provisioning.Receipt{Address: "aruiz70@" + teachersMail, Holder: ana()})
	p.remove(id)
	p.wantTrouble(p.provision(ana()), 1, "trouble.deleted")
}

// The app loses a permission while a list is processed: each line shows the reason, there is one
// notice, few requests are sent to the tenant, and one click resumes all lines.
func TestAMissingPermissionStopsAListWithoutAStorm(t *testing.T) {
	t.Parallel()
	const lines = 60
	p := newPipeline(t, func(s *pipelineOptions) { s.workers = 20 })
	var people []identity.Holder
	for n := range lines {
		people = append(people, person(identity.Teacher, "Eva"+strings.Repeat("a", n%20), "Ríos"+strings.Repeat("o", n/20), "", 100+n))
	}
	f := p.submit(people...)
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied", Message: "Insufficient privileges to complete the operation."}, op == "users.create"
	})
	p.approve(f)
	p.settle()
	p.wantState(f, provisioning.StateAttention)
	for n := range lines {
		p.wantTrouble(f, n+1, "trouble.permission")
	}
	if got := p.notices(secretary.ID); len(got) != 3 || got[2] != "attention "+string(f) {
		t.Errorf("the requester is told %v", got)
	}
	if n := p.tenant.Count("users.create"); n != lines {
		t.Errorf("%d creations tried for %d lines", n, lines)
	}
	p.tenant.Heal()
	p.asHead("retry all", func(tx provisioning.Tx, auth provisioning.Authority) error {
		_, err := p.workflow.RetryAlike(tx, auth, provisioning.NewStamp(f, 2), head)
		return err
	})
	p.settle()
	p.wantState(f, provisioning.StateCompleted)
	if n := len(p.tenant.Users()); n != lines {
		t.Errorf("%d users", n)
	}
	p.wantNoSeatHeld()
}

// One line that the tenant refuses does not block the others.
func TestOneBadLineHoldsUpNobody(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	luis := person(identity.Teacher, "Luis", "Ibarra", "", 2)
	f := p.submit(ana(), luis)
	p.tenant.Fail(graphfake.Fault{Op: "users.create", Status: 400, Code: "Request_BadRequest", Message: "Invalid value specified for property 'x'."})
	p.approve(f)
	p.settle()
	p.wantTrouble(f, 1, "trouble.refused")
	p.want(f, 2, provisioning.AccountAnnounced, "luis.ibarra@"+teachersMail)
	p.asHead("retry", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Retry(tx, auth, provisioning.NewStamp(f, 1), head)
	})
	p.settle()
	p.wantState(f, provisioning.StateCompleted)
}

// An outage of two hours does not count as replication lag: the first lag after it is waited for as
// usual.
func TestAnOutageUsesNoPatienceUp(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) { s.tenant.Lag, s.tenant.Replicas = 5*time.Minute, 1 })
	f := p.submit(ana())
	p.approve(f)
	end := p.clock.Now().Add(3 * time.Hour)
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 503}, p.clock.Now().Before(end) && op == "users.list"
	})
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
}

// A licence that does not become effective ends in attention; the account is kept.
func TestLagWithoutEndIsForAPerson(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	p.approve(f)
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 400, Code: "Request_BadRequest", Message: "Not a valid reference update."}, op == "groups.addMember"
	})
	began := p.clock.Now()
	p.settle()
	p.wantTrouble(f, 1, "trouble.not_ready")
	if waited := p.clock.Now().Sub(began); waited < 30*time.Minute || waited > 2*time.Hour {
		t.Errorf("a person was asked after %s", waited)
	}
	p.tenant.Heal()
	p.asHead("retry", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Retry(tx, auth, provisioning.NewStamp(f, 1), head)
	})
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
	p.wantUsers(anaMail)
}

// An approver may exclude some lines, with a reason, but not all that would be created; lines of
// people who have an account do not count.
func TestAnApproverNeverLeavesEverybodyOut(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.provision(ana())
	luis, eva := person(identity.Teacher, "Luis", "Ibarra", "", 2), person(identity.Teacher, "Eva", "Ríos", "", 3)
	f := p.submit(ana(), luis, eva)
	p.want(f, 1, provisioning.AccountExists, anaMail)
	leaveOut := func(why string, lines ...int) error {
		return p.db.Update(t.Context(), func(tx provisioning.Tx) error {
			_, err := p.workflow.Decide(tx, p.authority(), provisioning.Act{Folio: f, Stage: provisioning.Director, Round: 1,
				Verdict: provisioning.Approve, Comment: why, Click: director, Excluded: lines})
			return err
		})
	}
	for _, all := range [][]int{{2, 3}, {1, 2, 3}, {3, 2, 3}} {
		if err := leaveOut("Ya no labora.", all...); problem.ReasonOf(err) != "exclude.all" {
			t.Errorf("%v left out: %v", all, err)
		}
		p.want(f, 2, provisioning.AccountPending, "luis.ibarra@"+teachersMail)
	}
	before := p.request(f)
	for _, none := range []string{"", " \n "} {
		if err := leaveOut(none, 2); problem.ReasonOf(err) != "comment.required" {
			t.Errorf("left out for the reason %q: %v", none, err)
		}
		p.want(f, 2, provisioning.AccountPending, "luis.ibarra@"+teachersMail)
	}
	if diff := cmp.Diff(before, p.request(f)); diff != "" {
		t.Errorf("the request was decided (-before +after):\n%s", diff)
	}
	if err := leaveOut("Ya no labora.", 1, 2, 2); err != nil {
		t.Fatal(err)
	}
	p.decide(f, subdirector, provisioning.Approve)
	p.settle()
	p.want(f, 1, provisioning.AccountExists, anaMail)
	p.want(f, 2, provisioning.AccountExcluded, "")
	p.want(f, 3, provisioning.AccountAnnounced, "eva.rios@"+teachersMail)
	p.wantState(f, provisioning.StateCompleted)
	other := p.submitBy(neighbour, "", person(identity.Teacher, "Luis", "Ibarra", "", 4))
	p.want(other, 1, provisioning.AccountPending, "luis.ibarra@"+teachersMail) // it was released
}
