package calendar

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"
	_ "time/tzdata" // not every machine has the zone

	"github.com/google/go-cmp/cmp"
)

func monterrey(t testing.TB) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Monterrey")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func calendar(t testing.TB, cfg Config) *Calendar {
	t.Helper()
	cfg.Zone = monterrey(t)
	c, err := New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// at parses an instant in Monterrey's time.
func at(t testing.TB, clock string) time.Time {
	t.Helper()
	instant, err := time.ParseInLocation("2006-01-02 15:04", clock, monterrey(t))
	if err != nil {
		t.Fatal(err)
	}
	return instant
}

// The holidays of article 74 in those years.
func TestHolidaysOfTheLaw(t *testing.T) {
	t.Parallel()
	for year, want := range map[int]string{
		2018: "01-01 02-05 03-19 05-01 09-16 11-19 12-01 12-25", // the last inauguration in December
		2022: "01-01 02-07 03-21 05-01 09-16 11-21 12-25",
		2023: "01-01 02-06 03-20 05-01 09-16 11-20 12-25",
		2024: "01-01 02-05 03-18 05-01 09-16 10-01 11-18 12-25", // the first in October
		2025: "01-01 02-03 03-17 05-01 09-16 11-17 12-25",
		2026: "01-01 02-02 03-16 05-01 09-16 11-16 12-25",
		2027: "01-01 02-01 03-15 05-01 09-16 11-15 12-25",
		2028: "01-01 02-07 03-20 05-01 09-16 11-20 12-25",
		2029: "01-01 02-05 03-19 05-01 09-16 11-19 12-25",
		2030: "01-01 02-04 03-18 05-01 09-16 10-01 11-18 12-25",
	} {
		var got []string
		for day := time.Date(year, 1, 1, 0, 0, 0, 0, time.UTC); day.Year() == year; day = day.AddDate(0, 0, 1) {
			if legalHoliday(day) {
				got = append(got, day.Format("01-02"))
			}
		}
		if diff := cmp.Diff(want, strings.Join(got, " ")); diff != "" {
			t.Errorf("%d (-want +got):\n%s", year, diff)
		}
	}
}

func TestWorkingTime(t *testing.T) {
	t.Parallel()
	usual := Config{}
	for name, c := range map[string]struct {
		cfg  Config
		from string
		d    time.Duration
		want string
	}{
		"within a day":                   {usual, "2022-09-14 09:30", 2 * time.Hour, "2022-09-14 11:30"},
		"until the day's end":            {usual, "2022-09-14 08:00", 8 * time.Hour, "2022-09-14 16:00"},
		"no time at all":                 {usual, "2022-09-17 12:00", 0, "2022-09-17 12:00"},
		"before opening":                 {usual, "2022-09-14 06:00", time.Hour, "2022-09-14 09:00"},
		"overnight":                      {usual, "2022-09-14 15:00", 2 * time.Hour, "2022-09-15 09:00"},
		"over the long weekend":          {usual, "2022-09-15 15:00", 8 * time.Hour, "2022-09-19 15:00"},
		"from the holiday itself":        {usual, "2022-09-16 11:00", time.Hour, "2022-09-19 09:00"},
		"ten days":                       {usual, "2022-09-15 15:00", 80 * time.Hour, "2022-09-30 15:00"},
		"past the last change of clocks": {usual, "2022-10-28 15:00", 2 * time.Hour, "2022-10-31 09:00"},
		"over Christmas off":             {Config{DaysOff: []string{"2022-12-19..2023-01-03"}}, "2022-12-16 15:00", 2 * time.Hour, "2023-01-04 09:00"},
		"an election day":                {Config{DaysOff: []string{"2024-06-03"}}, "2024-05-31 15:00", 2 * time.Hour, "2024-06-04 09:00"},
		"a Saturday worked":              {Config{WorkDays: map[string]string{"2022-09-17": "9:00-13:00"}}, "2022-09-15 15:00", 2 * time.Hour, "2022-09-17 10:00"},
		"the holiday worked":             {Config{WorkDays: map[string]string{"2022-09-16": ""}}, "2022-09-15 15:00", 2 * time.Hour, "2022-09-16 09:00"},
		"other hours":                    {Config{Hours: "9:00-15:30"}, "2022-09-14 15:00", time.Hour, "2022-09-15 09:30"},
		"Sundays only":                   {Config{Weekdays: []time.Weekday{time.Sunday}}, "2022-09-14 15:00", time.Hour, "2022-09-18 09:00"},
		"round the clock":                {Config{Hours: "0:00-24:00"}, "2022-04-01 23:00", 2 * time.Hour, "2022-04-04 01:00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cal, from := calendar(t, c.cfg), at(t, c.from)
			got := cal.Add(from, c.d)
			if want := at(t, c.want); !got.Equal(want) {
				t.Errorf("Add(%s, %v) = %v, want %v", c.from, c.d, got, want)
			}
			if worked := cal.Worked(from, got); worked != c.d {
				t.Errorf("Worked(%s, %v) = %v, want %v", c.from, got, worked, c.d)
			}
		})
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	cal := calendar(t, Config{})
	for clock, next := range map[string]string{
		"2022-09-15 08:00": "2022-09-15 08:00",
		"2022-09-15 15:59": "2022-09-15 15:59",
		"2022-09-15 16:00": "2022-09-19 08:00",
		"2022-09-15 07:59": "2022-09-15 08:00",
		"2022-09-16 12:00": "2022-09-19 08:00",
		"2022-09-18 12:00": "2022-09-19 08:00",
		"2024-10-01 12:00": "2024-10-02 08:00",
	} {
		if got := cal.Next(at(t, clock)); !got.Equal(at(t, next)) {
			t.Errorf("Next(%s) = %v, want %s", clock, got, next)
		}
		if got := cal.Open(at(t, clock)); got != (clock == next) {
			t.Errorf("Open(%s) = %v", clock, got)
		}
	}
}

