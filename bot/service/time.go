package service

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	_ "time/tzdata" // Windows and minimal images have no time zone database

	"seducoahuila.gob.mx/altas/bot/console"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/calendar"
)

// CalendarRules are the organisation's working hours and days off, beside the statutory holidays.
type CalendarRules struct {
	Hours    string            `koanf:"hours"`    // "8:00-16:00"
	Weekdays []string          `koanf:"weekdays"` // lunes … domingo
	DaysOff  []any             `koanf:"daysOff"`  // "2026-06-07" or "2026-12-21..2027-01-05"; YAML reads a bare date as a time
	WorkDays map[string]string `koanf:"workDays"` // "2026-09-19": "9:00-13:00"
}

// DeadlineRules are deadlines in working hours ("8h") or working days ("10d"). 0, which YAML
// reads as a number, is never; nil is the procedure's default.
type DeadlineRules struct {
	Remind   []any `koanf:"remind"`
	Escalate any   `koanf:"escalate"`
	Expire   any   `koanf:"expire"`
	Correct  any   `koanf:"correct"`
}

var weekdays = map[string]time.Weekday{
	"domingo": time.Sunday, "lunes": time.Monday, "martes": time.Tuesday, "miercoles": time.Wednesday, "miércoles": time.Wednesday,
	"jueves": time.Thursday, "viernes": time.Friday, "sabado": time.Saturday, "sábado": time.Saturday,
}

// calendar returns the organisation's calendar in a time zone, or all its faults.
func (c CalendarRules) calendar(zone *time.Location) (*calendar.Calendar, error) {
	cfg := calendar.Config{Zone: zone, Hours: c.Hours, WorkDays: c.WorkDays}
	var faults []error
	for _, name := range c.Weekdays {
		day, ok := weekdays[strings.ToLower(name)]
		if !ok {
			faults = append(faults, console.Errorf("calendar.weekdays: %q is none of lunes … domingo", name))
		}
		cfg.Weekdays = append(cfg.Weekdays, day)
	}
	for _, off := range c.DaysOff {
		if at, ok := off.(time.Time); ok {
			off = at.Format(time.DateOnly)
		}
		cfg.DaysOff = append(cfg.DaysOff, fmt.Sprint(off))
	}
	calendar, err := calendar.New(cfg)
	return calendar, errors.Join(append(faults, err)...)
}

// domain returns the deadlines as working time of the calendar, or all their faults.
func (d DeadlineRules) domain(c *calendar.Calendar) (provisioning.Deadlines, error) {
	all := provisioning.DefaultDeadlines(c)
	var faults []error
	set := func(where string, v any, to *time.Duration) {
		if v == nil {
			return
		}
		workingTime, err := parseWorkingTime(c, fmt.Sprint(v))
		if err != nil {
			faults = append(faults, console.Errorf("deadlines.%s: %w", where, err))
		}
		*to = workingTime
	}
	if d.Remind != nil {
		all.Remind = make([]time.Duration, len(d.Remind))
	}
	for i, v := range d.Remind {
		set("remind", v, &all.Remind[i])
	}
	set("escalate", d.Escalate, &all.Escalate)
	set("expire", d.Expire, &all.Expire)
	set("correct", d.Correct, &all.Correct)
	for i, after := range append(slices.Clip(all.Remind), all.Expire) {
		if i > 0 && after > 0 && after <= all.Remind[i-1] {
			faults = append(faults, console.Errorf("deadlines: each reminder comes later than the one before, and the expiry last"))
			break
		}
	}
	return all, errors.Join(faults...)
}

// parseWorkingTime parses "10d", "8h" or "0".
func parseWorkingTime(c *calendar.Calendar, s string) (time.Duration, error) {
	text := strings.TrimSpace(s)
	if text == "0" {
		return 0, nil
	}
	n, err := strconv.Atoi(strings.TrimRight(text, "dh"))
	switch {
	case err != nil || n <= 0 || n > 1000:
	case strings.HasSuffix(text, "d") && len(text) == len(strconv.Itoa(n))+1:
		return c.Days(n), nil
	case strings.HasSuffix(text, "h") && len(text) == len(strconv.Itoa(n))+1:
		return time.Duration(n) * time.Hour, nil
	}
	return 0, console.Errorf("%q: want working days as 10d, working hours as 8h, or 0 for never", s)
}
