package cards

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/report"
)

// reportChart is a chart and its figures.
type reportChart struct {
	figure figure
	chart  any
}

// reportCharts returns the charts that have something to show.
func (t *Texts) reportCharts(f report.Figures) (charts []reportChart) {
	all := f.Total(report.All)
	if all.Requests > 0 {
		charts = append(charts, t.monthsChart("report.by_month.requests", f, t.requestsOf()))
	}
	if all.Accounts > 0 {
		charts = append(charts, t.monthsChart("report.by_month.accounts", f, t.accountsOf()))
	}
	if all != (report.Count{}) {
		charts = append(charts, t.typesChart(f))
	}
	for _, s := range f.Stages {
		if s.Decisions > 0 {
			charts = append(charts, t.stagesChart(f))
			break
		}
	}
	if len(f.Licences) > 0 {
		charts = append(charts, t.licencesChart(f))
	}
	return charts
}

// counted is one number of a Count, and what its kinds are called.
type counted struct {
	of   func(report.Count) int
	name func(provisioning.RequestKind) string
}

func (t *Texts) requestsOf() counted {
	return counted{func(c report.Count) int { return c.Requests }, t.requestsFor}
}

func (t *Texts) accountsOf() counted {
	return counted{func(c report.Count) int { return c.Accounts }, t.reportKind}
}

// monthsChart has a bar for each month, divided by kind.
func (t *Texts) monthsChart(title string, f report.Figures, number counted) reportChart {
	g := figure{title: t.fixed[title]}
	kinds := f.Kinds()
	data := make([]series, len(kinds))
	for i, k := range kinds {
		data[i].Legend, data[i].Color = number.name(k), chartColour(i)
	}
	for _, m := range f.Begun() {
		var said []string
		for i, k := range kinds {
			n := number.of(m.Total(report.OfKind(k)))
			data[i].Values = append(data[i].Values, point{t.monthOnAxis(m.First), float64(n)})
			said = append(said, t.reportPart(number.name(k), n))
		}
		g.facts = append(g.facts, t.reportMonth(m.First), dotted(said...))
	}
	c := g.grouped(data...)
	c.Stacked = true
	return reportChart{g, c}
}

// reportPart is one number with its name: "Cuentas nuevas: 12".
func (t *Texts) reportPart(what string, n int) string {
	return t.plain("report.part", "what", what, "count", thousands(n))
}

// typesChart has a bar for each account type, divided by kind.
func (t *Texts) typesChart(f report.Figures) reportChart {
	g := figure{title: t.fixed["report.by_type"]}
	var data []bar
	for _, a := range f.Types() {
		b := bar{Title: t.wordOr("type."+string(a)+".choice", string(a))}
		said := []string{t.typeRequests(f, a)}
		for i, k := range f.Kinds() {
			n := f.Total(ofBoth(report.Group{Kind: k, Type: a})).Accounts
			b.Parts = append(b.Parts, part{t.reportKind(k), float64(n), chartColour(i)})
			said = append(said, t.reportPart(t.reportKind(k), n))
		}
		data = append(data, b)
		g.facts = append(g.facts, b.Title, dotted(said...))
	}
	return reportChart{g, g.stacked(data...)}
}

// ofBoth matches one group.
func ofBoth(want report.Group) func(report.Group) bool {
	return func(g report.Group) bool { return g == want }
}

// typeRequests says how many requests there were for a type of account.
func (t *Texts) typeRequests(f report.Figures, a identity.AccountType) string {
	n := f.Total(func(g report.Group) bool { return g.Type == a }).Requests
	return t.reportPart(t.fixed["report.requests"], n)
}

// stagesChart has two bars for each stage: the median and the 90th percentile, in hours.
func (t *Texts) stagesChart(f report.Figures) reportChart {
	g := figure{title: t.fixed["report.by_stage"]}
	median := series{Legend: t.fixed["report.median"], Color: chartColour(0)}
	p90 := series{Legend: t.fixed["report.p90"], Color: chartColour(1)}
	for _, s := range f.Stages {
		name := t.Stage(s.Name)
		median.Values = append(median.Values, point{name, s.Median.Hours()})
		p90.Values = append(p90.Values, point{name, s.P90.Hours()})
		g.facts = append(g.facts, name, t.count("report.stage", s.Decisions, "median", reportHours(s.Median), "most", reportHours(s.P90)))
	}
	return reportChart{g, g.grouped(median, p90)}
}

// licencesChart has a bar for each SKU: what is left, reserved, and in use.
func (t *Texts) licencesChart(f report.Figures) reportChart {
	g := figure{title: t.fixed["report.by_licence"]}
	var data []bar
	for _, l := range f.Licences {
		name := licenceName(l)
		data = append(data, bar{Title: name, Parts: []part{
			{t.fixed["report.left"], float64(l.Left()), chartColour(0)},
			{t.fixed["report.held"], float64(l.Free - l.Left()), chartColour(1)},
			{t.fixed["report.used"], float64(max(0, l.All-l.Free)), chartColour(2)},
		}})
		g.facts = append(g.facts, escape(name), t.plain("report.licence", "left", thousands(l.Left()), "all", thousands(l.All), "held", thousands(l.Held)))
	}
	return reportChart{g, g.stacked(data...)}
}

// licenceName returns the product's name, or the SKU if the tenant does not have it.
func licenceName(l report.Licence) string {
	if l.Name == "" {
		return l.SKU
	}
	return l.Name
}
