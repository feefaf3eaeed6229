package service_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// renamed is what the head of department types on the card of Ana's line.
func (p *plant) renamed(f provisioning.Folio, typed string) error {
	stamp := provisioning.NewStamp(f, 1)
	if err := p.makes.Vacant(p.t.Context(), p.line(f, 1), typed); err != nil {
		return err
	}
	return p.db.Update(p.t.Context(), func(tx provisioning.Tx) error { return p.desk.Rename(tx, p.authority(), stamp, typed, head) })
}

// The head of department types an address that is taken: it is refused at its input, and the
// line waits as it was. Nothing is made in its place.
func TestATypedAddressThatIsTaken(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string]string{
		"the namesake's":             "ana.ruiz",
		"a proxy of the namesake's":  "anita@" + teachersMail,
		"another's, whom none named": "otra.persona",
		"one in the recycle bin":     "borrada",
		"one that waits to be made":  "luis.ibarra",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, nil)
			p.seed(anaMail, "ANA SOFÍA RUIZ PEÑA", map[string]any{"proxyAddresses": []any{"smtp:anita@" + teachersMail}})
			p.seed("otra.persona@"+teachersMail, "Otra Persona")
			p.remove(p.seed("borrada@"+teachersMail, "Otra Más"))
			p.submitBy(neighbour, "", person(identity.Teacher, "Luis", "Ibarra", "", 2))
			f := p.grant(ana())
			before := p.wantTrouble(f, 1, "trouble.homonym")
			users := len(p.tenant.Users())
			err := p.renamed(f, typed)
			if reason := problem.ReasonOf(err); problem.CodeOf(err) != problem.CodeInvalid || reason != "address.taken" && reason != "address.held" {
				t.Errorf("answered %v", err)
			}
			p.settle()
			if diff := cmp.Diff(before, p.line(f, 1)); diff != "" {
				t.Errorf("the line (-before +after):\n%s", diff)
			}
			if n := len(p.tenant.Users()); n != users {
				t.Errorf("%d users, want %d", n, users)
			}
		})
	}
}

// Asked without the directory, the desk refuses by itself what the trouble names, and what was
// found to be somebody else's before.
func TestATypedAddressThatTheLineKnowsToBeTaken(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]func(*plant){
		"the namesake's": func(p *plant) { p.seed(anaMail, "ANA SOFÍA RUIZ PEÑA") },
		"one passed over": func(p *plant) {
			p.seed(anaMail, "Otra Persona")
			p.seed("aruiz70@"+teachersMail, "ANA SOFÍA RUIZ PEÑA")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, nil)
			seed(p)
			f := p.grant(ana())
			a := p.wantTrouble(f, 1, "trouble.homonym")
			if name == "one passed over" {
				p.update("pass it over", func(tx provisioning.Tx) error {
					a.Passed = append(a.Passed, "ana.r@"+teachersMail)
					return tx.PutAccount(a)
				})
			}
			typed := map[string]string{"the namesake's": "ana.ruiz", "one passed over": "ana.r"}[name]
			err := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
				return p.desk.Rename(tx, p.authority(), provisioning.NewStamp(f, 1), typed, head)
			})
			if problem.ReasonOf(err) != "address.taken" {
				t.Errorf("answered %v", err)
			}
			p.wantTrouble(f, 1, "trouble.homonym")
		})
	}
}

// The head of department types the address that the line has: it keeps it, and it is made.
func TestTheLinesOwnAddressIsTyped(t *testing.T) {
	t.Parallel()
	p, f, _ := namesake(t, "aruiz70@"+teachersMail)
	if err := p.renamed(f, "ana.ruiz"); err != nil {
		t.Fatal(err)
	}
	stamp := provisioning.NewStamp(f, 1)
	p.view(func(tx provisioning.Tx) error {
		if holder, err := tx.HolderOf(anaMail); err != nil || holder != stamp {
			t.Errorf("the address is kept for %q, %v", holder, err)
		}
		return nil
	})
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, anaMail)
}

