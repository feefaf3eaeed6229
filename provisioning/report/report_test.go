package report_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/report"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// Each figure of the year 2026, computed by hand from the requests of world.
func TestFigures(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.figures(report.Year(clock(t, "2026-11-05 13:00")))
	want := map[string]map[report.Group]report.Count{
		"2026-01": {teachers: {Accounts: 1}},              // F, submitted in 2025
		"2026-03": {teachers: {Requests: 1, Accounts: 1}}, // A; its other holder had an account
		"2026-09": {students: {Requests: 1, Accounts: 1}}, // B, in three rounds
		"2026-10": {students: {Accounts: 1}},              // B's other line, ten minutes after midnight
		"2026-11": {teachers: {Requests: 1, Accounts: 1}}, // E
		"2026-12": { // C, half an hour before the new year, and D, announced after it
			{Kind: "recovery", Type: identity.Teacher}: {Requests: 1}, {Kind: "recovery", Type: identity.WorkCentre}: {Requests: 1},
		},
	}
	if len(f.Months) != 12 {
		t.Fatalf("%d months", len(f.Months))
	}
	for _, m := range f.Months {
		if diff := cmp.Diff(orEmpty(want[m.First.Format("2006-01")]), m.Counts); diff != "" {
			t.Errorf("%s (-want +got):\n%s", m.First.Format("2006-01"), diff)
		}
	}
	if diff := cmp.Diff([]report.Stage{
		{Name: "director", Decisions: 6, Median: time.Hour, P90: 4 * time.Hour},
		{Name: "subdirector", Decisions: 4, Median: time.Hour, P90: 77*time.Hour + 30*time.Minute},
	}, f.Stages); diff != "" {
		t.Errorf("stages (-want +got):\n%s", diff)
	}
	if f.Decided != 4 || f.Returned != 1 || f.Rejected != 1 {
		t.Errorf("decided %d, returned %d, rejected %d; want 4, 1, 1", f.Decided, f.Returned, f.Rejected)
	}
	if got := f.Total(report.All); got != (report.Count{Requests: 5, Accounts: 5}) {
		t.Errorf("total %+v", got)
	}
	if got := f.Total(report.OfKind("recovery")); got != (report.Count{Requests: 2}) {
		t.Errorf("recoveries %+v", got)
	}
}

// A report of the present year ends with the present month.
func TestMonthsToComeAreNotShown(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	for day, want := range map[string]int{"2027-02-01": 2, "2026-05-05": 12, "2028-01-01": 0} {
		if got := w.figures(report.Year(clock(t, day+" 00:00"))).Begun(); len(got) != want {
			t.Errorf("%s: %d months, want %d", day, len(got), want)
		}
	}
}

// What waits now does not depend on the period.
func TestWhatWaitsNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.figures(report.MonthOf(clock(t, "2027-02-01 00:00")))
	if f.Attention != 2 || f.Waiting() != 1 || f.Total(report.All) != (report.Count{}) {
		t.Errorf("attention %d, waiting %d, total %+v; want 2, 1, none", f.Attention, f.Waiting(), f.Total(report.All))
	}
	if diff := cmp.Diff([]report.Queue{{Type: identity.Teacher, Lines: 1}, {Type: identity.Student}}, f.Queues); diff != "" {
		t.Errorf("queues (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]report.Licence{
		{Licence: provisioning.Licence{SKU: "a1", Name: "STANDARDWOFFPACK_FACULTY", Free: 12, All: 500}, Held: 1},
		{Licence: provisioning.Licence{SKU: "a2"}},
	}, f.Licences); diff != "" || f.Unread {
		t.Errorf("licences (-want +got):\n%s\nunread %v", diff, f.Unread)
	}
	if left := f.Licences[0].Left(); left != 11 {
		t.Errorf("%d left, want 11", left)
	}
}

// The year after has what 2026 has not: the recovery announced after midnight, and the rejection on
// the first Monday, after one hour of work.
func TestTheNextYear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.figures(report.Year(clock(t, "2027-06-01 00:00")))
	centres := report.Group{Kind: "recovery", Type: identity.WorkCentre}
	if got := f.Months[0].Counts[centres]; got != (report.Count{Accounts: 1}) || f.Total(report.All) != (report.Count{Accounts: 1}) {
		t.Errorf("January %+v of %+v", got, f.Total(report.All))
	}
	if diff := cmp.Diff(report.Stage{Name: "subdirector", Decisions: 1, Median: time.Hour, P90: time.Hour}, f.Stages[1]); diff != "" {
		t.Errorf("subdirector (-want +got):\n%s", diff)
	}
	if f.Stages[0] != (report.Stage{Name: "director"}) || f.Decided != 0 {
		t.Errorf("director %+v, decided %d", f.Stages[0], f.Decided)
	}
}

