package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"seducoahuila.gob.mx/altas/bot/service"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/provisioning/report"
	"seducoahuila.gob.mx/altas/store"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// reported fills a store with requests of 2025, and returns its path and the time zone.
func reported(t *testing.T) (string, *time.Location) {
	t.Helper()
	zone, err := time.LoadLocation("America/Monterrey")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "altas.db")
	db := storetest.OpenAt(t, path)
	err = db.Update(t.Context(), func(tx provisioning.Tx) error {
		var errs []error
		for i := range 40 {
			errs = append(errs, putReported(tx, i, zone))
		}
		return errors.Join(errs...)
	})
	if err := errors.Join(err, db.Close()); err != nil {
		t.Fatal(err)
	}
	return path, zone
}

// putReported puts a request with one account; of every five one is a recovery, and one was rejected.
func putReported(tx provisioning.Tx, i int, zone *time.Location) error {
	r := provisioningtest.Request(provisioning.NewFolio(2025, i+1), "silvia", 1)
	r.SubmittedAt = time.Date(2025, time.Month(1+i%9), 10, 9, 0, 0, 0, zone)
	decide := func(stage provisioning.StageName, v provisioning.Verdict, hours int) {
		r.Decisions = append(r.Decisions, provisioning.Decision{Stage: stage, Verdict: v, Round: 1, At: r.SubmittedAt.Add(time.Duration(hours) * time.Hour), Comment: "—"})
	}
	a := provisioningtest.Account(r.Folio, 1, provisioningtest.Teacher(i))
	r.Type = identity.AccountTypes[i%3]
	decide(provisioning.Director, provisioning.Approve, i%5)
	if i%5 == 1 {
		decide(provisioning.Subdirector, provisioning.Reject, 6)
		r.State, r.EndedAt = provisioning.StateRejected, r.SubmittedAt.Add(6*time.Hour)
	} else {
		decide(provisioning.Subdirector, provisioning.Approve, 6)
		r.State, r.EndedAt = provisioning.StateCompleted, r.SubmittedAt.Add(7*time.Hour)
		a.State, a.AnnouncedAt = provisioning.AccountAnnounced, r.EndedAt
	}
	if i%5 == 2 {
		r.Kind, a.Kind = "recovery", "recovery"
	}
	return errors.Join(provisioningtest.PutRequest(tx, r), tx.PutAccount(a))
}

// The workbook that the program writes has the figures of the card that Teams would show: both are
// read back, the card from what a client without charts shows.
func TestWorkbookAndCardSayTheSame(t *testing.T) {
	t.Parallel()
	path, zone := reported(t)
	out := filepath.Join(t.TempDir(), "reporte.xlsx")
	got := altas(t, ".", []string{"ALTAS_CONFIG=" + exampleRules, "ALTAS_LOCALE=es-MX"}, "report", "-o", out, "-path", path, "-from", "2025-01-01", "-to", "2025-12-31")
	if got.status != 0 || !strings.Contains(got.out, "de 2025-01-01 a 2025-12-31; sin las licencias") {
		t.Fatal(got)
	}
	book := openBook(t, out)
	want := []string{"Resumen", "Solicitudes", "Cuentas", "Etapas", "Licencias"}
	if diff := cmp.Diff(want, book.GetSheetList()); diff != "" {
		t.Fatalf("sheets (-want +got):\n%s", diff)
	}
	totals, sets := cardOf(t, path, zone)
	if len(sets) != 4 {
		t.Fatalf("the card has %d charts", len(sets))
	}
	for i, sheet := range []string{"Solicitudes", "Cuentas"} {
		wantFacts(t, sheet, sets[i], byKind(t, book, sheet, i))
	}
	wantFacts(t, "Etapas", sets[3], stages(t, book))
	summary := cells(t, book, "Resumen")
	for title, value := range totals {
		if n, _, _ := strings.Cut(value, " de "); n != summary[title] {
			t.Errorf("%s: %s on the card, %s in the workbook", title, value, summary[title])
		}
	}
	if totals["Solicitudes recibidas"] != "40" || totals["Rechazadas"] != "8 de 40 (20\u00a0%)" || summary["Rechazadas, parte"] != "0.2" || totals["Contraseñas renovadas"] != "8" {
		t.Errorf("%v\n%v", totals, summary)
	}
}

// cardOf returns the card's totals, and the figures shown instead of each of its charts.
func cardOf(t *testing.T, path string, zone *time.Location) (totals map[string]string, charts []map[string]string) {
	t.Helper()
	db, err := store.Open(path, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	reporter, _, err := service.NewReporter(func(name string) string { return map[string]string{"ALTAS_CONFIG": exampleRules}[name] }, db, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	f, err := reporter.Figures(t.Context(), report.Year(time.Date(2025, 6, 1, 0, 0, 0, 0, zone)))
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(cards.In("es-MX").At(time.Now().In(zone)).Report(f))
	if err != nil {
		t.Fatal(err)
	}
	type element struct {
		Type     string
		Facts    []struct{ Title, Value string }
		Fallback struct{ Items []element }
	}
	var card struct{ Body []element }
	if err := json.Unmarshal(raw, &card); err != nil {
		t.Fatal(err)
	}
	read := func(e element) map[string]string {
		facts := make(map[string]string)
		for _, fact := range e.Facts {
			facts[fact.Title] = fact.Value
		}
		return facts
	}
	for _, e := range card.Body {
		switch {
		case e.Type == "FactSet":
			totals = read(e)
		case strings.HasPrefix(e.Type, "Chart."):
			charts = append(charts, read(e.Fallback.Items[1]))
		}
	}
	return totals, charts
}

func openBook(t *testing.T, path string) *excelize.File {
	t.Helper()
	book, err := excelize.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = book.Close() })
	return book
}

