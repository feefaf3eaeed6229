package report

import "time"

// Period is the days from From up to, and without, Until; both are 00:00 local time.
type Period struct{ From, Until time.Time }

// Year returns the calendar year that contains an instant, in its location.
func Year(at time.Time) Period {
	from := time.Date(at.Year(), time.January, 1, 0, 0, 0, 0, at.Location())
	return Period{from, from.AddDate(1, 0, 0)}
}

// MonthOf returns the calendar month that contains an instant, in its location.
func MonthOf(at time.Time) Period {
	from := time.Date(at.Year(), at.Month(), 1, 0, 0, 0, 0, at.Location())
	return Period{from, from.AddDate(0, 1, 0)}
}

// Days returns the period from the first to the last day, that day included. Only their dates count.
func Days(first, last time.Time, zone *time.Location) Period {
	midnight := func(t time.Time, days int) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day()+days, 0, 0, 0, 0, zone)
	}
	return Period{midnight(first, 0), midnight(last, 1)}
}

// Last returns the last day of the period, at 00:00.
func (p Period) Last() time.Time { return p.Until.AddDate(0, 0, -1) }

// Months returns how many calendar months the period touches; 0 if it is empty.
func (p Period) Months() int {
	if !p.From.Before(p.Until) {
		return 0
	}
	return p.index(p.Until.Add(-1)) + 1
}

// Contains reports whether an instant is in the period.
func (p Period) Contains(at time.Time) bool { return !at.Before(p.From) && at.Before(p.Until) }

// index returns the number of the month that contains an instant of the period, from 0.
func (p Period) index(at time.Time) int {
	at = at.In(p.From.Location())
	return 12*(at.Year()-p.From.Year()) + int(at.Month()-p.From.Month())
}

// months returns the months of the period, without counts.
func (p Period) months() []Month {
	months := make([]Month, p.Months())
	for i := range months {
		first := time.Date(p.From.Year(), p.From.Month()+time.Month(i), 1, 0, 0, 0, 0, p.From.Location())
		months[i] = Month{First: first, Counts: make(map[Group]Count)}
	}
	return months
}
