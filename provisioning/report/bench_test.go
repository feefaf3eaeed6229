package report_test

import (
	"fmt"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/report"
	"seducoahuila.gob.mx/altas/store"
)

// benchRequests and benchLines are 200,000 accounts.
const benchRequests, benchLines = 20_000, 10

// BenchmarkFigures reports on a year of 200,000 accounts; the budget is 3 s. Of the requests a
// twentieth is corrected, and a tenth ends in the month after its authorisation. In "every line" all
// do, so that every line is read.
func BenchmarkFigures(b *testing.B) {
	for name, each := range map[string]int{"tallies": 10, "every line": 1} {
		b.Run(name, func(b *testing.B) {
			db, err := store.Open(filepath.Join(b.TempDir(), "altas.db"), store.Options{NoSync: true})
			if err != nil {
				b.Fatal(err)
			}
			b.Cleanup(func() { _ = db.Close() })
			fill(b, db, each)
			r := &report.Reporter{
				Store: db, Rules: rules(b), Kinds: []provisioning.RequestKind{provisioning.Create}, Stock: stock{},
				Now: time.Now, Log: slog.New(slog.DiscardHandler),
			}
			b.ReportAllocs()
			for b.Loop() {
				f, err := r.Figures(b.Context(), report.Year(clock(b, "2026-06-01 00:00")))
				if got := f.Total(report.All).Accounts; err != nil || got < benchRequests*benchLines*9/10 {
					b.Fatal(got, err)
				}
			}
		})
	}
}

// fill stores the requests, one in spans of which is announced a month after its authorisation.
func fill(b *testing.B, db *store.DB, spans int) {
	b.Helper()
	for at := 0; at < benchRequests; at += 500 {
		err := db.Update(b.Context(), func(tx provisioning.Tx) error {
			for i := at; i < at+500; i++ {
				if err := fillOne(tx, i, i%spans == 0, i%20 == 0); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			b.Fatal(err)
		}
	}
}

func fillOne(tx provisioning.Tx, i int, spans, corrected bool) error {
	submitted := time.Date(2026, time.Month(1+i%11), 1+i%20, 15, i%60, 0, 0, time.UTC)
	r := provisioningtest.Request(provisioning.NewFolio(2026, i+1), fmt.Sprint("requester-", i%200), benchLines)
	r.SubmittedAt, r.State, r.Type = submitted, provisioning.StateCompleted, identity.AccountTypes[i%2]
	authorised := submitted.AddDate(0, 0, 4)
	if corrected {
		r.Round = 2
		r.Decisions = append(r.Decisions, provisioning.Decision{Stage: "director", Verdict: provisioning.Return, Round: 1, At: submitted.Add(time.Hour), Comment: "La CURP no corresponde."})
		for _, at := range []time.Time{submitted, submitted.Add(20 * time.Hour)} {
			if err := tx.Record(provisioning.Entered{Act: provisioning.ActSubmit, Folio: r.Folio, At: at}); err != nil {
				return err
			}
		}
	}
	for _, stage := range []provisioning.StageName{"director", "subdirector"} {
		r.Decisions = append(r.Decisions, provisioning.Decision{Stage: stage, Verdict: provisioning.Approve, Round: r.Round, At: authorised})
	}
	announced := authorised.Add(time.Hour)
	if spans {
		announced = authorised.AddDate(0, 1, 0)
	}
	r.EndedAt = announced
	if err := tx.PutRequest(r); err != nil {
		return err
	}
	for n := 1; n <= benchLines; n++ {
		a := provisioningtest.Account(r.Folio, n, provisioningtest.Teacher(i*benchLines+n))
		a.State, a.AnnouncedAt = provisioning.AccountAnnounced, announced
		a.Address = identity.Address(string(a.Stamp) + "@docente.example")
		if err := tx.PutAccount(a); err != nil {
			return err
		}
	}
	return nil
}
