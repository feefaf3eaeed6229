package service_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/reconcile"
)

// backup copies the store while the process is stopped, as instalacion.md says, and returns a
// function that restores the copy.
func (p *pipeline) backup() (restore func()) {
	p.t.Helper()
	path := filepath.Join(p.dir, "altas.db")
	p.close()
	content, err := os.ReadFile(path)
	if err != nil {
		p.t.Fatal(err)
	}
	p.open()
	return func() {
		p.t.Helper()
		p.close()
		if err := os.WriteFile(path, content, 0o600); err != nil {
			p.t.Fatal(err)
		}
		p.open()
	}
}

// reconcile compares the three sides as the command does, and repairs what it may.
func (p *pipeline) reconcile() (found map[reconcile.Kind]int, mended int) {
	p.t.Helper()
	c := reconcile.Comparison{
		Lines: provisioning.AllLines(p.db), Rows: p.rows.Rows, Users: p.graph.Users,
		Domains: []string{teachersMail, studentsMail, centresMail}, Now: p.clock.Now, TempDir: p.t.TempDir(),
	}
	summary, err := c.Run(p.t.Context(), func(d reconcile.Difference) error {
		done, err := reconcile.Mend(p.t.Context(), p.executor, d)
		if done {
			mended++
		}
		if problem.CodeOf(err) == problem.CodeConflict {
			return nil // reported, and not repaired
		}
		return err
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return summary.Found, mended
}

// owner is a person with an account and a password of their own.
type owner struct {
	holder   identity.Holder
	line     provisioning.Account
	password string
	user     graphfake.User
	row      provisioning.Receipt
}

// ownersOf has each line's holder take over their account.
func (p *pipeline) ownersOf(f provisioning.Folio, who provisioning.Actor, holders ...identity.Holder) []owner {
	p.t.Helper()
	var all []owner
	for i, h := range holders {
		a := p.want(f, i+1, provisioning.AccountAnnounced, "")
		_, secret, err := p.passwords.Reveal(p.t.Context(), a.Stamp, who)
		if err != nil {
			p.t.Fatal(err)
		}
		p.clock.advance(time.Minute)
		o := owner{holder: h, line: a, password: fmt.Sprintf("Solo-mia-%s-7", a.Stamp)}
		if err := p.tenant.ChangePassword(string(a.Address), secret.Reveal(), o.password); err != nil {
			p.t.Fatal(err)
		}
		all = append(all, p.refreshed(o))
	}
	return all
}

// rowFields are the fields of a row that must not change.
func (o owner) rowFields() []any {
	return []any{o.row.Stamp, o.row.Address, o.row.Holder, o.row.ObjectID, o.row.State}
}

// refreshed is the owner with the present data of tenant and receipts.
func (p *pipeline) refreshed(o owner) owner {
	p.t.Helper()
	o.user, _ = p.tenant.User(string(o.line.Address))
	delete(o.user.Properties, "signInActivity")
	rows, err := p.rows.Find(p.t.Context(), provisioning.ReceiptQuery{Address: o.line.Address})
	if err != nil || len(rows) != 1 {
		p.t.Fatalf("rows of %s: %+v, %v", o.line.Address, rows, err)
	}
	o.row = rows[0]
	return o
}

// wantOwnersUnchanged fails unless all owners have account, row and password as before, and no
// other line has their account.
func (p *pipeline) wantOwnersUnchanged(when string, owners []owner) {
	p.t.Helper()
	byID := map[string]owner{}
	for _, o := range owners {
		byID[o.user.ID] = o
		now := p.refreshed(o)
		if diff := cmp.Diff(o.user, now.user); diff != "" {
			p.t.Errorf("%s: the account of %s changed (-before +after):\n%s", when, o.line.Address, diff)
		}
		if diff := cmp.Diff(o.rowFields(), now.rowFields()); diff != "" {
			p.t.Errorf("%s: the row of %s changed (-before +after):\n%s", when, o.line.Address, diff)
		}
		if got := p.tenant.SignIn(string(o.line.Address), o.password); got != graphfake.SignedIn {
			p.t.Errorf("%s: %s is told: %s", when, o.line.Address, got)
		}
	}
	for a, err := range provisioning.AllLines(p.db)(p.t.Context()) {
		if err != nil {
			p.t.Fatal(err)
		}
		o, theirs := byID[a.ObjectID]
		if theirs && !a.Holder.Is(o.holder) {
			p.t.Errorf("%s: line %s, of %s, has the account of %s", when, a.Stamp, a.Holder.DisplayName(), o.holder.DisplayName())
		}
		for _, who := range []provisioning.Actor{secretary, neighbour} {
			_, secret, err := p.passwords.Reveal(p.t.Context(), a.Stamp, who)
			if theirs && (err == nil || secret.Reveal() != "") {
				p.t.Errorf("%s: %s is shown a password for %s", when, who.Name, o.line.Address)
			}
		}
	}
}

// A backup, two days of work, the backup restored, a reconciliation, and new requests that get the
// folios of those days again, for namesakes, for others, for the same people, and for somebody else
// in a corrected request: no account, password or row goes to another person. The folios are given
// again because neither receipts nor directory could be read at start.
func TestARestoredBackupGivesNothingOfAnybodysAway(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, func(s *pipelineOptions) { s.workers = 4 })
	name := func(given string, n int) identity.Holder {
		return person(identity.Student, given, "Luna", "Mata", n)
	}
	var owners []owner
	first := p.provision(name("Eva", 1)) // before the backup
	owners = append(owners, p.ownersOf(first, secretary, name("Eva", 1))...)
	waiting, swapped := p.submit(name("Iris", 2)), p.submit(name("Nora", 3)) // at the director's stage
	restore := p.backup()

	p.approve(waiting, swapped)
	p.settle()
	owners = append(owners, p.ownersOf(waiting, secretary, name("Iris", 2))...)
	owners = append(owners, p.ownersOf(swapped, secretary, name("Nora", 3))...)
	p.clock.advance(24 * time.Hour)
	lost := [][]identity.Holder{{name("Hugo", 4)}, {name("Sara", 5), name("Olga", 6)}, {name("Raúl", 7)}}
	var folios []provisioning.Folio
	for _, holders := range lost {
		f := p.submitBy(neighbour, "", holders...)
		p.approve(f)
		p.settle()
		owners = append(owners, p.ownersOf(f, neighbour, holders...)...)
		folios = append(folios, f)
	}
	p.clock.advance(24 * time.Hour)

	restore()
	p.wantOwnersUnchanged("restored", owners)
	if found, mended := p.reconcile(); found[reconcile.LineMissing] != 4 || mended != 0 {
		t.Errorf("the reconciliation finds %v, and mends %d", found, mended)
	}
	p.wantOwnersUnchanged("reconciled", owners)

	p.decide(swapped, director, provisioning.Return)
	p.submitBy(secretary, swapped, name("Nora", 30)) // another child with that name
	again := [][]identity.Holder{
		{name("Hugo", 40)},                 // a namesake
		{name("Zoe", 50), name("Olga", 6)}, // somebody else; the same child again
		{name("Sara", 5)},                  // a child of another line
	}
	for i, holders := range again {
		if f := p.submitBy(secretary, "", holders...); f != folios[i] {
			t.Fatalf("the folio is %s, not %s again: the story tells nothing", f, folios[i])
		}
	}
	p.approve(waiting, swapped)
	p.approve(folios...)
	p.settle()
	p.clock.advance(2 * time.Hour)
	p.wantOwnersUnchanged("asked anew", owners)
	p.want(waiting, 1, provisioning.AccountAnnounced, owners[1].line.Address) // the receipts have stamp, address and CURP
	p.wantTrouble(swapped, 1, "trouble.stamp")
	p.wantTrouble(folios[0], 1, "trouble.stamp")
	p.wantTrouble(folios[1], 1, "trouble.stamp")
	p.want(folios[1], 2, provisioning.AccountAnnounced, owners[5].line.Address) // Olga, of that line
	p.wantTrouble(folios[2], 1, "trouble.stamp")
	if found, mended := p.reconcile(); found[reconcile.HolderDiffers] != 4 || mended != 0 {
		t.Errorf("the second reconciliation finds %v, and mends %d", found, mended)
	}
	p.wantOwnersUnchanged("reconciled again", owners)
	if got := len(p.tenant.Users()); got != len(owners) {
		t.Errorf("%d users, want %d", got, len(owners))
	}

	// Excluded there, and requested with new folios, everybody gets their own account.
	for _, s := range []provisioning.Stamp{provisioning.NewStamp(swapped, 1), provisioning.NewStamp(folios[0], 1), provisioning.NewStamp(folios[1], 1), provisioning.NewStamp(folios[2], 1)} {
		p.asHead("drop", func(tx provisioning.Tx, auth provisioning.Authority) error {
			return p.workflow.Drop(tx, auth, s, "Se pide con otro folio.", head)
		})
	}
	next := p.provision(name("Hugo", 40), name("Zoe", 50), name("Nora", 30), name("Sara", 5))
	for i, want := range []struct {
		state   provisioning.AccountState
		address identity.Address
	}{
		{provisioning.AccountAnnounced, "hugo.luna.mata@" + studentsMail}, {provisioning.AccountAnnounced, "zoe.luna@" + studentsMail},
		{provisioning.AccountAnnounced, "nora.luna.mata@" + studentsMail}, {provisioning.AccountExists, owners[4].line.Address},
	} {
		p.want(next, i+1, want.state, want.address)
	}
	p.wantOwnersUnchanged("in the end", owners)
}

// The receipts were restored with the store, for instance two files in one folder: only the
// directory has the data of the days between. Nothing links an account to a person; a person
// decides, who sees the account's name and stamp.
func TestABackupRestoredWithItsReceipts(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	name := func(n int) identity.Holder { return person(identity.Student, "Eva", "Luna", "Mata", n) }
	restore := p.backup()
	rows, err := os.ReadFile(filepath.Join(p.dir, "receipts.db"))
	if err != nil {
		t.Fatal(err)
	}
	f := p.provision(name(1))
	hers := p.ownersOf(f, secretary, name(1))[0]
	p.clock.advance(48 * time.Hour)
	restore()
	p.close()
	if err := os.WriteFile(filepath.Join(p.dir, "receipts.db"), rows, 0o600); err != nil {
		t.Fatal(err)
	}
	p.open()
	for round, n := range []int{2, 1} { // a namesake; the person herself
		before := p.othersState()
		again := p.submit(name(n))
		if round == 0 && again != f {
			t.Fatalf("the folio is %s, not %s again: the story tells nothing", again, f)
		}
		p.approve(again)
		p.settle()
		a := p.wantTrouble(again, 1, []string{"trouble.stamp", "trouble.homonym"}[round])
		if e := a.Trouble.Entries; len(e) != 1 || e[0].ID != hers.user.ID || e[0].Stamp != hers.line.Stamp {
			t.Errorf("the card shows %+v", e)
		}
		if diff := cmp.Diff(before, p.othersState()); diff != "" {
			t.Errorf("what others have (-before +after):\n%s", diff)
		}
		if got := p.tenant.SignIn(string(hers.line.Address), hers.password); got != graphfake.SignedIn {
			t.Errorf("she is told: %s", got)
		}
	}
}
