package retention_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/retention"
)

// term is eight years: three in the archivo de trámite, five in that of concentración.
var term = retention.Term{Tramite: 3, Concentracion: 5}

func (w *world) mask(want retention.Masked) {
	w.t.Helper()
	got, err := w.Mask(context.Background(), term)
	if err != nil {
		w.t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		w.t.Errorf("Mask (-want +got):\n%s", diff)
	}
}

func TestMaskWaitsForTheTerm(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateRejected, quiteria)
	w.put("2026-000002", provisioning.StateReturned, provisioningtest.Teacher(1))
	w.now = provisioningtest.Start.AddDate(8, 0, 0).Add(-1)
	w.mask(retention.Masked{})
	w.now = w.now.Add(1)
	w.mask(retention.Masked{Requests: 1, Lines: 1})
	w.mask(retention.Masked{})
	if got := w.line("2026-000001-0001").Holder.Person; got.CURP != quiteria.Person.CURP[:4]+"············08" || got.FirstSurname != quiteria.Person.FirstSurname {
		t.Errorf("the line is of %#v", got)
	}
	if got := w.line("2026-000002-0001").Holder; got != provisioningtest.Teacher(1) {
		t.Errorf("an open request's line is %+v", got)
	}
	entries := w.entries()
	if len(entries) != 1 || entries[0].Act != retention.ActMask || entries[0].Detail["lines"] != "1" || entries[0].Folio != "2026-000001" {
		t.Errorf("audit: %+v", entries)
	}
}

// Without a term in the rules nothing is masked, ever.
func TestNoTermMasksNothing(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateRejected, quiteria)
	w.now = w.now.AddDate(100, 0, 0)
	if done, err := w.Mask(context.Background(), retention.Term{}); err != nil || done != (retention.Masked{}) {
		t.Errorf("Mask = %+v, %v", done, err)
	}
	if got := w.line("2026-000001-0001").Holder; got != quiteria {
		t.Errorf("the line is %+v", got)
	}
}

// An account is found again by its holder's CURP: that stays until the receipts have it.
func TestTheCURPOfAnAccountStaysUntilTheReceiptsHaveIt(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateCompleted, quiteria, provisioningtest.Teacher(1))
	w.made("2026-000001-0001", address, false)
	w.made("2026-000001-0002", "otra@docentecoahuila.gob.mx", true)
	w.now = w.now.AddDate(9, 0, 0)
	w.rows.broken = errors.New("away")
	if _, err := w.Mask(context.Background(), term); err == nil {
		t.Error("no error without the receipts")
	}
	if got := w.line("2026-000001-0002").Holder; got != provisioningtest.Teacher(1) {
		t.Errorf("without the receipts a line was masked: %+v", got)
	}
	w.rows.broken = nil
	w.mask(retention.Masked{Lines: 1, Kept: 1})
	if r := w.request("2026-000001"); !r.MaskedAt.IsZero() {
		t.Error("the request counts as masked")
	}
	w.rows.rows = append(w.rows.rows, provisioning.Receipt{Address: address, Holder: quiteria})
	w.mask(retention.Masked{Requests: 1, Lines: 1})
}

func TestMaskedTexts(t *testing.T) {
	w := newWorld(t)
	w.put("2026-000001", provisioning.StateExpired, quiteria)
	w.changeRequest("2026-000001", func(r *provisioning.Request) {
		r.Notes = "La CURP es UIZQ850515MCLRBT08."
		r.Decisions = []provisioning.Decision{{Comment: "¿uizq850515mclrbt08?"}}
		r.EndedAt = r.EndedAt.AddDate(0, 0, -1)
	})
	w.now = w.now.AddDate(8, 0, 0)
	w.mask(retention.Masked{Requests: 1, Lines: 1})
	r := w.request("2026-000001")
	if strings.Contains(r.Notes+r.Decisions[0].Comment, "850515") || !strings.HasPrefix(r.Notes, "La CURP es UIZQ") {
		t.Errorf("texts: %q, %q", r.Notes, r.Decisions[0].Comment)
	}
}

// A long list is masked in several transactions, and its request at the end.
func TestALongListIsMaskedInPages(t *testing.T) {
	const lines = 450
	w := newWorld(t)
	var all []identity.Holder
	for n := range lines {
		all = append(all, provisioningtest.Student(n))
	}
	w.put("2026-000001", provisioning.StateCancelled, all...)
	w.now = w.now.AddDate(8, 0, 0)
	w.mask(retention.Masked{Requests: 1, Lines: lines})
	for n := range lines {
		if a := w.line(provisioning.NewStamp("2026-000001", n+1)); a.MaskedAt.IsZero() || a.Holder.Known() || !a.Withheld() {
			t.Fatalf("line %d is %+v", n+1, a)
		}
	}
	if e := w.entries(); len(e) != 1 || e[0].Detail["lines"] != "450" {
		t.Errorf("audit: %+v", e)
	}
}

// The years are those of the organisation's zone: what ended there on 29 February is kept one day longer in a
// year without that day.
func TestTheTermIsCountedInTheZone(t *testing.T) {
	r := provisioning.Request{State: provisioning.StateCompleted, EndedAt: time.Date(2028, 3, 1, 2, 0, 0, 0, time.UTC)}
	saltillo := time.FixedZone("", -6*60*60)
	want := time.Date(2029, 3, 1, 20, 0, 0, 0, saltillo)
	if got := (retention.Term{Tramite: 1}).Ends(r, saltillo); !got.Equal(want) {
		t.Errorf("the term ends %v, want %v", got, want)
	}
}