// For any hours and instants, over changes of the clock and years: Worked returns what Add added,
// and the working time of two adjacent periods is the sum of both.
func TestWorkedMeasuresWhatAddAdds(t *testing.T) {
	t.Parallel()
	for _, cfg := range []Config{
		{}, {Hours: "0:00-24:00"}, {Hours: "1:30-2:30", Weekdays: []time.Weekday{time.Sunday}},
		{Hours: "7:15-21:45", DaysOff: []string{"2021-12-20..2022-01-05"}, WorkDays: map[string]string{"2022-09-17": "9:00-13:00"}},
	} {
		cal := calendar(t, cfg)
		random := rand.New(rand.NewPCG(1, 2))
		for range 500 {
			from := at(t, "2019-01-01 00:00").Add(time.Duration(random.Int64N(int64(5 * 365 * 24 * time.Hour))))
			d := time.Duration(random.Int64N(int64(300 * time.Hour)))
			mid, end := cal.Add(from, d/3), cal.Add(from, d)
			if got := cal.Worked(from, end); got != d {
				t.Fatalf("%+v: Worked(%v, Add(%v)) = %v", cfg, from, d, got)
			}
			if got := cal.Worked(from, mid) + cal.Worked(mid, end); got != d {
				t.Fatalf("%+v: from %v by %v to %v = %v, want %v", cfg, from, mid, end, got, d)
			}
			if d > 0 && cal.Worked(from, end.Add(-1)) != d-1 {
				t.Fatalf("%+v: %v is not the first instant %v after %v", cfg, end, d, from)
			}
		}
	}
}

func TestZeroCalendar(t *testing.T) {
	t.Parallel()
	var none *Calendar
	wednesday := time.Date(2022, 9, 14, 9, 0, 0, 0, time.UTC)
	if !none.Open(wednesday) || !new(Calendar).Open(wednesday) || none.Days(10) != 80*time.Hour {
		t.Error("a calendar that nobody configured is not Monday to Friday, 8:00 to 16:00")
	}
	if got := none.Worked(wednesday, wednesday.Add(-time.Hour)); got != 0 {
		t.Errorf("Worked backwards = %v", got)
	}
}

func TestCalendarNamesEveryFault(t *testing.T) {
	t.Parallel()
	_, err := New(Config{
		Hours: "16:00-8:00", DaysOff: []string{"19/12/2022", "2023-01-03..2022-12-19", "2022-12-19..9999-01-01"},
		WorkDays: map[string]string{"sábado": "", "2022-09-17": "9"},
	})
	for _, fault := range []string{`"16:00-8:00"`, `"19/12/2022"`, `"2023-01-03..2022-12-19"`, "9999", `"sábado"`, `hours "9"`} {
		if err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s is not named: %v", fault, err)
		}
	}
}

func BenchmarkWorkedFiveYears(b *testing.B) {
	cal := calendar(b, Config{DaysOff: []string{"2021-12-20..2022-01-05"}})
	from, to := at(b, "2019-01-01 00:00"), at(b, "2024-01-01 00:00")
	for b.Loop() {
		cal.Worked(from, to)
	}
}
