package service_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// The line's own creation worked, its answer was lost, and somebody deleted the account
// before the line came back: it is not adopted out of the recycle bin, a person says.
func TestADeletedAccountWithTheStampIsNotAdopted(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	p.approve(f)
	p.tenant.Fail(graphfake.Fault{Op: "users.create", After: true, Status: 503})
	p.runner.Drain(t.Context())
	u, made := p.tenant.User(anaMail)
	if a := p.line(f, 1); !made || a.ObjectID != "" {
		t.Fatalf("made %v, and the line has %q", made, a.ObjectID)
	}
	p.remove(u.ID)
	p.clock.leap(20 * time.Minute) // no copy of the bin is believed for longer than 15
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

// One that bears the stamp, of somebody else's making, lies in the bin: nothing is made
// with its stamp beside it.
func TestADeletedAccountWithTheStampOfSomebodyElse(t *testing.T) {
	t.Parallel()
	p := build(t, nil)
	f := p.submit(ana())
	p.remove(p.theirs(f, anaMail, person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8), true))
	p.approve(f)
	p.settle()
	p.wantTrouble(f, 1, "trouble.stamp")
	p.wantUsers()
}

// Somebody else's account that was deleted keeps its address, as a live one's: it may be
// restored. It is offered to nobody of another name or CURP.
func TestADeletedAccountOfSomebodyElseKeepsItsAddress(t *testing.T) {
	t.Parallel()
	for name, h := range map[string]identity.Holder{
		"of another name":               person(identity.Teacher, "Ana", "Ruiz", "López", 7),
		"of a namesake in the receipts": person(identity.Teacher, "Ana Sofía", "Ruiz", "Peña", 8),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := build(t, nil)
			id := p.seed(anaMail, h.DisplayName())
			p.leave(provisioning.Receipt{Address: anaMail, Holder: h})
			p.remove(id)
			f := p.grant(ana())
			if a := p.want(f, 1, provisioning.AccountAnnounced, "ana.ruiz.pena@"+teachersMail); !cmp.Equal(a.Passed, []identity.Address{anaMail}) {
				t.Errorf("passed over %v", a.Passed)
			}
			if _, err := p.graph.Restore(t.Context(), id); err != nil {
				t.Errorf("it can no longer be restored: %v", err)
			}
		})
	}
}
