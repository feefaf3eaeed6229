package service_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// foreigner has the CURP that payrolls write for whoever has none.
func foreigner(given, surname string) provisioning.Holder {
	h := person(provisioning.Teacher, given, surname, "", 1)
	h.Person.CURP = "XEXX010101HNEXXXA4"
	return h
}

// Two foreigners with the generic CURP are two people: both get their account, and
// neither is told of the other's, in the form, by a line or by a row.
func TestTwoForeignersWithTheGenericCURP(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	john, peter := foreigner("John", "Smith"), foreigner("Peter", "Brown")
	first := p.grant(john)
	p.want(first, 1, provisioning.AccountAnnounced, "john.smith@"+teachersMail)
	p.leave(provisioning.Receipt{Address: "otro@" + teachersMail, Holder: foreigner("Jean", "Dupont")})
	p.seed("otro@"+teachersMail, "Jean Dupont")
	p.clock.leap(2 * time.Hour)
	seen, err := p.works.Preview(t.Context(), "", []provisioning.Holder{peter})
	if err != nil || seen[0].Exists || seen[0].Pending != "" || seen[0].Address != "peter.brown@"+teachersMail {
		t.Fatalf("the form is told %+v, %v", seen, err)
	}
	if w := seen[0].Warnings; len(w) != 1 || w[0].Reason != "curp.generic" {
		t.Errorf("the form is warned of %+v", w)
	}
	second := p.grant(peter, foreigner("Mary", "Jones"))
	p.want(second, 1, provisioning.AccountAnnounced, "peter.brown@"+teachersMail)
	p.want(second, 2, provisioning.AccountAnnounced, "mary.jones@"+teachersMail)
	for upn, want := range map[string]provisioning.Folio{"john.smith@": first, "peter.brown@": second, "mary.jones@": second} {
		rows, err := p.rows.Find(t.Context(), provisioning.ReceiptQuery{Address: provisioning.Address(upn + teachersMail)})
		if err != nil || len(rows) != 1 || rows[0].Folio != want {
			t.Errorf("%s: rows %+v, %v", upn, rows, err)
		}
	}
}

// Whether two foreigners of one name are one, a person says.
func TestTwoForeignersOfOneName(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	p.grant(foreigner("John", "Smith"))
	p.clock.leap(2 * time.Hour)
	f := p.grant(foreigner("John", "Smith"))
	if a := p.wantTrouble(f, 1, "trouble.homonym"); len(a.Trouble.Entries) != 1 {
		t.Errorf("the card shows %+v", a.Trouble.Entries)
	}
}
