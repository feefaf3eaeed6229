package service_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// childsSecret is the password that whoever has an account chose.
const childsSecret = "Mi-propia-clave-7"

// theirs puts somebody's account into the tenant that bears the first line's stamp, and
// their row into the receipts, as the days left that a restored backup does not know.
func (p *plant) theirs(f provisioning.Folio, upn string, h identity.Holder, recorded bool) string {
	p.t.Helper()
	stamp := provisioning.NewStamp(f, 1)
	id := p.seed(upn, h.DisplayName(), map[string]any{"employeeId": string(stamp), "accountEnabled": true,
		"passwordProfile": map[string]any{"password": childsSecret, "forceChangePasswordNextSignIn": false}})
	if recorded {
		p.receipt(provisioning.Receipt{Stamp: stamp, Folio: f, Address: identity.Address(upn), Holder: h, ObjectID: id,
			State: provisioning.ReceiptActive, RequestedAt: p.clock.Now(), CreatedAt: p.clock.Now(),
			Petition: provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/044/2026"}})
	}
	return id
}

// standing is what must not change of what others have.
func (p *plant) standing() any {
	p.t.Helper()
	var rows []provisioning.Receipt
	for r, err := range p.rows.Rows(p.t.Context()) {
		if err != nil {
			p.t.Fatal(err)
		}
		rows = append(rows, r)
	}
	users := p.tenant.Users()
	for i := range users {
		delete(users[i].Properties, "signInActivity") // the test signs in
	}
	return []any{users, rows}
}

// unharmed fails unless nothing changed of what others have, the line got no account,
// and whoever has the account gets in by their own password, its requester by none.
func (p *plant) unharmed(f provisioning.Folio, before any, upn string) {
	p.t.Helper()
	if diff := cmp.Diff(before, p.standing()); diff != "" {
		p.t.Errorf("what others have (-before +after):\n%s", diff)
	}
	if a := p.line(f, 1); a.ObjectID != "" || a.State == provisioning.AccountAnnounced {
		p.t.Errorf("the line has account %s, and is %s", a.ObjectID, a.State)
	}
	if password, err := p.shown(f, secretary); err == nil || password.Reveal() != "" {
		p.t.Errorf("a password was shown: %v", err)
	}
	if upn != "" && p.tenant.SignIn(upn, childsSecret) != graphfake.SignedIn {
		p.t.Error("whoever has the account no longer gets in")
	}
}

// A store that was lost, or restored from a backup, gives folios again that the tenant
// has seen. The account of whoever had one first is given to nobody: not for its
// address, not for its name, not for both; and a person who sees its card may only try
// again, or leave the line out.
func TestAStampOfSomebodyElseGivesNothingAway(t *testing.T) {
	t.Parallel()
	bruno := person(identity.Teacher, "Bruno", "Paz", "León", 7)
	namesake := person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8)
	for name, c := range map[string]struct {
		upn      string
		holder   identity.Holder
		recorded bool
	}{
		"another name and address":                   {"bruno.paz@" + teachersMail, bruno, false},
		"the same address":                           {anaMail, bruno, false},
		"a namesake at another address":              {"ana.antes@" + teachersMail, namesake, false},
		"a namesake at the address":                  {anaMail, namesake, false},
		"a namesake at the address, in the receipts": {anaMail, namesake, true},
		"another's row and address":                  {anaMail, bruno, true},
		"another name and address, in the receipts":  {"bruno.paz@" + teachersMail, bruno, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, nil)
			f := p.submit(ana())
			id := p.theirs(f, c.upn, c.holder, c.recorded)
			before := p.standing()
			p.approve(f)
			p.settle()
			a := p.wantTrouble(f, 1, "trouble.stamp")
			if len(a.Trouble.Entries) != 1 || a.Trouble.Entries[0].ID != id || (a.Trouble.Args["holder"] != "") != c.recorded {
				t.Errorf("the card shows %+v, %v", a.Trouble.Entries, a.Trouble.Args)
			}
			p.unharmed(f, before, c.upn)
			p.wantOnlyRetryAndDrop(a.Stamp, id)
			p.settle()
			p.unharmed(f, before, c.upn)
			p.attend("retry", func(tx provisioning.Tx, auth provisioning.Authority) error {
				return p.desk.Retry(tx, auth, a.Stamp, head)
			})
			p.settle()
			p.wantTrouble(f, 1, "trouble.stamp")
			p.attend("drop", func(tx provisioning.Tx, auth provisioning.Authority) error {
				return p.desk.Drop(tx, auth, a.Stamp, "Se pide con otro folio.", head)
			})
			p.settle()
			p.want(f, 1, provisioning.AccountExcluded, "")
			p.unharmed(f, before, c.upn)
		})
	}
}

