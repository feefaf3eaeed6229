package cards

import (
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/report"
)

// MaxReportMonths is the most months of a report on a card, so that it fits a message. A file has no
// such limit.
const MaxReportMonths = 24

// reportFigures is the id of the figures as text.
const reportFigures = "figures"

// Report shows the figures of a period: the principal ones as text, charts, and behind a button the
// figures of the charts as text.
func (t *Texts) Report(f report.Figures) Card {
	title := t.plain("report.title", "period", t.ReportPeriod(f.Period))
	body := []any{band(styleEmphasis, heading(title), small(t.md("report.made", "moment", t.Moment(f.At))))}
	body = append(body, facts(t.reportTotals(f)...)...)
	var texts []any
	for _, c := range t.reportCharts(f) {
		body, texts = append(body, c.chart), append(texts, c.figure.text()...)
	}
	if len(texts) == 0 {
		body = append(body, paragraph(t.fixed["report.none"]))
	}
	if f.Unread {
		body = append(body, alert(t.fixed["report.unread"]))
	}
	c := Card{lang: t.locale, Summary: t.reportSummary(title, f), body: body, wide: true}
	if len(texts) > 0 {
		c.body = append(c.body, hidden(reportFigures, texts...))
		c.actions = []action{toggle(t.fixed["report.show"], target{reportFigures, true})}
	}
	return c
}

// reportSummary says the principal figures: a screen reader reads it.
func (t *Texts) reportSummary(title string, f report.Figures) string {
	all := []string{title + "."}
	for totals := t.reportTotals(f); len(totals) > 1; totals = totals[2:] {
		all = append(all, totals[0]+": "+totals[1]+".")
	}
	return sentences(all...)
}

// reportTotals are the principal figures, as title, value pairs.
func (t *Texts) reportTotals(f report.Figures) []string {
	all := f.Total(report.All)
	totals := []string{t.fixed["report.requests"], thousands(all.Requests)}
	for _, k := range f.Kinds() {
		totals = append(totals, t.reportKind(k), thousands(f.Total(report.OfKind(k)).Accounts))
	}
	totals = append(totals,
		t.fixed["report.returned"], t.reportShare(f.Returned, f.Decided),
		t.fixed["report.rejected"], t.reportShare(f.Rejected, f.Decided),
		t.fixed["report.attention"], thousands(f.Attention),
		t.fixed["report.waiting"], thousands(f.Waiting()))
	return totals
}

// reportShare is a count and its share: "3 de 40 (7.5 %)".
func (t *Texts) reportShare(n, of int) string {
	if of == 0 {
		return thousands(n)
	}
	return t.plain("report.share", "part", thousands(n), "whole", thousands(of), "share", decimal(100*share(n, of)))
}

// share returns n of a number of things, from 0 to 1; 0 of none.
func share(n, of int) float64 {
	if of == 0 {
		return 0
	}
	return float64(n) / float64(of)
}

// decimal formats a number with at most one decimal: 4, 7.5.
func decimal(x float64) string {
	return strconv.FormatFloat(float64(int64(10*x+0.5))/10, 'f', -1, 64)
}

// reportHours formats working time in hours.
func reportHours(d time.Duration) string { return decimal(d.Hours()) }

// reportKind names what requests of a kind come to: "cuentas nuevas".
func (t *Texts) reportKind(k provisioning.RequestKind) string {
	return t.wordOr("report.kind."+string(k), string(k))
}

// requestsFor names the requests of a kind: "de cuentas nuevas".
func (t *Texts) requestsFor(k provisioning.RequestKind) string {
	return t.wordOr("report.request."+string(k), string(k))
}

// ReportPeriod names a period: "2026", "julio de 2026", "5 de enero de 2026 a 30 de enero de 2026".
func (t *Texts) ReportPeriod(p report.Period) string {
	switch {
	case p == report.Year(p.From):
		return strconv.Itoa(p.From.Year())
	case p == report.MonthOf(p.From):
		return t.reportMonth(p.From)
	}
	return t.plain("report.days", "first", t.dateWithYear(p.From), "last", t.dateWithYear(p.Last()))
}

func (t *Texts) dateWithYear(at time.Time) string {
	return t.plain("when.date_year", "day", strconv.Itoa(at.Day()), "month", t.months[at.Month()-1], "year", strconv.Itoa(at.Year()))
}

// reportMonth names a month: "julio de 2026".
func (t *Texts) reportMonth(first time.Time) string {
	return t.plain("report.month", "month", t.months[first.Month()-1], "year", strconv.Itoa(first.Year()))
}

// monthOnAxis is a month's short name: "jul 26".
func (t *Texts) monthOnAxis(first time.Time) string {
	return string([]rune(t.months[first.Month()-1])[:3]) + " " + first.Format("06")
}
