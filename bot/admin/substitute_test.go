package admin

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func TestPeriod(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("America/Monterrey", -6*60*60)
	cs := &Commands{Config: Config{Location: zone, Now: func() time.Time { return time.Date(2022, 9, 15, 15, 0, 0, 0, zone) }}}
	for text, want := range map[string][2]string{
		"<at>Ana 1/1/2020</at> del 16/09/2022 al 20/09/2022": {"2022-09-16", "2022-09-21"},
		"from 16/9/2022 to 16/9/2022":                        {"2022-09-16", "2022-09-17"},
		"2022-09-16 2022-09-20":                              {"2022-09-16", "2022-09-21"},
		"del 16.09.2022, al 20-09-2022.":                     {"2022-09-16", "2022-09-21"},
		"al 15/09/2022":                                      {"2022-09-15", "2022-09-16"},
		"":                                                   {"substitute.dates"},
		"el viernes":                                         {"substitute.dates"},
		"16/09/22 al 20/09/22":                               {"substitute.dates"},
		"1/9/2022 2/9/2022 3/9/2022":                         {"substitute.dates"},
		"al 14/09/2022":                                      {"substitute.past"},
		"del 16/09/2022 al 17/09/2023":                       {"substitute.long"},
	} {
		from, until, err := cs.period(text)
		got := [2]string{from.Format(time.DateOnly), until.Format(time.DateOnly)}
		if err != nil {
			got = [2]string{problem.ReasonOf(err)}
		}
		if got != want {
			t.Errorf("period(%q) = %v, want %v", text, got, want)
		}
	}
}
