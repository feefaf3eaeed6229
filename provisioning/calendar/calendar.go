package calendar

import (
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"
)

// Calendar computes working time: the hours of the organisation's working days, without the
// statutory holidays and its own days off. A nil or zero Calendar is Monday to Friday from 8:00 to
// 16:00, UTC. It is safe for concurrent use.
//
// It is our own because no library follows the law: the Mexican holidays of
// github.com/rickar/cal/v2 (2.1.25) are on their dates, not on the Mondays on which they are
// observed since 2006, move with weekends as those of the United States do, and lack the transfer
// of the federal executive.
type Calendar struct {
	zone    *time.Location
	hours   hours
	week    [7]bool // worked, by time.Weekday
	special map[time.Time]hours
}

// Config is the organisation's working time, from its YAML file. Zero fields are those of the zero
// Calendar.
type Config struct {
	Zone     *time.Location
	Hours    string            // "8:00-16:00"; up to "24:00"
	Weekdays []time.Weekday    // working days
	DaysOff  []string          // besides the statutory holidays: "2026-06-07", "2026-12-21..2027-01-05"
	WorkDays map[string]string // working days regardless of the rest: "2026-09-19": "9:00-13:00"; "" for the usual hours
}

// hours are the begin and end of work, since midnight in local time; both zero on a day off.
type hours struct{ from, to time.Duration }

var (
	usualHours = hours{8 * time.Hour, 16 * time.Hour}
	usualWeek  = [7]bool{false, true, true, true, true, true, false}
)

// New returns the calendar, or all faults of its configuration, joined.
func New(cfg Config) (*Calendar, error) {
	c := (&Calendar{zone: cfg.Zone, special: make(map[time.Time]hours)}).orUsual()
	var faults []error
	if cfg.Hours != "" {
		worked, err := parseHours(cfg.Hours)
		c.hours, faults = worked, append(faults, err)
	}
	if len(cfg.Weekdays) > 0 {
		c.week = [7]bool{}
	}
	for _, d := range cfg.Weekdays {
		c.week[d%7] = true
	}
	for _, s := range cfg.DaysOff {
		faults = append(faults, c.takeOff(s))
	}
	for day, worked := range cfg.WorkDays {
		faults = append(faults, c.workOn(day, worked))
	}
	return c, errors.Join(faults...)
}

// Local returns the instant in the organisation's time zone, which determines the year of a folio
// and the date of a birthday.
func (c *Calendar) Local(at time.Time) time.Time { return at.In(c.orUsual().zone) }

// orUsual returns the calendar with its zero fields set to the defaults.
func (c *Calendar) orUsual() *Calendar {
	if c == nil {
		c = &Calendar{}
	}
	full := *c
	if full.zone == nil {
		full.zone = time.UTC
	}
	if full.hours == (hours{}) {
		full.hours = usualHours
	}
	if full.week == ([7]bool{}) {
		full.week = usualWeek
	}
	return &full
}

func (c *Calendar) takeOff(s string) error {
	first, last, ranged := strings.Cut(s, "..")
	from, err := time.Parse(time.DateOnly, strings.TrimSpace(first))
	until := from
	if err == nil && ranged {
		until, err = time.Parse(time.DateOnly, strings.TrimSpace(last))
	}
	if err != nil || until.Before(from) || until.Year() > from.Year()+1 {
		return fmt.Errorf("calendar: day off %q: want 2026-12-21, or 2026-12-21..2027-01-05", s)
	}
	for day := from; !day.After(until); day = day.AddDate(0, 0, 1) {
		c.special[day] = hours{}
	}
	return nil
}

func (c *Calendar) workOn(s, worked string) error {
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return fmt.Errorf("calendar: working day %q: want 2026-09-19", s)
	}
	c.special[day] = c.hours
	if worked != "" {
		c.special[day], err = parseHours(worked)
	}
	return err
}

// parseHours reads "8:00-16:00".
func parseHours(s string) (hours, error) {
	from, to, _ := strings.Cut(s, "-")
	begin, err1 := parseClock(from)
	end, err2 := parseClock(to)
	if err1 != nil || err2 != nil || begin >= end {
		return usualHours, fmt.Errorf("calendar: hours %q: want 8:00-16:00", s)
	}
	return hours{begin, end}, nil
}

