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

// holdersPassword is the password that an account's holder chose.
const holdersPassword = "Mi-propia-clave-7"

// seedOthersAccount adds another person's account with the first line's stamp to the tenant, and
// their row to the receipts, as after a restored backup.
func (p *pipeline) seedOthersAccount(f provisioning.Folio, upn string, h identity.Holder, recorded bool) string {
	p.t.Helper()
	stamp := provisioning.NewStamp(f, 1)
	id := p.seed(upn, h.DisplayName(), map[string]any{"employeeId": string(stamp), "accountEnabled": true,
		"passwordProfile": map[string]any{"password": holdersPassword, "forceChangePasswordNextSignIn": false}})
	if recorded {
		p.receipt(provisioning.Receipt{Stamp: stamp, Folio: f, Address: identity.Address(upn), Holder: h, ObjectID: id,
			State: provisioning.ReceiptActive, RequestedAt: p.clock.Now(), CreatedAt: p.clock.Now(),
			Petition: provisioning.Petition{Medium: input.MediumOficio, Number: "SEDU/044/2026"}})
	}
	return id
}

// othersState is the data of other people that must not change.
func (p *pipeline) othersState() any {
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

// wantOthersUnchanged fails unless the data of other people is unchanged, the line has no account,
// and the account's holder signs in with their own password, and its requester gets none.
func (p *pipeline) wantOthersUnchanged(f provisioning.Folio, before any, upn string) {
	p.t.Helper()
	if diff := cmp.Diff(before, p.othersState()); diff != "" {
		p.t.Errorf("what others have (-before +after):\n%s", diff)
	}
	if a := p.line(f, 1); a.ObjectID != "" || a.State == provisioning.AccountAnnounced {
		p.t.Errorf("the line has account %s, and is %s", a.ObjectID, a.State)
	}
	if password, err := p.reveal(f, secretary); err == nil || password.Reveal() != "" {
		p.t.Errorf("a password was shown: %v", err)
	}
	if upn != "" && p.tenant.SignIn(upn, holdersPassword) != graphfake.SignedIn {
		p.t.Error("whoever has the account no longer gets in")
	}
}

// A store that was lost, or restored from a backup, gives folios again that the tenant has. The
// account of the first holder is given to nobody, neither for its address nor its name nor both;
// the head of department may only retry the line, or exclude it.
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
			p := newPipeline(t, nil)
			f := p.submit(ana())
			id := p.seedOthersAccount(f, c.upn, c.holder, c.recorded)
			before := p.othersState()
			p.approve(f)
			p.settle()
			a := p.wantTrouble(f, 1, "trouble.stamp")
			if len(a.Trouble.Entries) != 1 || a.Trouble.Entries[0].ID != id || (a.Trouble.Args["holder"] != "") != c.recorded {
				t.Errorf("the card shows %+v, %v", a.Trouble.Entries, a.Trouble.Args)
			}
			p.wantOthersUnchanged(f, before, c.upn)
			p.wantOnlyRetryAndDrop(a.Stamp, id)
			p.settle()
			p.wantOthersUnchanged(f, before, c.upn)
			p.asHead("retry", func(tx provisioning.Tx, auth provisioning.Authority) error {
				return p.workflow.Retry(tx, auth, a.Stamp, head)
			})
			p.settle()
			p.wantTrouble(f, 1, "trouble.stamp")
			p.asHead("drop", func(tx provisioning.Tx, auth provisioning.Authority) error {
				return p.workflow.Drop(tx, auth, a.Stamp, "Se pide con otro folio.", head)
			})
			p.settle()
			p.want(f, 1, provisioning.AccountExcluded, "")
			p.wantOthersUnchanged(f, before, c.upn)
		})
	}
}

// wantOnlyRetryAndDrop fails unless all other remedies are refused, and leave the line unchanged.
func (p *pipeline) wantOnlyRetryAndDrop(s provisioning.Stamp, id string) {
	p.t.Helper()
	for name, act := range map[string]func(provisioning.Tx, provisioning.Authority) error{
		"adopt": func(tx provisioning.Tx, by provisioning.Authority) error {
			return p.workflow.Adopt(tx, by, s, id, head)
		},
		"restored": func(tx provisioning.Tx, by provisioning.Authority) error {
			return p.workflow.Restored(tx, by, s, id, head)
		},
		"rename": func(tx provisioning.Tx, by provisioning.Authority) error {
			return p.workflow.Rename(tx, by, s, "", head)
		},
		"rename, with an address": func(tx provisioning.Tx, by provisioning.Authority) error {
			return p.workflow.Rename(tx, by, s, "otra.cuenta", head)
		},
		"disable": func(tx provisioning.Tx, by provisioning.Authority) error { return p.workflow.Disabled(tx, by, s, head) },
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

// The stamp has no account yet, but the receipts have it for another person: this is found before
// an account is created that could not be recorded.
func TestARowOfSomebodyElseWithTheStamp(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	stamp := provisioning.NewStamp(f, 1)
	p.receipt(provisioning.Receipt{Stamp: stamp, Folio: f, Address: "bruno.paz@" + teachersMail, State: provisioning.ReceiptActive,
		Holder: person(identity.Teacher, "Bruno", "Paz", "León", 7), RequestedAt: p.clock.Now(), CreatedAt: p.clock.Now(),
		Petition: provisioning.Petition{Medium: input.MediumOficio}})
	before := p.othersState()
	p.approve(f)
	p.settle()
	a := p.wantTrouble(f, 1, "trouble.stamp")
	if len(a.Trouble.Entries) > 0 || a.Trouble.Args["holder"] == "" {
		t.Errorf("the card shows %+v", a.Trouble)
	}
	p.wantOthersUnchanged(f, before, "")
	p.wantUsers()
}

// The account appears only after the line's creation request: in the query before the retry, or as
// the user with the address. It is older than the request.
func TestAStampThatShowsLate(t *testing.T) {
	t.Parallel()
	for name, upn := range map[string]string{"as who has the address": anaMail, "in a query": "ana.antes@" + teachersMail} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, func(s *pipelineOptions) { s.tenant.IndexLag = 3 * time.Hour })
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
			before := p.othersState()
			p.clock.advance(2 * time.Hour)
			p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
				return graphfake.Fault{Status: 503}, op == "users.create" && upn != anaMail
			})
			p.approve(f)
			p.settle()
			a := p.wantTrouble(f, 1, "trouble.stamp")
			if a.CreateSentAt.IsZero() {
				t.Error("it was seen before a creation was asked for: the story tells nothing")
			}
			p.wantOthersUnchanged(f, before, "")
			if got := p.tenant.SignIn(upn, password.Reveal()); got != graphfake.MustChange {
				t.Errorf("whoever has the account is told: %s", got)
			}
		})
	}
}