// The account is made and its licence refused: it gets no other address, and keeps its own when
// it is taken out of the request, for it is there.
func TestAMadeAccountKeepsItsAddress(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f, stamp := p.submit(ana()), provisioning.Stamp("")
	p.approve(f)
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, op == "users.assignLicense"
	})
	p.settle()
	stamp = p.wantTrouble(f, 1, "trouble.permission").Stamp
	err := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
		return p.desk.Rename(tx, p.authority(), stamp, "ana.otra", head)
	})
	if problem.ReasonOf(err) != "attention.made" {
		t.Errorf("renamed: %v", err)
	}
	p.attend("drop", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.desk.Drop(tx, auth, stamp, "Ya no labora.", head)
	})
	p.view(func(tx provisioning.Tx) error {
		if holder, err := tx.HolderOf(anaMail); err != nil || holder != stamp {
			t.Errorf("the address is kept for %q, %v", holder, err)
		}
		return nil
	})
}

// What the head of department clicks on an old card does nothing to a line that is under way.
func TestALineThatWaitsForNobodyIsLeftAlone(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	stamp, before := provisioning.NewStamp(f, 1), p.line(f, 1)
	for name, act := range map[string]func(tx provisioning.Tx) error{
		"retry":   func(tx provisioning.Tx) error { return p.desk.Retry(tx, p.authority(), stamp, head) },
		"adopt":   func(tx provisioning.Tx) error { return p.desk.Adopt(tx, p.authority(), stamp, "x", head) },
		"rename":  func(tx provisioning.Tx) error { return p.desk.Rename(tx, p.authority(), stamp, "ana.otra", head) },
		"drop":    func(tx provisioning.Tx) error { return p.desk.Drop(tx, p.authority(), stamp, "No.", head) },
		"disable": func(tx provisioning.Tx) error { return p.desk.Disabled(tx, p.authority(), stamp, head) },
	} {
		err := job.Safely(func() error { return p.db.Update(t.Context(), act) })
		if problem.ReasonOf(err) != "attention.settled" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if diff := cmp.Diff(before, p.line(f, 1)); diff != "" {
		t.Errorf("the line (-before +after):\n%s", diff)
	}
}

// The address that was chosen is taken before the account is made: nobody gets another in its
// place unasked. The head is told, may not type it again, and leaves it to the patterns.
func TestAChosenAddressIsTakenMeanwhile(t *testing.T) {
	t.Parallel()
	p, f, _ := namesake(t, anaMail)
	if err := p.renamed(f, "ana.sofia"); err != nil {
		t.Fatal(err)
	}
	p.seed("ana.sofia@"+teachersMail, "Otra Persona")
	p.settle()
	if a := p.wantTrouble(f, 1, "trouble.chosen"); a.Trouble.Args["address"] != "ana.sofia@"+teachersMail {
		t.Errorf("told of %v", a.Trouble.Args)
	}
	p.wantUsers(anaMail, "ana.sofia@"+teachersMail)
	err := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
		return p.desk.Rename(tx, p.authority(), provisioning.NewStamp(f, 1), "ana.sofia", head)
	})
	if problem.ReasonOf(err) != "address.taken" {
		t.Errorf("typed again: %v", err)
	}
	p.attend("leave it to the patterns", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.desk.Rename(tx, auth, provisioning.NewStamp(f, 1), "", head)
	})
	if a := p.line(f, 1); a.Chosen != "" || a.Address == "ana.sofia@"+teachersMail {
		t.Errorf("left to the patterns, it has %s, chosen %q", a.Address, a.Chosen)
	}
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
	p.wantUsers(anaMail, "ana.sofia@"+teachersMail, "ana.ruiz.pena@"+teachersMail)
}

// Left empty the machine chooses, and goes on choosing.
func TestWithoutATypedAddressTheNextFreeOneIsUsed(t *testing.T) {
	t.Parallel()
	p, f, _ := namesake(t, anaMail)
	p.seed("ana.ruiz.pena@"+teachersMail, "Otra Persona")
	p.attend("rename", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.desk.Rename(tx, auth, provisioning.NewStamp(f, 1), " ", head)
	})
	p.settle()
	a := p.want(f, 1, provisioning.AccountAnnounced, "")
	if a.Chosen != "" || a.Address == anaMail || a.Address == "ana.ruiz.pena@"+teachersMail {
		t.Errorf("made as %s, chosen %q", a.Address, a.Chosen)
	}
}
