package service_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// pedro has Ana's CURP, and no word of her name.
func pedro() identity.Holder {
	h := person(identity.Teacher, "Pedro", "Ochoa", "Rivas", 1)
	return h
}

const pedroMail = "pedro.ochoa@" + teachersMail

// The same CURP with an entirely different name: the form shows no address, and once the request is
// authorised a person decides whether they are the same.
func TestACURPOfAnotherNameIsForAPerson(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(p *pipeline){
		"a line of ours": func(p *pipeline) { p.provision(ana()); p.clock.advance(2 * time.Hour) },
		"a row of the list": func(p *pipeline) {
			p.seed(anaMail, "RUIZ PEÑA ANA SOFIA")
			p.importRow(provisioning.Receipt{Address: anaMail, Holder: ana()})
		},
		"a row of Altas": func(p *pipeline) {
			p.receipt(provisioning.Receipt{Stamp: "2020-000009-0001", Folio: "2020-000009", Address: anaMail, Holder: ana(),
				ObjectID: p.seed(anaMail, "Ana Sofía Ruiz Peña"), State: provisioning.ReceiptActive, RequestedAt: p.clock.Now(),
				CreatedAt: p.clock.Now(), Petition: provisioning.Petition{Medium: input.MediumOficio}})
		},
	} {
		for end, settle := range map[string]func(p *pipeline, f provisioning.Folio){
			"one and the same": func(p *pipeline, f provisioning.Folio) {
				id := p.line(f, 1).Trouble.Entries[0].ID
				p.asHead("adopt", func(tx provisioning.Tx, auth provisioning.Authority) error {
					return p.workflow.Adopt(tx, auth, provisioning.NewStamp(f, 1), id, head)
				})
				p.settle()
				p.want(f, 1, provisioning.AccountExists, anaMail)
				p.wantUsers(anaMail)
			},
			"two people": func(p *pipeline, f provisioning.Folio) {
				p.asHead("rename", func(tx provisioning.Tx, auth provisioning.Authority) error {
					return p.workflow.Rename(tx, auth, provisioning.NewStamp(f, 1), "", head)
				})
				p.settle()
				p.want(f, 1, provisioning.AccountAnnounced, pedroMail)
				p.wantUsers(anaMail, pedroMail)
			},
		} {
			t.Run(name+", "+end, func(t *testing.T) {
				t.Parallel()
				p := newPipeline(t, nil)
				before(p)
				seen, err := p.creation.Preview(t.Context(), provisioning.Inquiry{Holders: []identity.Holder{pedro()}})
				want := problem.Warning{Reason: "trouble.curp"}
				if err != nil || seen[0].Exists || seen[0].Pending != "" || seen[0].Address != pedroMail || !cmp.Equal(seen[0].Warnings[0], want) {
					t.Fatalf("the form is told %+v, %v", seen, err)
				}
				f := p.submitBy(neighbour, "", pedro())
				p.want(f, 1, provisioning.AccountPending, pedroMail)
				p.approve(f)
				p.settle()
				a := p.wantTrouble(f, 1, "trouble.curp")
				if len(a.Trouble.Entries) != 1 || a.Trouble.Entries[0].Address != anaMail || a.Trouble.Args["name"] == "" {
					t.Errorf("the card shows %+v", a.Trouble)
				}
				if got := p.notices(neighbour.ID); got[len(got)-1] != "attention "+string(f) {
					t.Errorf("the requester is told %v", got)
				}
				settle(p, f)
			})
		}
	}
}

