package service_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
)

// faultyReceipts can be unavailable, or write and lose the response. They record what they wrote,
// in order.
type faultyReceipts struct {
	provisioning.Receipts
	mu          sync.Mutex
	unavailable bool
	loseAnswers int // number of responses to lose
	asked       int // calls while unavailable
	wrote       []provisioning.Stamp
}

func (m *faultyReceipts) Put(ctx context.Context, r provisioning.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.write(func() error { return m.Receipts.Put(ctx, r) })
	if err == nil {
		m.wrote = append(m.wrote, r.Stamp)
	}
	return err
}

func (m *faultyReceipts) Recovered(ctx context.Context, a identity.Address, f provisioning.Folio, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.write(func() error { return m.Receipts.Recovered(ctx, a, f, at) })
}

func (m *faultyReceipts) write(act func() error) error {
	gone := problem.Refuse(problem.CodeUnavailable, "receipts.unavailable")
	if m.unavailable {
		m.asked++
		return gone
	}
	if err := act(); err != nil {
		return err
	}
	if m.loseAnswers > 0 {
		m.loseAnswers--
		return gone
	}
	return nil
}

func (m *faultyReceipts) set(away bool, lose int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.unavailable, m.loseAnswers = away, lose
}

// manyTeachers are n teachers with different names.
func manyTeachers(n int) []identity.Holder {
	names := []string{"Ana", "Luis", "Rosa", "Iván", "Eva", "Hugo", "Sara", "Noé", "Inés", "Raúl"}
	var all []identity.Holder
	for i := range n {
		all = append(all, person(identity.Teacher, names[i%len(names)], fmt.Sprintf("Ruiz%c%c", 'a'+i/250, 'a'+i/10%25), "Peña", i+1))
	}
	return all
}

// The receipts database fails while a list is processed. Nothing waits for it: every account is
// created and announced, the rows stay in the queue, and their age is visible. When it is back,
// every row is written, in order and once.
func TestAnOutageOfTheReceiptsDelaysOnlyTheirRows(t *testing.T) {
	t.Parallel()
	const lines = 40
	p := newPipeline(t, nil)
	faulty := &faultyReceipts{Receipts: p.executor.Receipts, unavailable: true}
	p.executor.Receipts = faulty
	f := p.submit(manyTeachers(lines)...)
	p.approve(f)
	p.runFor(20 * time.Minute)
	p.wantState(f, provisioning.StateCompleted)
	for n := 1; n <= lines; n++ {
		if a := p.want(f, n, provisioning.AccountAnnounced, ""); !a.RecordedAt.IsZero() {
			t.Errorf("line %d says it is recorded", n)
		}
	}
	owed := p.depth()[provisioning.JobReceipt]
	if age := p.clock.Now().Sub(owed.Oldest); owed.Jobs != lines || owed.Failing != lines || age < 15*time.Minute {
		t.Errorf("owed %+v, the oldest for %s", owed, age)
	}
	if faulty.asked > lines {
		t.Errorf("the database was asked %d times in 20 minutes that it was away", faulty.asked)
	}
	p.close() // the queue is kept across a restart
	p.open()
	faulty.Receipts, p.executor.Receipts = p.executor.Receipts, faulty
	p.clock.toRealTime() // so that the pause after a lost response ends once all the others wait for it too
	faulty.set(false, 3)
	p.settle()
	p.wantAllRecorded(f, lines)
	if !slices.IsSorted(faulty.wrote) || len(faulty.wrote) != lines {
		t.Errorf("%d rows were written, in this order: %v", len(faulty.wrote), faulty.wrote)
	}
}

// The database fails repeatedly while lines are processed.
func TestReceiptsThatComeAndGo(t *testing.T) {
	t.Parallel()
	const lines = 40
	p := newPipeline(t, func(s *pipelineOptions) { s.workers = 8 })
	faulty := &faultyReceipts{Receipts: p.executor.Receipts}
	p.executor.Receipts = faulty
	f := p.submit(manyTeachers(lines)...)
	p.approve(f)
	for i := range 20 {
		faulty.set(i%3 == 1, i%2)
		p.runFor(time.Duration(1+i%4) * time.Second)
	}
	faulty.set(false, 0)
	p.settle()
	p.wantState(f, provisioning.StateCompleted)
	p.wantAllRecorded(f, lines)
}

// wantAllRecorded fails unless each line has its row and there is no other.
func (p *pipeline) wantAllRecorded(f provisioning.Folio, lines int) {
	p.t.Helper()
	want, got := map[provisioning.Stamp]identity.Address{}, map[provisioning.Stamp]identity.Address{}
	for n := 1; n <= lines; n++ {
		a := p.line(f, n)
		want[a.Stamp] = a.Address
		if a.RecordedAt.IsZero() {
			p.t.Errorf("line %d does not know that it is recorded", n)
		}
	}
	rows := 0
	for r, err := range p.rows.Rows(p.t.Context()) {
		if err != nil {
			p.t.Fatal(err)
		}
		rows++
		got[r.Stamp] = r.Address
	}
	if diff := cmp.Diff(want, got); diff != "" || rows != lines {
		p.t.Errorf("%d rows (-want +got):\n%s", rows, diff)
	}
	if users := len(p.tenant.Users()); users != lines {
		p.t.Errorf("%d users, want %d", users, lines)
	}
}

