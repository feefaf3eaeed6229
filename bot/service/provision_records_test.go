package service_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// The receipts, or Altas's lines, have an address for her that another person has now: its account
// was purged, and the address used again. Nobody is told that it is hers.
func TestAnAddressThatWasGivenAgainIsNobodysByARecord(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(p *pipeline){
		"in the receipts": func(p *pipeline) {
			p.receipt(provisioning.Receipt{Stamp: "2020-000009-0001", Folio: "2020-000009", Address: "aruiz70@" + teachersMail, Holder: ana(),
				ObjectID: "0b1fb1a5-0000-4000-8000-000000000009", State: provisioning.ReceiptActive, RequestedAt: provisioningtest.Start,
				CreatedAt: provisioningtest.Start, Petition: provisioning.Petition{Medium: input.MediumOficio}})
		},
		"in a line of ours": func(p *pipeline) {
			f := p.provision(ana())
			p.update("her first account", func(tx provisioning.Tx) error {
				a, err := tx.Account(provisioning.NewStamp(f, 1))
				old := a.Address
				a.Address = "aruiz70@" + teachersMail
				return errors.Join(err, tx.Release(old, a.Stamp), tx.Reserve(a.Address, a.Stamp), tx.PutAccount(a))
			})
			p.purge(p.line(f, 1).ObjectID)
			p.clock.advance(2 * time.Hour)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPipeline(t, nil)
			before(p)
			p.seed("aruiz70@"+teachersMail, "Alicia Ruiz Mora")
			seen, err := p.creation.Preview(t.Context(), provisioning.Inquiry{Holders: []identity.Holder{ana()}})
			if err != nil || seen[0].Exists || seen[0].Address == "aruiz70@"+teachersMail {
				t.Fatalf("the form is told %+v, %v", seen, err)
			}
			var f provisioning.Folio
			p.update("submit", func(tx provisioning.Tx) error {
				s := form(secretary, "", ana())
				s.Gone = map[identity.Address]bool{seen[0].Gone: seen[0].Gone != ""}
				r, err := p.workflow.Submit(tx, s)
				f = r.Folio
				return err
			})
			p.approve(f)
			p.settle()
			if a := p.want(f, 1, provisioning.AccountAnnounced, ""); a.Address == "aruiz70@"+teachersMail {
				t.Error("she got the address")
			}
		})
	}
}

// Another person's row with the line's stamp appears only when the line's own is to be written, at
// once or later. It is kept; the first person's line goes to attention, where the account can be
// disabled, and the second one's row stays in the queue.
func TestARowOfSomebodyElseThatShowsLate(t *testing.T) {
	t.Parallel()
	bruno := func(p *pipeline, f provisioning.Folio) provisioning.Receipt {
		return provisioning.Receipt{Stamp: provisioning.NewStamp(f, 1), Folio: f, Address: "bruno.paz@" + teachersMail, State: provisioning.ReceiptActive,
			Holder: person(identity.Teacher, "Bruno", "Paz", "León", 7), RequestedAt: provisioningtest.Start, CreatedAt: provisioningtest.Start,
			Petition: provisioning.Petition{Medium: input.MediumOficio}}
	}
	theirs := func(t *testing.T, p *pipeline, want provisioning.Receipt) {
		t.Helper()
		rows, err := p.rows.Find(t.Context(), provisioning.ReceiptQuery{Stamp: want.Stamp})
		if err != nil || len(rows) != 1 || !cmp.Equal(rows[0], want) {
			t.Errorf("rows of the stamp: %+v, %v; want %+v", rows, err, want)
		}
		if rows := p.rowsOf(ana()); len(rows) > 0 {
			t.Errorf("Ana has %+v", rows)
		}
	}
	t.Run("as the line's own is written", func(t *testing.T) {
		t.Parallel()
		p := newPipeline(t, nil)
		f := p.submit(ana())
		row := bruno(p, f)
		p.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
			if op == "users.assignLicense" {
				p.receipt(row)
			}
			return graphfake.Fault{}, false
		})
		p.approve(f)
		p.settle()
		a := p.wantTrouble(f, 1, "trouble.stamp")
		if offered := a.Remedies(); !offered.Disable || offered.Adopt || a.Trouble.Args["holder"] == "" {
			t.Errorf("offered %+v, told %v", offered, a.Trouble.Args)
		}
		theirs(t, p, row)
	})
	t.Run("while the rows are owed", func(t *testing.T) {
		t.Parallel()
		p := newPipeline(t, nil)
		f := p.submit(ana())
		p.approve(f)
		_ = p.rows.Close()
		p.runFor(time.Minute)
		p.want(f, 1, provisioning.AccountAnnounced, anaMail)
		p.close()
		p.open()
		row := bruno(p, f)
		p.receipt(row)
		p.runFor(3 * time.Hour)
		if d := p.depth(); d[provisioning.JobReceipt].Jobs != 1 || d[provisioning.JobReceipt].Failing != 1 {
			t.Errorf("the row is let go: %+v", d)
		}
		theirs(t, p, row)
	})
}
