package cards

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/report"
)

func (g *gallery) reports() {
	t := g.t
	g.add("report-year", t.Report(g.s.figures(report.Year(g.s.now))))
	g.add("report-month", t.Report(g.s.figures(report.MonthOf(g.s.now))))
	g.add("report-longest", t.Report(g.s.figures(report.Days(g.s.now.AddDate(0, 1-MaxReportMonths, 0), g.s.now, g.s.now.Location()))))
	unread := g.s.figures(report.MonthOf(g.s.now))
	unread.Licences, unread.Unread = nil, true
	g.add("report-unread", t.Report(unread))
	g.add("report-none", t.Report(report.Figures{Period: report.Year(g.s.now), At: g.s.now, Unread: true}))
}

// figures are invented ones of a period, up to the present month.
func (s sample) figures(p report.Period) report.Figures {
	f := report.Figures{
		Period: p, At: s.now, Decided: 412, Returned: 31, Rejected: 9, Attention: 2,
		Stages: []report.Stage{
			{Name: provisioning.Director, Decisions: 405, Median: 2*time.Hour + 30*time.Minute, P90: 11 * time.Hour},
			{Name: provisioning.Subdirector, Decisions: 398, Median: time.Hour, P90: 6*time.Hour + 15*time.Minute},
		},
		Queues: []report.Queue{{Type: identity.Teacher, Lines: 3}, {Type: identity.Student}, {Type: identity.WorkCentre}},
		Licences: []report.Licence{
			{Licence: provisioning.Licence{SKU: "94763226-9b3c-4e75-a931-5c89701abe66", Name: "STANDARDWOFFPACK_FACULTY", Free: 1240, All: 42000}, Held: 12},
			{Licence: provisioning.Licence{SKU: "314c4481-f395-4525-be8b-2ec4bb1e9d91", Name: "M365EDU_A3_STUUSEBNFT", Free: 85, All: 310000}, Held: 85},
		},
	}
	for _, k := range []provisioning.RequestKind{provisioning.Create, "recovery"} {
		for _, a := range identity.AccountTypes {
			f.Groups = append(f.Groups, report.Group{Kind: k, Type: a})
		}
	}
	for i := range p.Months() {
		m := report.Month{First: time.Date(p.From.Year(), p.From.Month()+time.Month(i), 1, 0, 0, 0, 0, p.From.Location()), Counts: map[report.Group]report.Count{}}
		for j, g := range f.Groups {
			if n := (7*i + 13*j + 5) % 41; !m.First.After(s.now) {
				m.Counts[g] = report.Count{Requests: n, Accounts: n * (1 + (i+j)%4)}
			}
		}
		f.Months = append(f.Months, m)
	}
	return f
}
