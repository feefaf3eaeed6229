package cards

import (
	"strconv"
	"strings"
	"time"
)

// Moment formats an instant: "hoy, 10:32", "martes 14 de julio, 10:32", with the year if it is
// another. The zero time is "".
func (t *Texts) Moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(t.now.Location())
	return t.Day(at) + ",\u00a0" + at.Format("15:04")
}

// Day formats the date of an instant: "hoy", "martes 14 de julio". For dates without a time of day
// see Date.
func (t *Texts) Day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(t.now.Location())
	if word := t.relativeDay(at); word != "" {
		return word
	}
	return t.Date(at)
}

// relativeDay is the word for yesterday, today or tomorrow; "" for other days, and with absolute
// dates.
func (t *Texts) relativeDay(at time.Time) string {
	if t.absoluteDates {
		return ""
	}
	switch days(t.now, at) {
	case 0:
		return t.fixed["when.today"]
	case -1:
		return t.fixed["when.yesterday"]
	case 1:
		return t.fixed["when.tomorrow"]
	}
	return ""
}

// recentMoment is Moment without the date if the weekday tells the day: "sábado, 22:03".
func (t *Texts) recentMoment(at time.Time) string {
	at = at.In(t.now.Location())
	if ago := days(at, t.now); t.absoluteDates || ago < 2 || ago > 6 {
		return t.Moment(at)
	}
	return t.weekdays[at.Weekday()] + ",\u00a0" + at.Format("15:04")
}

// since puts "desde" before a formatted instant: "desde hoy, 10:32", "desde el martes 14 de julio,
// 10:32".
func (t *Texts) since(at time.Time, moment string) string {
	key := "when.since_date"
	if t.relativeDay(at.In(t.now.Location())) != "" {
		key = "when.since"
	}
	return t.md(key, "moment", moment)
}

// Date formats a date in its own location: "martes 14 de julio", or "14 de julio de 2025" if the
// year is another.
func (t *Texts) Date(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	args := []string{
		"day", strconv.Itoa(at.Day()), "month", t.months[at.Month()-1],
		"weekday", t.weekdays[at.Weekday()], "year", strconv.Itoa(at.Year()),
	}
	if at.Year() == t.now.Year() {
		return t.plain("when.date", args...)
	}
	return t.plain("when.date_year", args...)
}

// MonthNamed returns the month of that name in any of the Locales, whatever its case; false if there
// is none.
func MonthNamed(word string) (time.Month, bool) {
	for _, locale := range Locales {
		for i, name := range In(locale).months {
			if strings.EqualFold(name, word) {
				return time.Month(i + 1), true
			}
		}
	}
	return 0, false
}

// days counts the midnights from a to b, each in its location.
func days(a, b time.Time) int {
	midnight := func(x time.Time) time.Time {
		return time.Date(x.Year(), x.Month(), x.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(b).Sub(midnight(a)).Hours() / 24)
}

// isoDate formats a typed date in the form yyyy-mm-dd; "" for anything else.
func (t *Texts) isoDate(s string) string {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return ""
	}
	return t.Date(at)
}