// wantOnlyRetryAndDrop fails unless every other way out is refused, and leaves the line
// as it is.
func (p *plant) wantOnlyRetryAndDrop(s provisioning.Stamp, id string) {
	p.t.Helper()
	for name, act := range map[string]func(provisioning.Tx, provisioning.Authority) error{
		"adopt": func(tx provisioning.Tx, auth provisioning.Authority) error {
			return p.desk.Adopt(tx, auth, s, id, head)
		},
		"restored": func(tx provisioning.Tx, auth provisioning.Authority) error {
			return p.desk.Restored(tx, auth, s, id, head)
		},
		"rename": func(tx provisioning.Tx, auth provisioning.Authority) error {
			return p.desk.Rename(tx, auth, s, "", head)
		},
		"rename, with an address": func(tx provisioning.Tx, auth provisioning.Authority) error {
			return p.desk.Rename(tx, auth, s, "otra.cuenta", head)
		},
		"disable": func(tx provisioning.Tx, auth provisioning.Authority) error { return p.desk.Disabled(tx, auth, s, head) },
	} {
		before := p.line(s.Folio(), s.Number())
		err := p.db.Update(p.t.Context(), func(tx provisioning.Tx) error { return act(tx, p.authority()) })
		if problem.ReasonOf(err) != "attention.not_offered" {
			p.t.Errorf("%s: %v, want attention.not_offered", name, err)
		}
		if diff := cmp.Diff(before, p.line(s.Folio(), s.Number())); diff != "" {
			p.t.Errorf("%s (-before +after):\n%s", name, diff)
		}
	}
}

// Nobody made an account for the stamp yet, but the receipts have it for another: it is
// known before an account is made that could never be recorded.
func TestARowOfSomebodyElseWithTheStamp(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	stamp := provisioning.NewStamp(f, 1)
	p.receipt(provisioning.Receipt{Stamp: stamp, Folio: f, Address: "bruno.paz@" + teachersMail, State: provisioning.ReceiptActive,
		Holder: person(identity.Teacher, "Bruno", "Paz", "León", 7), RequestedAt: p.clock.Now(), CreatedAt: p.clock.Now(),
		Petition: provisioning.Petition{Medium: input.MediumOficio}})
	before := p.standing()
	p.approve(f)
	p.settle()
	a := p.wantTrouble(f, 1, "trouble.stamp")
	if len(a.Trouble.Entries) > 0 || a.Trouble.Args["holder"] == "" {
		t.Errorf("the card shows %+v", a.Trouble)
	}
	p.unharmed(f, before, "")
	p.wantUsers()
}

// The account shows only once the line's own creation was asked for: in the queries of
// the look before the next try, or as who has the address. It is older than that.
func TestAStampThatShowsLate(t *testing.T) {
	t.Parallel()
	for name, upn := range map[string]string{"as who has the address": anaMail, "in a query": "ana.antes@" + teachersMail} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, func(s *site) { s.tenant.IndexLag = 3 * time.Hour })
			f := p.submit(ana())
			password, err := secret.NewPassword(rand.Reader)
			if err != nil {
				t.Fatal(err)
			}
			_, err = p.graph.Create(t.Context(), provisioning.NewUser{
				Stamp: provisioning.NewStamp(f, 1), Address: identity.Address(upn), DisplayName: ana().DisplayName(), Password: password})
			if err != nil {
				t.Fatal(err)
			}
			before := p.standing()
			p.clock.leap(2 * time.Hour)
			p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
				return graphfake.Fault{Status: 503}, op == "users.create" && upn != anaMail
			})
			p.approve(f)
			p.settle()
			a := p.wantTrouble(f, 1, "trouble.stamp")
			if a.CreateSentAt.IsZero() {
				t.Error("it was seen before a creation was asked for: the story tells nothing")
			}
			p.unharmed(f, before, "")
			if got := p.tenant.SignIn(upn, password.Reveal()); got != graphfake.MustChange {
				t.Errorf("whoever has the account is told: %s", got)
			}
		})
	}
}

