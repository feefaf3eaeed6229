package cards

import (
	"seducoahuila.gob.mx/altas/provisioning/report"
)

// ReportTable is one sheet of a report as a file: what a row of Rows has under each of Headings. A
// cell is a string, an int, a float64 of hours, a Share, or a time.Time that is a date.
type ReportTable struct {
	Name     string
	Headings []string
	Rows     [][]any
}

// Share is a part of a whole, from 0 to 1.
type Share float64

// ReportTables returns the figures of a report as tables: the totals, requests and accounts by month
// and group, the stages, and the licences.
func (t *Texts) ReportTables(f report.Figures) []ReportTable {
	return []ReportTable{
		t.totalsTable(f),
		t.monthsTable("report.sheet.requests", f, t.requestsOf()),
		t.monthsTable("report.sheet.accounts", f, t.accountsOf()),
		t.stagesTable(f),
		t.licencesTable(f),
	}
}

func (t *Texts) totalsTable(f report.Figures) ReportTable {
	rows := [][]any{
		{t.fixed["report.from"], f.From}, {t.fixed["report.until"], f.Last()}, {t.fixed["report.day"], f.At},
		{t.fixed["report.requests"], f.Total(report.All).Requests},
	}
	for _, k := range f.Kinds() {
		rows = append(rows, []any{t.reportKind(k), f.Total(report.OfKind(k)).Accounts})
	}
	rows = append(rows,
		[]any{t.fixed["report.decided"], f.Decided},
		[]any{t.fixed["report.returned"], f.Returned}, []any{t.fixed["report.returned_share"], Share(share(f.Returned, f.Decided))},
		[]any{t.fixed["report.rejected"], f.Rejected}, []any{t.fixed["report.rejected_share"], Share(share(f.Rejected, f.Decided))},
		[]any{t.fixed["report.attention"], f.Attention}, []any{t.fixed["report.waiting"], f.Waiting()})
	for _, q := range f.Queues {
		rows = append(rows, []any{dotted(t.fixed["report.waiting"], t.Type(q.Type)), q.Lines})
	}
	return ReportTable{Name: t.fixed["report.sheet.totals"], Headings: []string{t.fixed["report.what"], t.fixed["report.figure"]}, Rows: rows}
}

// monthsTable has a row for each month, with a column for each group and their sum, and a row of
// the whole period.
func (t *Texts) monthsTable(name string, f report.Figures, number counted) ReportTable {
	table := ReportTable{Name: t.fixed[name], Headings: []string{t.fixed["report.in_month"]}}
	for _, g := range f.Groups {
		table.Headings = append(table.Headings, dotted(number.name(g.Kind), t.Type(g.Type)))
	}
	table.Headings = append(table.Headings, t.fixed["report.sum"])
	row := func(label string, sum func(func(report.Group) bool) report.Count) {
		cells := []any{label}
		for _, g := range f.Groups {
			cells = append(cells, number.of(sum(ofBoth(g))))
		}
		table.Rows = append(table.Rows, append(cells, number.of(sum(report.All))))
	}
	for _, m := range f.Begun() {
		row(t.reportMonth(m.First), m.Total)
	}
	row(t.fixed["report.whole"], f.Total)
	return table
}

func (t *Texts) stagesTable(f report.Figures) ReportTable {
	table := ReportTable{Name: t.fixed["report.sheet.stages"], Headings: []string{
		t.fixed["report.in_stage"], t.fixed["report.decisions"], t.fixed["report.median_hours"], t.fixed["report.p90_hours"],
	}}
	for _, s := range f.Stages {
		table.Rows = append(table.Rows, []any{t.Stage(s.Name), s.Decisions, s.Median.Hours(), s.P90.Hours()})
	}
	return table
}

func (t *Texts) licencesTable(f report.Figures) ReportTable {
	table := ReportTable{Name: t.fixed["report.sheet.licences"], Headings: []string{
		t.fixed["report.product"], t.fixed["report.identifier"], t.fixed["report.owned"], t.fixed["report.free"], t.fixed["report.held"], t.fixed["report.left"],
	}}
	if f.Unread {
		table.Rows = append(table.Rows, []any{t.fixed["report.unread"]})
	}
	for _, l := range f.Licences {
		table.Rows = append(table.Rows, []any{licenceName(l), l.SKU, l.All, l.Free, l.Held, l.Left()})
	}
	return table
}
