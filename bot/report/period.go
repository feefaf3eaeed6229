package report

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/report"
)

// The words of a period, folded: of the present month, of the present year, and those that mean
// nothing.
var (
	monthWords = []string{"mes", "mensual", "month", "monthly"}
	yearWords  = []string{"ano", "anual", "year", "yearly"}
	fillers    = strings.Fields("de del desde el la este hasta al a y favor por from the this of to until please and")
)

var (
	yearShape  = regexp.MustCompile(`^20\d\d$`)
	monthShape = regexp.MustCompile(`^(20\d\d)-(\d\d?)$`)
)

// period parses what follows the command: nothing or "año" for the present year, "2025", "mes",
// "2026-09", "septiembre 2026", one date or two. Errors are CodeInvalid.
func period(text string, now time.Time) (report.Period, error) {
	days, err := words.Dates(text, now.Location())
	if err != nil {
		return report.Period{}, unclear()
	}
	p, err := named(strings.Fields(words.WithoutDates(text)), now)
	switch {
	case err != nil:
		return p, err
	case len(days) > 2 || len(days) > 0 && p != report.Year(now):
		return p, unclear()
	case len(days) > 0:
		p = report.Days(days[0], days[len(days)-1], now.Location())
	}
	switch n := p.Months(); {
	case n == 0:
		return p, problem.Invalid("period", "report.backwards")
	case n > cards.MaxReportMonths:
		return p, problem.Invalid("period", "report.long", "most", strconv.Itoa(cards.MaxReportMonths))
	}
	return p, nil
}

func unclear() error { return problem.Invalid("period", "report.unclear") }

// named parses a period of words: a month, a year, or both; the present year if there are none.
func named(typed []string, now time.Time) (report.Period, error) {
	year, month := now.Year(), time.Month(0)
	years, months := 0, 0
	for _, w := range typed {
		plain := words.Plain(w)
		byName, isMonth := cards.MonthNamed(plain)
		parts := monthShape.FindStringSubmatch(plain)
		switch {
		case plain == "" || slices.Contains(fillers, plain), slices.Contains(yearWords, plain):
			continue
		case slices.Contains(monthWords, plain):
			month, months = now.Month(), months+1
		case isMonth:
			month, months = byName, months+1
		case yearShape.MatchString(plain):
			year, _ = strconv.Atoi(plain)
			years++
		case parts != nil:
			n, _ := strconv.Atoi(parts[2])
			year, _ = strconv.Atoi(parts[1])
			month, years, months = time.Month(n), years+1, months+1
		default:
			return report.Period{}, unclear()
		}
	}
	if years > 1 || months > 1 || month > time.December || months == 1 && month < time.January {
		return report.Period{}, unclear()
	}
	if month == 0 {
		return report.Year(time.Date(year, time.January, 1, 0, 0, 0, 0, now.Location())), nil
	}
	return report.MonthOf(time.Date(year, month, 1, 0, 0, 0, 0, now.Location())), nil
}
