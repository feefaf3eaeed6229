package service_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// The line's account was created, the response was lost, and somebody deleted the account before
// the retry: it is not adopted from the recycle bin; a person decides.
func TestADeletedAccountWithTheStampIsNotAdopted(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	p.approve(f)
	p.tenant.Fail(graphfake.Fault{Op: "users.create", After: true, Status: 503})
	p.runner.Drain(t.Context())
	u, made := p.tenant.User(anaMail)
	if a := p.line(f, 1); !made || a.ObjectID != "" {
		t.Fatalf("made %v, and the line has %q", made, a.ObjectID)
	}
	p.remove(u.ID)
	p.clock.advance(20 * time.Minute) // the list of deleted users is used for at most 15
	p.settle()
	a := p.wantTrouble(f, 1, "trouble.deleted")
	if len(a.Trouble.Entries) != 1 || a.Trouble.Entries[0].ID != u.ID || a.ObjectID != "" {
		t.Errorf("the line has %q, the card shows %+v", a.ObjectID, a.Trouble.Entries)
	}
	p.wantUsers()
	if rows := p.rowsOf(ana()); len(rows) > 0 {
		t.Errorf("receipts: %+v", rows)
	}
}

// A deleted account with the line's stamp was created by somebody else: no second account with the
// stamp is created.
func TestADeletedAccountWithTheStampOfSomebodyElse(t *testing.T) {
	t.Parallel()
	p := newPipeline(t, nil)
	f := p.submit(ana())
	p.remove(p.seedOthersAccount(f, anaMail, person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8), true))
	p.approve(f)
	p.settle()
	p.wantTrouble(f, 1, "trouble.stamp")
	p.wantUsers()
}

// The address of another person's deleted account is not reused, because the account may be
// restored. It is not offered to holders with another name or CURP.
func TestADeletedAccountOfSomebodyElseKeepsItsAddress(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]identity.Holder{
		"of another name":               person(identity.Teacher, "Ana", "Ruiz", "López", 7),
		"of a namesake in the receipts": person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			id := p.seed(anaMail, h.DisplayName())
			p.importRow(provisioning.Receipt{Address: anaMail, Holder: h})
			p.remove(id)
			f := p.provision(ana())
			if a := p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail); !cmp.Equal(a.Passed, []identity.Address{anaMail}) {
				t.Errorf("passed over %v", a.Passed)
			}
			if _, err := p.graph.Restore(t.Context(), id); err != nil {
				t.Errorf("it can no longer be restored: %v", err)
			}
		})
	}
}