// rows returns a sheet's cells, numbers as stored; a number stored as text fails.
func rows(t *testing.T, book *excelize.File, sheet string) [][]string {
	t.Helper()
	all, err := book.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range all[1:] {
		for j := 1; j < len(row); j++ {
			cell, _ := excelize.CoordinatesToCellName(j+1, i+2)
			if kind, err := book.GetCellType(sheet, cell); err != nil || kind != excelize.CellTypeUnset && kind != excelize.CellTypeNumber {
				t.Errorf("%s %s is no number: %v, %v", sheet, cell, kind, err)
			}
		}
	}
	return all
}

// cells returns the second column of a sheet by the first.
func cells(t *testing.T, book *excelize.File, sheet string) map[string]string {
	t.Helper()
	by := make(map[string]string)
	for _, row := range rows(t, book, sheet) {
		by[row[0]] = row[1]
	}
	return by
}

// byKind sums the columns of a sheet by the kind in their headings, and says each month as the card
// does.
func byKind(t *testing.T, book *excelize.File, sheet string, i int) map[string]string {
	t.Helper()
	kinds := [][]string{{"De cuentas nuevas", "De contraseñas"}, {"Cuentas nuevas", "Contraseñas renovadas"}}[i]
	said := make(map[string]string)
	all := rows(t, book, sheet)
	for _, row := range all[1 : len(all)-1] {
		sums := make(map[string]int)
		for j := 1; j < len(row)-1; j++ {
			kind, _, _ := strings.Cut(all[0][j], " · ")
			n, err := strconv.Atoi(row[j])
			if err != nil {
				t.Fatal(err)
			}
			sums[kind] += n
		}
		said[row[0]] = fmt.Sprintf("%s: %d · %s: %d", kinds[0], sums[kinds[0]], kinds[1], sums[kinds[1]])
	}
	return said
}

// stages says each stage's row as the card does.
func stages(t *testing.T, book *excelize.File) map[string]string {
	t.Helper()
	said := make(map[string]string)
	for _, row := range rows(t, book, "Etapas")[1:] {
		said[row[0]] = fmt.Sprintf("%s · %s · %s", row[1], row[2], row[3])
	}
	return said
}

// stageShape are the three numbers of a stage on the card.
var stageShape = regexp.MustCompile(`^(\d+) decisi\S+ · la mitad, hasta (\S+) h · nueve de cada diez, hasta (\S+) h$`)

func wantFacts(t *testing.T, sheet string, card, book map[string]string) {
	t.Helper()
	for title, value := range card {
		card[title] = stageShape.ReplaceAllString(value, "$1 · $2 · $3")
	}
	if diff := cmp.Diff(card, book); diff != "" || len(card) == 0 {
		t.Errorf("%s (-card +workbook):\n%s", sheet, diff)
	}
}

// What is wrong with a call is said, and nothing is written.
func TestReportRefuses(t *testing.T) {
	t.Parallel()
	path, _ := reported(t)
	env := []string{"ALTAS_CONFIG=" + exampleRules}
	for name, c := range map[string]struct {
		args   []string
		status int
		said   string
	}{
		"no file":         {[]string{"-path", path}, 2, "usage: altas report"},
		"no store":        {[]string{"-o", "x.xlsx", "-path", path + ".missing"}, 1, "STORE_PATH or -path"},
		"no day":          {[]string{"-o", "x.xlsx", "-path", path, "-from", "1/1/2025"}, 1, `-from "1/1/2025" is no day`},
		"days turned":     {[]string{"-o", "x.xlsx", "-path", path, "-from", "2025-06-30", "-to", "2025-01-01"}, 1, "-from 2025-06-30 is after -to 2025-01-01"},
		"an odd argument": {[]string{"-o", "x.xlsx", "-path", path, "2025"}, 2, `"2025" is not expected`},
	} {
		if got := altas(t, ".", env, append([]string{"report"}, c.args...)...); got.status != c.status || !strings.Contains(got.errOut, c.said) {
			t.Errorf("%s: %v", name, got)
		}
	}
	if got := altas(t, ".", []string{"ALTAS_CONFIG=" + filepath.Join(t.TempDir(), "none.yaml")}, "report", "-o", "x.xlsx", "-path", path); got.status != 2 {
		t.Errorf("no rules: %v", got)
	}
}

func TestReportPeriod(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, time.July, 14, 10, 0, 0, 0, time.FixedZone("", -6*60*60))
	for _, c := range []struct{ from, to, want string }{
		{"", "", "2026-01-01..2026-12-31"},
		{"2026-03-01", "", "2026-03-01..2026-07-14"},
		{"", "2025-06-30", "2025-01-01..2025-06-30"},
		{"2024-01-01", "2026-06-30", "2024-01-01..2026-06-30"},
	} {
		p, err := reportPeriod(c.from, c.to, now)
		if got := p.From.Format(time.DateOnly) + ".." + p.Last().Format(time.DateOnly); err != nil || got != c.want {
			t.Errorf("%q to %q: %s, %v; want %s", c.from, c.to, got, err, c.want)
		}
	}
}
