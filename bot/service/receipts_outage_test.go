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

// moodyReceipts are the plant's, which may be away, or do what they are told and
// then lose the answer. They remember what they wrote, in order.
type moodyReceipts struct {
	provisioning.Receipts
	mu    sync.Mutex
	away  bool
	lose  int // so many answers
	asked int // while away
	wrote []provisioning.Stamp
}

func (m *moodyReceipts) Put(ctx context.Context, r provisioning.Receipt) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	err := m.write(func() error { return m.Receipts.Put(ctx, r) })
	if err == nil {
		m.wrote = append(m.wrote, r.Stamp)
	}
	return err
}

func (m *moodyReceipts) Recovered(ctx context.Context, a identity.Address, f provisioning.Folio, at time.Time) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.write(func() error { return m.Receipts.Recovered(ctx, a, f, at) })
}

func (m *moodyReceipts) write(act func() error) error {
	gone := problem.Refuse(problem.CodeUnavailable, "receipts.unavailable")
	if m.away {
		m.asked++
		return gone
	}
	if err := act(); err != nil {
		return err
	}
	if m.lose > 0 {
		m.lose--
		return gone
	}
	return nil
}

func (m *moodyReceipts) set(away bool, lose int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.away, m.lose = away, lose
}

// crowd is n teachers of different names.
func crowd(n int) []identity.Holder {
	names := []string{"Ana", "Luis", "Rosa", "Iván", "Eva", "Hugo", "Sara", "Noé", "Inés", "Raúl"}
	var all []identity.Holder
	for i := range n {
		all = append(all, person(identity.Teacher, names[i%len(names)], fmt.Sprintf("Ruiz%c%c", 'a'+i/250, 'a'+i/10%25), "Peña", i+1))
	}
	return all
}

// The receipts database goes down while a list is worked on. Nobody waits for it:
// every account is made and announced, the rows are owed, and for how long is to be
// seen. When it is back, every row is written, in order, none twice.
func TestAnOutageOfTheReceiptsDelaysOnlyTheirRows(t *testing.T) {
	t.Parallel()
	const lines = 40
	p := build(t, nil)
	moody := &moodyReceipts{Receipts: p.works.Receipts, away: true}
	p.works.Receipts = moody
	f := p.submit(crowd(lines)...)
	p.approve(f)
	p.pass(20 * time.Minute)
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
	if moody.asked > lines {
		t.Errorf("the database was asked %d times in 20 minutes that it was away", moody.asked)
	}
	p.shut() // what is owed outlasts the process
	p.open()
	moody.Receipts, p.works.Receipts = p.works.Receipts, moody
	p.clock.calm() // so that the pause after a lost answer ends once all the others wait for it too
	moody.set(false, 3)
	p.settle()
	p.wantAllRecorded(f, lines)
	if !slices.IsSorted(moody.wrote) || len(moody.wrote) != lines {
		t.Errorf("%d rows were written, in this order: %v", len(moody.wrote), moody.wrote)
	}
}

// The database comes and goes while lines pass by.
func TestReceiptsThatComeAndGo(t *testing.T) {
	t.Parallel()
	const lines = 40
	p := build(t, func(s *site) { s.workers = 8 })
	moody := &moodyReceipts{Receipts: p.works.Receipts}
	p.works.Receipts = moody
	f := p.submit(crowd(lines)...)
	p.approve(f)
	for i := range 20 {
		moody.set(i%3 == 1, i%2)
		p.pass(time.Duration(1+i%4) * time.Second)
	}
	moody.set(false, 0)
	p.settle()
	p.wantState(f, provisioning.StateCompleted)
	p.wantAllRecorded(f, lines)
}

// wantAllRecorded fails unless each line has its row and the receipts no other.
func (p *plant) wantAllRecorded(f provisioning.Folio, lines int) {
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

// An account that was made and could not be finished is disabled by the head of
// department: the receipts say so, and go on saying so.
func TestADisabledAccountIsDisabledInTheReceipts(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	p.tenant.Fail(graphfake.Fault{Op: "users.assignLicense", Status: 403, Code: "Authorization_RequestDenied"})
	f := p.grant(ana())
	p.wantTrouble(f, 1, "trouble.permission")
	moody := &moodyReceipts{Receipts: p.works.Receipts, away: true}
	p.works.Receipts = moody
	stamp := provisioning.NewStamp(f, 1)
	a := p.line(f, 1)
	if err := p.graph.SetEnabled(t.Context(), a.ObjectID, false); err != nil {
		t.Fatal(err)
	}
	p.attend("disable", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.desk.Disabled(tx, auth, stamp, head)
	})
	p.pass(10 * time.Minute)
	moody.set(false, 0)
	p.settle()
	p.wantRowState(a.Address, provisioning.ReceiptDisabled)
	p.attend("drop", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.desk.Drop(tx, auth, stamp, "Ya no labora.", head)
	})
	p.settle()
	p.update("owe the row again", func(tx provisioning.Tx) error {
		return tx.Enqueue(job.Job{Kind: provisioning.JobReceipt, Key: string(stamp)})
	})
	p.settle()
	p.wantRowState(a.Address, provisioning.ReceiptDisabled)
}

// What a census finds of an account, the line and the row say from then on; what
// concerns accounts is left to people.
func TestADifferenceIsMended(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.grant(ana())
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
		if mended, err := reconcile.Mend(t.Context(), p.works, c.d); err != nil || mended != c.mended {
			t.Errorf("%s: mended %v, %v", c.name, mended, err)
		}
		p.want(f, 1, provisioning.AccountAnnounced, c.address)
		p.wantRowState(c.address, c.state)
	}
}

// An address that another line holds, and an account that is not the line's, are
// nothing to mend by.
func TestARenamingThatTakesAnothersAddressIsNotMended(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	first, second := p.line(p.grant(crowd(1)...), 1), p.line(p.grant(crowd(2)[1]), 1)
	d := reconcile.Difference{Kind: reconcile.AddressDiffers, Stamp: first.Stamp, Line: first.Address, User: second.Address, ObjectID: first.ObjectID}
	if mended, err := reconcile.Mend(t.Context(), p.works, d); mended || problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("another's address: mended %v, %v", mended, err)
	}
	d.User, d.ObjectID = "otra@"+teachersMail, second.ObjectID
	if mended, err := reconcile.Mend(t.Context(), p.works, d); mended || problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("another account: mended %v, %v", mended, err)
	}
	p.want(first.Folio(), 1, provisioning.AccountAnnounced, first.Address)
}

func (p *plant) wantRowState(a identity.Address, want provisioning.ReceiptState) {
	p.t.Helper()
	rows, err := p.rows.Find(p.t.Context(), provisioning.ReceiptQuery{Address: a})
	if err != nil || len(rows) != 1 || rows[0].State != want {
		p.t.Errorf("rows of %s = %+v, %v; want one that is %s", a, rows, err, want)
	}
}
