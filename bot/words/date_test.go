package words

import (
	"strings"
	"testing"
	"time"
)

func TestDates(t *testing.T) {
	t.Parallel()
	zone := time.FixedZone("America/Monterrey", -6*60*60)
	for text, want := range map[string]string{
		"del 16/09/2026 al 2026-09-20":        "2026-09-16 2026-09-20",
		"<at>Ana 1/1/2020</at> 1.2.2026":      "2026-02-01",
		"31-12-2026,":                         "2026-12-31",
		"":                                    "",
		"2026-09":                             "",
		"31/02/2026":                          "no date",
		"1/1/26":                              "no date",
		"del 1/1/2026 al 45/1/2026 inclusive": "no date",
	} {
		days, err := Dates(text, zone)
		var got []string
		for _, d := range days {
			if d.Location() != zone || d.Hour() != 0 {
				t.Errorf("Dates(%q): %v is not midnight in the zone", text, d)
			}
			got = append(got, d.Format(time.DateOnly))
		}
		if err != nil {
			got = []string{"no date"}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("Dates(%q) = %v, want %q", text, got, want)
		}
	}
}