func parseClock(s string) (time.Duration, error) {
	h, m, _ := strings.Cut(strings.TrimSpace(s), ":")
	hour, err1 := strconv.Atoi(h)
	minute, err2 := strconv.Atoi(m)
	at := time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute
	if err1 != nil || err2 != nil || hour < 0 || minute < 0 || minute > 59 || at > 24*time.Hour {
		return 0, fmt.Errorf("no time of day: %q", s)
	}
	return at, nil
}

// Open reports whether the instant is within working hours, their end excluded.
func (c *Calendar) Open(at time.Time) bool {
	for s := range c.spans(at) {
		return !at.Before(s.from)
	}
	return false
}

// Next returns the first instant, not before at, that is within working hours.
func (c *Calendar) Next(at time.Time) time.Time {
	for s := range c.spans(at) {
		return later(at, s.from)
	}
	return at
}

// Worked returns the working time between two instants; 0 if to is not later than from.
func (c *Calendar) Worked(from, to time.Time) time.Duration {
	var worked time.Duration
	for s := range c.spans(from) {
		if !s.from.Before(to) {
			break
		}
		end := s.to
		if to.Before(end) {
			end = to
		}
		worked += max(0, end.Sub(later(s.from, from)))
	}
	return worked
}

// Add returns the first instant at which so much working time has passed since from: Worked(from,
// Add(from, d)) is d.
func (c *Calendar) Add(from time.Time, worked time.Duration) time.Time {
	if worked <= 0 {
		return from
	}
	for s := range c.spans(from) {
		begin := later(s.from, from)
		if left := s.to.Sub(begin); left < worked {
			worked -= left
			continue
		}
		return begin.Add(worked)
	}
	return from
}

// Days returns the working time of n ordinary days.
func (c *Calendar) Days(n int) time.Duration {
	c = c.orUsual()
	return time.Duration(n) * (c.hours.to - c.hours.from)
}

// span is the working time of one day.
type span struct{ from, to time.Time }

// spans yields the working time of each day that ends after at, without end.
func (c *Calendar) spans(at time.Time) iter.Seq[span] {
	c = c.orUsual()
	year, month, d := at.In(c.zone).Date()
	return func(yield func(span) bool) {
		for day := time.Date(year, month, d, 0, 0, 0, 0, time.UTC); ; day = day.AddDate(0, 0, 1) {
			worked := c.worked(day)
			if worked.to == 0 {
				continue
			}
			s := span{c.clock(day, worked.from), c.clock(day, worked.to)}
			if s.to.After(later(s.from, at)) && !yield(s) {
				return
			}
		}
	}
}

// worked returns the hours of a date, given as its midnight in UTC.
func (c *Calendar) worked(day time.Time) hours {
	if h, ok := c.special[day]; ok {
		return h
	}
	if !c.week[day.Weekday()] || legalHoliday(day) {
		return hours{}
	}
	return c.hours
}

// clock returns the instant of a local time on a date. If the clocks are put forward over it, it is
// the moment after.
func (c *Calendar) clock(day time.Time, at time.Duration) time.Time {
	year, month, d := day.Date()
	return time.Date(year, month, d, 0, int(at/time.Minute), 0, 0, c.zone)
}

// legalHoliday reports whether a date is a holiday of article 74 of the Ley Federal del Trabajo, as
// in force since 2006; the transfer of the federal executive is on 1 October since 2024. Election
// days must be configured: the electoral laws name each of them.
func legalHoliday(day time.Time) bool {
	year, month, d := day.Date()
	transfer := year%6 == 2024%6
	switch month {
	case time.January, time.May:
		return d == 1
	case time.February:
		return isMonday(day, 1)
	case time.March, time.November:
		return isMonday(day, 3)
	case time.September:
		return d == 16
	case time.October:
		return d == 1 && transfer && year >= 2024
	case time.December:
		return d == 25 || d == 1 && transfer && year < 2024
	default:
		return false
	}
}

// isMonday reports whether a date is the n-th Monday of its month.
func isMonday(day time.Time, n int) bool {
	return day.Weekday() == time.Monday && (day.Day()-1)/7 == n-1
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