// Two requests with one CURP and two names are processed at the same time: both go to attention,
// and neither is excluded as a duplicate.
func TestACURPOfTwoNamesUnderWay(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	one, two := p.submit(ana()), p.submitBy(neighbour, "", pedro())
	p.want(two, 1, provisioning.AccountPending, pedroMail)
	p.approve(one, two)
	p.settle()
	for _, f := range []provisioning.Folio{one, two} {
		if a := p.wantTrouble(f, 1, "trouble.curp"); len(a.Trouble.Entries) > 0 || a.Remedies().Adopt {
			t.Errorf("%s: %+v", f, a.Trouble)
		}
	}
	p.wantUsers()
	p.asHead("the CURP is Ana's", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Drop(tx, auth, provisioning.NewStamp(two, 1), "CURP equivocada.", head)
	})
	p.asHead("try Ana again", func(tx provisioning.Tx, auth provisioning.Authority) error {
		return p.workflow.Rename(tx, auth, provisioning.NewStamp(one, 1), "", head)
	})
	p.settle()
	p.want(one, 1, provisioning.AccountAnnounced, anaMail)
	p.wantUsers(anaMail)
}

// A name in another spelling is the same person's.
func TestACURPOfTheSameNameWrittenOtherwise(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]identity.Holder{
		"given names short":      person(identity.Teacher, "A. Sofía", "Ruiz", "", 1),
		"married":                person(identity.Teacher, "Ana", "Treviño", "de Ochoa", 1),
		"surnames changed about": person(identity.Teacher, "Ana", "Peña", "Ruiz", 1),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			p.seed("aruiz70@"+teachersMail, "A. Ruiz")
			p.importRow(provisioning.Receipt{Address: "aruiz70@" + teachersMail, Holder: ana()})
			p.want(p.provision(h), 1, provisioning.AccountExists, "aruiz70@"+teachersMail)
		})
	}
}

// foreigner has the generic CURP that payrolls use for people without one.
func foreigner(given, surname string) identity.Holder {
	h := person(identity.Teacher, given, surname, "", 1)
	h.Person.CURP = "XEXX010101HNEXXXA4"
	return h
}

// Two foreigners with the generic CURP are two people: both get an account, and neither learns of
// the other's, in the form, by a line or by a row.
func TestTwoForeignersWithTheGenericCURP(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	john, peter := foreigner("John", "Smith"), foreigner("Peter", "Brown")
	first := p.provision(john)
	p.want(first, 1, provisioning.AccountAnnounced, "john.smith@"+teachersMail)
	p.importRow(provisioning.Receipt{Address: "otro@" + teachersMail, Holder: foreigner("Jean", "Dupont")})
	p.seed("otro@"+teachersMail, "Jean Dupont")
	p.clock.advance(2 * time.Hour)
	seen, err := p.creation.Preview(t.Context(), provisioning.Inquiry{Holders: []identity.Holder{peter}})
	if err != nil || seen[0].Exists || seen[0].Pending != "" || seen[0].Address != "peter.brown@"+teachersMail {
		t.Fatalf("the form is told %+v, %v", seen, err)
	}
	if w := seen[0].Warnings; len(w) != 1 || w[0].Reason != "curp.generic" {
		t.Errorf("the form is warned of %+v", w)
	}
	second := p.provision(peter, foreigner("Mary", "Jones"))
	p.want(second, 1, provisioning.AccountAnnounced, "peter.brown@"+teachersMail)
	p.want(second, 2, provisioning.AccountAnnounced, "mary.jones@"+teachersMail)
	for upn, want := range map[string]provisioning.Folio{"john.smith@": first, "peter.brown@": second, "mary.jones@": second} {
		rows, err := p.rows.Find(t.Context(), provisioning.ReceiptQuery{Address: identity.Address(upn + teachersMail)})
		if err != nil || len(rows) != 1 || rows[0].Folio != want {
			t.Errorf("%s: rows %+v, %v", upn, rows, err)
		}
	}
}

// A person decides whether two foreigners with the same name are one.
func TestTwoForeignersOfOneName(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	p.provision(foreigner("John", "Smith"))
	p.clock.advance(2 * time.Hour)
	f := p.provision(foreigner("John", "Smith"))
	if a := p.wantTrouble(f, 1, "trouble.homonym"); len(a.Trouble.Entries) != 1 {
		t.Errorf("the card shows %+v", a.Trouble.Entries)
	}
}