// The same line of a backup from before its account was made finds it again, by what
// the receipts have: stamp, address and CURP. What its owner did since counts, as if
// the line had known all along.
func TestALineOfABackupFindsItsAccountAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		since  func(p *plant)
		reason string // why no password is shown; "" where one is
	}{
		"nobody used it":           {func(*plant) {}, ""},
		"its owner set a password": {func(p *plant) { p.takesOver() }, "password.used"},
		"its owner signed in":      {func(p *plant) { p.tenant.SignIn(anaMail, childsSecret) }, "password.used"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, func(s *site) {
				s.tenant.Apps[0].Roles = append(s.tenant.Apps[0].Roles, "AuditLog.Read.All") // sign-ins are told
			})
			f := p.submit(ana())
			id := p.theirs(f, anaMail, ana(), true)
			p.clock.leap(48 * time.Hour)
			c.since(p)
			p.clock.leap(time.Hour)
			p.approve(f)
			p.settle()
			a := p.want(f, 1, provisioning.AccountAnnounced, anaMail)
			u, _ := p.tenant.User(anaMail)
			if a.ObjectID != id || a.CreatedAt.Format(time.RFC3339) != u.Properties["createdDateTime"] {
				t.Errorf("the line has %s, made %s; want %s, %s", a.ObjectID, a.CreatedAt, id, u.Properties["createdDateTime"])
			}
			password, err := p.shown(f, secretary)
			if refused := err != nil; refused != (c.reason != "") || refused && problem.ReasonOf(err) != c.reason || refused == (password.Reveal() != "") {
				t.Errorf("shown %v, %v; want %q", password, err, c.reason)
			}
			if c.reason != "" && p.tenant.SignIn(anaMail, "Nueva-clave-mia-8") != graphfake.SignedIn && p.tenant.SignIn(anaMail, childsSecret) != graphfake.SignedIn {
				t.Error("its owner no longer gets in")
			}
		})
	}
}

// takesOver is what Ana does with her account.
func (p *plant) takesOver() {
	p.t.Helper()
	if err := p.tenant.ChangePassword(anaMail, childsSecret, "Nueva-clave-mia-8"); err != nil {
		p.t.Fatal(err)
	}
}

// A row of the same stamp and CURP for another address makes no account ours.
func TestARowOfAnotherAddressTiesNoStamp(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	p.theirs(f, anaMail, person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8), false)
	p.receipt(provisioning.Receipt{Stamp: provisioning.NewStamp(f, 1), Folio: f, Address: "a.ruiz@" + teachersMail, Holder: ana(),
		State: provisioning.ReceiptActive, RequestedAt: p.clock.Now(), CreatedAt: p.clock.Now(), Petition: provisioning.Petition{Medium: input.MediumOficio}})
	before := p.standing()
	p.approve(f)
	p.settle()
	p.wantTrouble(f, 1, "trouble.stamp")
	p.unharmed(f, before, anaMail)
}

// While the receipts are away nobody is asked, or given, what they may tell: the line
// waits for them.
func TestWhoseAnAccountIsWaitsForTheReceipts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(p *plant, f provisioning.Folio)
		reason string
	}{
		"a stamp": {func(p *plant, f provisioning.Folio) {
			p.theirs(f, anaMail, person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8), true)
		}, "trouble.stamp"},
		"a name": {func(p *plant, _ provisioning.Folio) { p.seed("aruiz70@"+teachersMail, "Ana Sofía Ruiz Peña") }, "trouble.homonym"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, nil)
			f := p.submit(ana())
			c.before(p, f)
			p.approve(f)
			_ = p.rows.Close()
			p.pass(3 * time.Hour)
			p.want(f, 1, provisioning.AccountPending, anaMail)
			p.shut()
			p.open()
			p.settle()
			p.wantTrouble(f, 1, c.reason)
		})
	}
}