// The same line in a backup from before its account was created finds it again, by the receipts'
// stamp, address and CURP. What its owner did since counts, as if the line had always had it.
func TestALineOfABackupFindsItsAccountAgain(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		since  func(p *pipeline)
		reason string // why no password is shown; "" where one is
	}{
		"nobody used it":           {func(*pipeline) {}, ""},
		"its owner set a password": {func(p *pipeline) { p.ownerTakesOver() }, "password.used"},
		"its owner signed in":      {func(p *pipeline) { p.tenant.SignIn(anaMail, holdersPassword) }, "password.used"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, func(s *pipelineOptions) {
				s.tenant.Apps[0].Roles = append(s.tenant.Apps[0].Roles, "AuditLog.Read.All") // sign-ins can be read
			})
			f := p.submit(ana())
			id := p.seedOthersAccount(f, anaMail, ana(), true)
			p.clock.advance(48 * time.Hour)
			c.since(p)
			p.clock.advance(time.Hour)
			p.approve(f)
			p.settle()
			a := p.want(f, 1, provisioning.AccountAnnounced, anaMail)
			u, _ := p.tenant.User(anaMail)
			if a.ObjectID != id || a.CreatedAt.Format(time.RFC3339) != u.Properties["createdDateTime"] {
				t.Errorf("the line has %s, made %s; want %s, %s", a.ObjectID, a.CreatedAt, id, u.Properties["createdDateTime"])
			}
			password, err := p.reveal(f, secretary)
			if refused := err != nil; refused != (c.reason != "") || refused && problem.ReasonOf(err) != c.reason || refused == (password.Reveal() != "") {
				t.Errorf("shown %v, %v; want %q", password, err, c.reason)
			}
			if c.reason != "" && p.tenant.SignIn(anaMail, "Nueva-clave-mia-8") != graphfake.SignedIn && p.tenant.SignIn(anaMail, holdersPassword) != graphfake.SignedIn {
				t.Error("its owner no longer gets in")
			}
		})
	}
}

// ownerTakesOver is Ana's first sign-in and change of password.
func (p *pipeline) ownerTakesOver() {
	p.t.Helper()
	if err := p.tenant.ChangePassword(anaMail, holdersPassword, "Nueva-clave-mia-8"); err != nil {
		p.t.Fatal(err)
	}
}

// A row with the same stamp and CURP but another address does not make the account ours.
func TestARowOfAnotherAddressTiesNoStamp(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	p.seedOthersAccount(f, anaMail, person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8), false)
	p.receipt(provisioning.Receipt{Stamp: provisioning.NewStamp(f, 1), Folio: f, Address: "a.ruiz@" + teachersMail, Holder: ana(),
		State: provisioning.ReceiptActive, RequestedAt: p.clock.Now(), CreatedAt: p.clock.Now(), Petition: provisioning.Petition{Medium: input.MediumOficio}})
	before := p.othersState()
	p.approve(f)
	p.settle()
	p.wantTrouble(f, 1, "trouble.stamp")
	p.wantOthersUnchanged(f, before, anaMail)
}

// While the receipts are unavailable, nothing is asked or given that they may decide: the line
// waits.
func TestWhoseAnAccountIsWaitsForTheReceipts(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		before func(p *pipeline, f provisioning.Folio)
		reason string
	}{
		"a stamp": {func(p *pipeline, f provisioning.Folio) {
			p.seedOthersAccount(f, anaMail, person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8), true)
		}, "trouble.stamp"},
		"a name": {func(p *pipeline, _ provisioning.Folio) { p.seed("aruiz70@"+teachersMail, "Ana Sofía Ruiz Peña") }, "trouble.homonym"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			f := p.submit(ana())
			c.before(p, f)
			p.approve(f)
			_ = p.rows.Close()
			p.runFor(3 * time.Hour)
			p.want(f, 1, provisioning.AccountPending, anaMail)
			p.close()
			p.open()
			p.settle()
			p.wantTrouble(f, 1, c.reason)
		})
	}
}
