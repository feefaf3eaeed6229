package report

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("America/Monterrey", -6*60*60)
	now := time.Date(2026, time.December, 31, 23, 30, 0, 0, zone) // 2027 in UTC
	for typed, want := range map[string][2]string{
		"":                                       {"2026-01-01", "2026-12-31"},
		"año":                                    {"2026-01-01", "2026-12-31"},
		"del AÑO, por favor":                     {"2026-01-01", "2026-12-31"},
		"2025":                                   {"2025-01-01", "2025-12-31"},
		"del año 2025":                           {"2025-01-01", "2025-12-31"},
		"mes":                                    {"2026-12-01", "2026-12-31"},
		"de este mes":                            {"2026-12-01", "2026-12-31"},
		"month":                                  {"2026-12-01", "2026-12-31"},
		"2026-02":                                {"2026-02-01", "2026-02-28"},
		"Febrero de 2024":                        {"2024-02-01", "2024-02-29"},
		"septiembre":                             {"2026-09-01", "2026-09-30"},
		"March 2026":                             {"2026-03-01", "2026-03-31"},
		"01/01/2026 30/06/2026":                  {"2026-01-01", "2026-06-30"},
		"desde 2026-01-15 al 15.2.26":            {"report.unclear"},
		"desde el 2026-01-15 hasta el 15.2.2026": {"2026-01-15", "2026-02-15"},
		"15/09/2026":                             {"2026-09-15", "2026-09-15"},
		"30/06/2026 01/01/2026":                  {"report.backwards"},
		"01/01/2020 31/12/2026":                  {"report.long"},
		"01/01/2025 31/12/2026":                  {"2025-01-01", "2026-12-31"},
		"1/1/2026 2/1/2026 3/1/2026":             {"report.unclear"},
		"31/02/2026":                             {"report.unclear"},
		"mes 01/01/2026":                         {"report.unclear"},
		"2026-13":                                {"report.unclear"},
		"2026-0":                                 {"report.unclear"},
		"2025 2026":                              {"report.unclear"},
		"enero febrero":                          {"report.unclear"},
		"de un problema":                         {"report.unclear"},
		"1999":                                   {"report.unclear"},
	} {
		p, err := period(typed, now)
		got := [2]string{p.From.Format(time.DateOnly), p.Last().Format(time.DateOnly)}
		if err != nil {
			got = [2]string{problem.ReasonOf(err)}
		}
		if got != want {
			t.Errorf("period(%q) = %v, want %v", typed, got, want)
		}
	}
}