// An account that was created and could not be finished is disabled by the head of department: the
// receipts show that, permanently.
func TestADisabledAccountIsDisabledInTheReceipts(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.tenant.Fail(graphfake.Fault{Op: "users.assignLicense", Status: 403, Code: "Authorization_RequestDenied"})
	f := p.provision(ana())
	p.wantTrouble(f, 1, "trouble.permission")
	faulty := &faultyReceipts{Receipts: p.executor.Receipts, unavailable: true}
	p.executor.Receipts = faulty
	stamp := provisioning.NewStamp(f, 1)
	a := p.line(f, 1)
	if err := p.graph.SetEnabled(t.Context(), a.ObjectID, false); err != nil {
		t.Fatal(err)
	}
	p.asHead("disable", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Disabled(tx, auth, stamp, head)
	})
	p.runFor(10 * time.Minute)
	faulty.set(false, 0)
	p.settle()
	p.wantRowState(a.Address, provisioning.ReceiptDisabled)
	p.asHead("drop", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Drop(tx, auth, stamp, "Ya no labora.", head)
	})
	p.settle()
	p.update("owe the row again", func(tx provisioning.Tx) error {
		return tx.Enqueue(job.Job{Kind: provisioning.JobReceipt, Key: string(stamp)})
	})
	p.settle()
	p.wantRowState(a.Address, provisioning.ReceiptDisabled)
}

// Differences that a reconciliation finds are written to the line and the row; those that concern
// accounts are left to people.
func TestADifferenceIsMended(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.provision(ana())
	a := p.line(f, 1)
	const renamed = identity.Address("ana.ruiz.nueva@" + teachersMail)
	for _, c := range []struct {
		name    string
		d       reconcile.Difference
		address identity.Address
		state   provisioning.ReceiptState
		mended  bool
	}{
		{"disabled", reconcile.Difference{Kind: reconcile.StateDiffers, State: provisioning.ReceiptDisabled}, anaMail, provisioning.ReceiptDisabled, true},
		{"disabled, again", reconcile.Difference{Kind: reconcile.StateDiffers, State: provisioning.ReceiptDisabled}, anaMail, provisioning.ReceiptDisabled, true},
		{"enabled", reconcile.Difference{Kind: reconcile.StateDiffers, State: provisioning.ReceiptActive}, anaMail, provisioning.ReceiptActive, true},
		{"row missing", reconcile.Difference{Kind: reconcile.RowMissing, Line: anaMail, User: anaMail}, anaMail, provisioning.ReceiptActive, true},
		{"moved to another domain", reconcile.Difference{Kind: reconcile.AddressDiffers, Line: anaMail, User: "ana@contoso.onmicrosoft.com"}, anaMail, provisioning.ReceiptActive, false},
		{"account missing", reconcile.Difference{Kind: reconcile.AccountMissing, Line: anaMail}, anaMail, provisioning.ReceiptActive, false},
		{"account unasked", reconcile.Difference{Kind: reconcile.AccountUnasked, User: anaMail}, anaMail, provisioning.ReceiptActive, false},
		{"renamed", reconcile.Difference{Kind: reconcile.AddressDiffers, Line: anaMail, Row: anaMail, User: renamed}, renamed, provisioning.ReceiptActive, true},
		{"row differs", reconcile.Difference{Kind: reconcile.AddressDiffers, Line: renamed, Row: anaMail, User: renamed}, renamed, provisioning.ReceiptActive, true},
	} {
		c.d.Stamp, c.d.ObjectID = a.Stamp, a.ObjectID
		if mended, err := reconcile.Mend(t.Context(), p.executor, c.d); err != nil || mended != c.mended {
			t.Errorf("%s: mended %v, %v", c.name, mended, err)
		}
		p.want(f, 1, provisioning.AccountAnnounced, c.address)
		p.wantRowState(c.address, c.state)
	}
}

// An address that another line has, and an account that is not the line's, are not used for a
// repair.
func TestARenamingThatTakesAnothersAddressIsNotMended(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	first, second := p.line(p.provision(manyTeachers(1)...), 1), p.line(p.provision(manyTeachers(2)[1]), 1)
	d := reconcile.Difference{Kind: reconcile.AddressDiffers, Stamp: first.Stamp, Line: first.Address, User: second.Address, ObjectID: first.ObjectID}
	if mended, err := reconcile.Mend(t.Context(), p.executor, d); mended || problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("another's address: mended %v, %v", mended, err)
	}
	d.User, d.ObjectID = "otra@"+teachersMail, second.ObjectID
	if mended, err := reconcile.Mend(t.Context(), p.executor, d); mended || problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("another account: mended %v, %v", mended, err)
	}
	p.want(first.Folio(), 1, provisioning.AccountAnnounced, first.Address)
}

func (p *pipeline) wantRowState(a identity.Address, want provisioning.ReceiptState) {
	p.t.Helper()
	rows, err := p.rows.Find(p.t.Context(), provisioning.ReceiptQuery{Address: a})
	if err != nil || len(rows) != 1 || rows[0].State != want {
		p.t.Errorf("rows of %s = %+v, %v; want one that is %s", a, rows, err, want)
	}
}
