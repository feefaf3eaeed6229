package report_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/report"
	"seducoahuila.gob.mx/altas/store"
)

// zone is Saltillo's, without changes of the clock.
var zone = time.FixedZone("America/Monterrey", -6*60*60)

var (
	teachers = report.Group{Kind: provisioning.Create, Type: identity.Teacher}
	students = report.Group{Kind: provisioning.Create, Type: identity.Student}
)

// clock parses a local time, "2026-09-10 15:00".
func clock(t testing.TB, s string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", s, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

type world struct {
	t        testing.TB
	store    *store.DB
	reporter *report.Reporter
}

// newWorld returns a store with the requests A to F.
func newWorld(t *testing.T) *world {
	w := emptyWorld(t)
	w.put(func(tx provisioning.Tx) error {
		return errors.Join(w.putA(tx), w.putB(tx), w.putC(tx), w.putD(tx), w.putE(tx), w.putF(tx))
	})
	return w
}

// putA is turned over after a weekend and a holiday, Monday 16 March, and authorised by a
// substitute: the director took 2 + 2 hours, the subdirector 2 ½. One holder had an account.
func (w *world) putA(tx provisioning.Tx) error {
	r := w.request(1, "2026-03-13 14:00", identity.Teacher, "director approve 1 2026-03-17 10:00", "subdirector approve 1 2026-03-17 12:30")
	r.Decisions[1].By = provisioning.Actor{ID: "substitute"}
	w.ends(&r, provisioning.StateCompleted, "2026-03-17 13:10")
	return errors.Join(provisioningtest.PutRequest(tx, r), w.line(tx, r, 1, provisioning.AccountAnnounced, "2026-03-17 13:00"), w.line(tx, r, 2, provisioning.AccountExists, ""))
}

// putB is returned twice and corrected. The director took 2 hours, 1 ½ (over the holiday of 16
// September) and 1; the subdirector 77 ½. Its lines are announced in two months.
func (w *world) putB(tx provisioning.Tx) error {
	r := w.request(2, "2026-09-10 15:00", identity.Student,
		"director return 1 2026-09-11 09:00", "director return 2 2026-09-17 08:30",
		"director approve 3 2026-09-17 10:00", "subdirector approve 3 2026-09-30 15:30")
	w.ends(&r, provisioning.StateCompleted, "2026-10-01 00:10")
	submitted := func(at string) error {
		return tx.Record(provisioning.Entered{Act: provisioning.ActSubmit, Folio: r.Folio, At: clock(w.t, at)})
	}
	return errors.Join(provisioningtest.PutRequest(tx, r), submitted("2026-09-10 15:00"),
		tx.Record(provisioning.Entered{Act: "approval.return", Folio: r.Folio, At: r.Decisions[0].At}),
		submitted("2026-09-15 15:00"), submitted("2026-09-17 09:00"),
		w.line(tx, r, 1, provisioning.AccountAnnounced, "2026-09-30 15:50"),
		w.line(tx, r, 2, provisioning.AccountAnnounced, "2026-10-01 00:10"),
		w.line(tx, r, 3, provisioning.AccountExcluded, ""))
}

// putC is sent half an hour before the new year, and rejected on its first working day.
func (w *world) putC(tx provisioning.Tx) error {
	r := w.request(3, "2026-12-31 23:30", identity.Teacher, "subdirector reject 1 2027-01-04 09:00")
	r.Kind, r.Stages = "recovery", []provisioning.StageName{provisioning.Subdirector}
	w.ends(&r, provisioning.StateRejected, "2027-01-04 09:00")
	return errors.Join(provisioningtest.PutRequest(tx, r), w.line(tx, r, 1, provisioning.AccountPending, ""))
}

// putD needs no stage, and is announced after midnight.
func (w *world) putD(tx provisioning.Tx) error {
	r := w.request(4, "2026-12-31 23:45", identity.WorkCentre)
	r.Kind, r.Stages = "recovery", []provisioning.StageName{}
	w.ends(&r, provisioning.StateCompleted, "2027-01-01 00:05")
	return errors.Join(provisioningtest.PutRequest(tx, r), w.line(tx, r, 1, provisioning.AccountAnnounced, "2027-01-01 00:05"))
}

// putE has two lines in attention, one that waits for a licence, and one with a seat. Both stages
// took half an hour.
func (w *world) putE(tx provisioning.Tx) error {
	r := w.request(5, "2026-11-05 09:00", identity.Teacher, "director approve 1 2026-11-05 09:30", "subdirector approve 1 2026-11-05 10:00")
	r.State = provisioning.StateAttention
	return errors.Join(provisioningtest.PutRequest(tx, r),
		w.line(tx, r, 1, provisioning.AccountAnnounced, "2026-11-05 12:00"),
		w.line(tx, r, 2, provisioning.AccountAttention, ""), w.line(tx, r, 3, provisioning.AccountAttention, ""),
		w.line(tx, r, 4, provisioning.AccountPending, ""), tx.Wait(string(identity.Teacher), provisioning.NewStamp(r.Folio, 4)),
		w.line(tx, r, 5, provisioning.AccountPending, ""), tx.Hold("a1", provisioning.NewStamp(r.Folio, 5)))
}

// putF was sent in the last second of 2025, and decided in 2026: each stage took an hour.
func (w *world) putF(tx provisioning.Tx) error {
	r := w.request(6, "2025-12-31 23:59", identity.Teacher, "director approve 1 2026-01-02 09:00", "subdirector approve 1 2026-01-02 10:00")
	r.SubmittedAt = r.SubmittedAt.Add(59 * time.Second)
	w.ends(&r, provisioning.StateCompleted, "2026-01-02 10:05")
	return errors.Join(provisioningtest.PutRequest(tx, r), w.line(tx, r, 1, provisioning.AccountAnnounced, "2026-01-02 10:04"))
}

// request returns a request with its decisions, each "stage verdict round date time".
func (w *world) request(n int, submitted string, kind identity.AccountType, decisions ...string) provisioning.Request {
	r := provisioningtest.Request(provisioning.NewFolio(2026, n), "silvia", 1)
	r.Type, r.SubmittedAt = kind, clock(w.t, submitted)
	for _, d := range decisions {
		part := strings.SplitN(d, " ", 4)
		round, err := strconv.Atoi(part[2])
		if err != nil {
			w.t.Fatal(err)
		}
		r.Round = round
		r.Decisions = append(r.Decisions, provisioning.Decision{
			Stage: provisioning.StageName(part[0]), Verdict: provisioning.Verdict(part[1]), Round: round, At: clock(w.t, part[3]),
		})
	}
	return r
}

func (w *world) ends(r *provisioning.Request, state provisioning.RequestState, at string) {
	r.State, r.EndedAt = state, clock(w.t, at)
}

// line puts a line of the request, announced at a time if that is not "".
func (w *world) line(tx provisioning.Tx, r provisioning.Request, n int, state provisioning.AccountState, announced string) error {
	holder := provisioningtest.Teacher(100*int(r.Folio[len(r.Folio)-1]) + n)
	a := provisioningtest.Account(r.Folio, n, holder)
	a.Kind, a.State = r.Kind, state
	if announced != "" {
		a.AnnouncedAt = clock(w.t, announced)
	}
	return tx.PutAccount(a)
}

func (w *world) put(fn func(provisioning.Tx) error) {
	w.t.Helper()
	if err := w.store.Update(w.t.Context(), fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) figures(p report.Period) report.Figures {
	w.t.Helper()
	f, err := w.reporter.Figures(w.t.Context(), p)
	if err != nil {
		w.t.Fatal(err)
	}
	return f
}

func rules(t testing.TB) *provisioning.Rules {
	t.Helper()
	cal, err := calendar.New(calendar.Config{Zone: zone})
	if err != nil {
		t.Fatal(err)
	}
	return &provisioning.Rules{
		Calendar: cal,
		Types: map[identity.AccountType]provisioning.TypeRule{
			identity.Teacher: {SKUs: []string{"a1"}}, identity.Student: {SKUs: []string{"a1", "a2"}},
		},
		Stages: provisioning.Stages{{Name: provisioning.Director}, {Name: provisioning.Subdirector}},
	}
}
