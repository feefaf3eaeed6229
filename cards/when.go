package cards

import (
	"strconv"
	"time"
)

// Moment tells an instant as people say it: "hoy, 10:32", "martes 14 de julio,
// 10:32", with the year where it is another. The zero time is "".
func (t *Texts) Moment(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(t.now.Location())
	return t.Day(at) + ",\u00a0" + at.Format("15:04")
}

// Day tells a date as people say it: "hoy", "martes 14 de julio". Dates without
// a time of day are told by Date.
func (t *Texts) Day(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	at = at.In(t.now.Location())
	if word := t.near(at); word != "" {
		return word
	}
	return t.Date(at)
}

// near is the word for today and the days beside it; "" for any other, and on a card
// that stands.
func (t *Texts) near(at time.Time) string {
	if t.stands {
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

// since puts "desde" before an instant as it is told: "desde hoy, 10:32", "desde el
// martes 14 de julio, 10:32".
func (t *Texts) since(at time.Time, told string) string {
	key := "when.since_date"
	if t.near(at.In(t.now.Location())) != "" {
		key = "when.since"
	}
	return t.md(key, "moment", told)
}

// Date tells the date that a time bears in its own location: "martes 14 de
// julio", or "14 de julio de 2025" where the year is another.
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

// days counts the midnights from a to b, both as their locations have it.
func days(a, b time.Time) int {
	midnight := func(x time.Time) time.Time {
		return time.Date(x.Year(), x.Month(), x.Day(), 0, 0, 0, 0, time.UTC)
	}
	return int(midnight(b).Sub(midnight(a)).Hours() / 24)
}

// isoDate tells a date that was typed as yyyy-mm-dd; anything else is "".
func (t *Texts) isoDate(s string) string {
	at, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return ""
	}
	return t.Date(at)
}
