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

// rename sets the address that the head of department types for Ana's line.
func (p *pipeline) rename(f provisioning.Folio, typed string) error {
	stamp := provisioning.NewStamp(f, 1)
	if err := p.creation.Vacant(p.t.Context(), p.line(f, 1), typed); err != nil {
		return err
	}
	return p.db.Update(p.t.Context(), func(tx provisioning.Tx) error { return p.workflow.Rename(tx, p.authority(), stamp, typed, head) })
}

// The head of department types an address that is taken: it is refused at its input, and the line
// stays in attention. No account is created.
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
			p := newPipeline(t, nil)
			p.seed(anaMail, "ANA SOFÍA RUIZ PEÑA", map[string]any{"proxyAddresses": []any{"smtp:anita@" + teachersMail}})
			p.seed("otra.persona@"+teachersMail, "Otra Persona")
			p.remove(p.seed("borrada@"+teachersMail, "Otra Más"))
			p.submitBy(neighbour, "", person(identity.Teacher, "Luis", "Ibarra", "", 2))
			f := p.provision(ana())
			before := p.wantTrouble(f, 1, "trouble.homonym")
			users := len(p.tenant.Users())
			err := p.rename(f, typed)
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

// Without the directory, the workflow refuses the addresses in the trouble and those that were
// found to belong to somebody else before.
func TestATypedAddressThatTheLineKnowsToBeTaken(t *testing.T) {
	t.Parallel()
	for name, seed := range map[string]func(*pipeline){
		"the namesake's": func(p *pipeline) { p.seed(anaMail, "ANA SOFÍA RUIZ PEÑA") },
		"one passed over": func(p *pipeline) {
			p.seed(anaMail, "Otra Persona")
			p.seed("aruiz70@"+teachersMail, "ANA SOFÍA RUIZ PEÑA")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			seed(p)
			f := p.provision(ana())
			a := p.wantTrouble(f, 1, "trouble.homonym")
			if name == "one passed over" {
				p.update("pass it over", func(tx provisioning.Tx) error {
					a.Passed = append(a.Passed, "ana.r@"+teachersMail)
					return tx.PutAccount(a)
				})
			}
			typed := map[string]string{"the namesake's": "ana.ruiz", "one passed over": "ana.r"}[name]
			err := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
				return p.workflow.Rename(tx, p.authority(), provisioning.NewStamp(f, 1), typed, head)
			})
			if problem.ReasonOf(err) != "address.taken" {
				t.Errorf("answered %v", err)
			}
			p.wantTrouble(f, 1, "trouble.homonym")
		})
	}
}

// The head of department types the line's own address: it is kept, and the account is created.
func TestTheLinesOwnAddressIsTyped(t *testing.T) {
	t.Parallel()
	p, f, _ := namesake(t, "aruiz70@"+teachersMail)
	if err := p.rename(f, "ana.ruiz"); err != nil {
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

// The account is created and its licence refused: it gets no other address, and keeps its own when
// the line is excluded, because it exists.
func TestAMadeAccountKeepsItsAddress(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f, stamp := p.submit(ana()), provisioning.Stamp("")
	p.approve(f)
	p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, op == "users.assignLicense"
	})
	p.settle()
	stamp = p.wantTrouble(f, 1, "trouble.permission").Stamp
	err := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
		return p.workflow.Rename(tx, p.authority(), stamp, "ana.otra", head)
	})
	if problem.ReasonOf(err) != "attention.made" {
		t.Errorf("renamed: %v", err)
	}
	p.asHead("drop", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Drop(tx, auth, stamp, "Ya no labora.", head)
	})
	p.view(func(tx provisioning.Tx) error {
		if holder, err := tx.HolderOf(anaMail); err != nil || holder != stamp {
			t.Errorf("the address is kept for %q, %v", holder, err)
		}
		return nil
	})
}

// A click of the head of department on an old card does not change a line that is being processed.
func TestALineThatWaitsForNobodyIsLeftAlone(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	stamp, before := provisioning.NewStamp(f, 1), p.line(f, 1)
	for name, act := range map[string]func(tx provisioning.Tx) error{
		"retry":   func(tx provisioning.Tx) error { return p.workflow.Retry(tx, p.authority(), stamp, head) },
		"adopt":   func(tx provisioning.Tx) error { return p.workflow.Adopt(tx, p.authority(), stamp, "x", head) },
		"rename":  func(tx provisioning.Tx) error { return p.workflow.Rename(tx, p.authority(), stamp, "ana.otra", head) },
		"drop":    func(tx provisioning.Tx) error { return p.workflow.Drop(tx, p.authority(), stamp, "No.", head) },
		"disable": func(tx provisioning.Tx) error { return p.workflow.Disabled(tx, p.authority(), stamp, head) },
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

// The chosen address is taken before the account is created: no other one is used without asking.
// The head is told, may not type it again, and leaves the choice to the patterns.
func TestAChosenAddressIsTakenMeanwhile(t *testing.T) {
	t.Parallel()
	p, f, _ := namesake(t, anaMail)
	if err := p.rename(f, "ana.sofia"); err != nil {
		t.Fatal(err)
	}
	p.seed("ana.sofia@"+teachersMail, "Otra Persona")
	p.settle()
	if a := p.wantTrouble(f, 1, "trouble.chosen"); a.Trouble.Args["address"] != "ana.sofia@"+teachersMail {
		t.Errorf("told of %v", a.Trouble.Args)
	}
	p.wantUsers(anaMail, "ana.sofia@"+teachersMail)
	err := p.db.Update(t.Context(), func(tx provisioning.Tx) error {
		return p.workflow.Rename(tx, p.authority(), provisioning.NewStamp(f, 1), "ana.sofia", head)
	})
	if problem.ReasonOf(err) != "address.taken" {
		t.Errorf("typed again: %v", err)
	}
	p.asHead("leave it to the patterns", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Rename(tx, auth, provisioning.NewStamp(f, 1), "", head)
	})
	if a := p.line(f, 1); a.Chosen != "" || a.Address == "ana.sofia@"+teachersMail {
		t.Errorf("left to the patterns, it has %s, chosen %q", a.Address, a.Chosen)
	}
	p.settle()
	p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail)
	p.wantUsers(anaMail, "ana.sofia@"+teachersMail, "ana.ruiz.pena@"+teachersMail)
}

// With an empty input the patterns choose the address, from then on.
func TestWithoutATypedAddressTheNextFreeOneIsUsed(t *testing.T) {
	t.Parallel()
	p, f, _ := namesake(t, anaMail)
	p.seed("ana.ruiz.pena@"+teachersMail, "Otra Persona")
	p.asHead("rename", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Rename(tx, auth, provisioning.NewStamp(f, 1), " ", head)
	})
	p.settle()
	a := p.want(f, 1, provisioning.AccountAnnounced, "")
	if a.Chosen != "" || a.Address == anaMail || a.Address == "ana.ruiz.pena@"+teachersMail {
		t.Errorf("made as %s, chosen %q", a.Address, a.Chosen)
	}
}