// Without the audit of a correction nothing is invented: that round's first stage is not measured.
func TestARoundWithoutItsAudit(t *testing.T) {
	t.Parallel()
	w := emptyWorld(t)
	w.put(func(tx provisioning.Tx) error {
		r := w.request(1, "2026-09-10 15:00", identity.Student, "director return 1 2026-09-11 09:00", "director approve 2 2026-09-17 10:00", "subdirector approve 2 2026-09-17 11:00")
		r.State = provisioning.StateProvisioning
		return provisioningtest.PutRequest(tx, r)
	})
	f := w.figures(report.Year(clock(t, "2026-06-01 00:00")))
	if f.Stages[0].Decisions != 1 || f.Stages[0].P90 != 2*time.Hour || f.Stages[1].Median != time.Hour {
		t.Errorf("stages %+v", f.Stages)
	}
}

func TestAnEmptyStore(t *testing.T) {
	t.Parallel()
	f := emptyWorld(t).figures(report.Year(clock(t, "2026-06-01 00:00")))
	if f.Total(report.All) != (report.Count{}) || f.Decided+f.Attention+f.Waiting() != 0 || len(f.Months) != 12 || len(f.Stages) != 2 || len(f.Groups) != 4 {
		t.Errorf("%+v", f)
	}
	if f.Stages[0] != (report.Stage{Name: "director"}) {
		t.Errorf("%+v", f.Stages[0])
	}
}

// Licences that cannot be read, or that nobody asks for, leave the other figures as they are.
func TestLicencesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	for name, stock := range map[string]report.Stock{"refused": stock{err: errors.New("403")}, "not asked for": nil} {
		w := newWorld(t)
		w.reporter.Stock = stock
		f := w.figures(report.Year(clock(t, "2026-06-01 00:00")))
		if !f.Unread || f.Licences != nil || f.Total(report.All).Requests != 5 {
			t.Errorf("%s: unread %v, licences %v", name, f.Unread, f.Licences)
		}
	}
}

func TestPeriods(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		period report.Period
		from   string
		until  string
		months int
	}{
		{"a year", report.Year(clock(t, "2026-12-31 23:59")), "2026-01-01", "2027-01-01", 12},
		{"a month", report.MonthOf(clock(t, "2026-12-31 23:59")), "2026-12-01", "2027-01-01", 1},
		{"days", report.Days(clock(t, "2026-01-31 00:00"), clock(t, "2026-03-01 00:00"), zone), "2026-01-31", "2026-03-02", 3},
		{"a day", report.Days(clock(t, "2026-02-28 00:00"), clock(t, "2026-02-28 00:00"), zone), "2026-02-28", "2026-03-01", 1},
		{"backwards", report.Days(clock(t, "2026-02-28 00:00"), clock(t, "2026-02-26 00:00"), zone), "2026-02-28", "2026-02-27", 0},
	} {
		if from, until := c.period.From.Format(time.DateOnly), c.period.Until.Format(time.DateOnly); from != c.from || until != c.until || c.period.Months() != c.months {
			t.Errorf("%s: %s to %s, %d months; want %s to %s, %d", c.name, from, until, c.period.Months(), c.from, c.until, c.months)
		}
	}
}

// A report stops when whoever asked is gone.
func TestAReportEndsWithItsContext(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.reporter.Figures(ctx, report.Year(clock(t, "2026-06-01 00:00"))); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v", err)
	}
}

func orEmpty(counts map[report.Group]report.Count) map[report.Group]report.Count {
	if counts == nil {
		return map[report.Group]report.Count{}
	}
	return counts
}

// stock is a tenant's licences, or why they cannot be read.
type stock struct{ err error }

func (s stock) Licences(context.Context) (map[string]provisioning.Licence, error) {
	return map[string]provisioning.Licence{
		"a1": {SKU: "a1", Name: "STANDARDWOFFPACK_FACULTY", Free: 12, All: 500}, "x9": {SKU: "x9", Free: 3, All: 4},
	}, s.err
}

func emptyWorld(t *testing.T) *world {
	t.Helper()
	db := storetest.Open(t)
	return &world{t: t, store: db, reporter: &report.Reporter{
		Store: db, Rules: rules(t), Kinds: []provisioning.RequestKind{provisioning.Create, "recovery"},
		Stock: stock{}, Log: slog.New(slog.DiscardHandler),
		Now: func() time.Time { return clock(t, "2027-02-15 12:00") },
	}}
}
