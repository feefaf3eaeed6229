package words

import (
	"fmt"
	"regexp"
	"time"
)

// dateShape matches what looks like a date.
var dateShape = regexp.MustCompile(`\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4}`)

// Dates returns the dates in a text, without those in mentions, as 00:00 in the zone: day first,
// "15/09/2026", or "2026-09-15". It is an error if one cannot be.
func Dates(text string, zone *time.Location) ([]time.Time, error) {
	var days []time.Time
	for _, word := range dateShape.FindAllString(WithoutMentions(text), -1) {
		day, err := parseDay(word, zone)
		if err != nil {
			return nil, err
		}
		days = append(days, day)
	}
	return days, nil
}

// WithoutDates returns the text without mentions and what looks like a date.
func WithoutDates(text string) string {
	return dateShape.ReplaceAllString(WithoutMentions(text), " ")
}

func parseDay(s string, zone *time.Location) (time.Time, error) {
	for _, layout := range []string{"2/1/2006", "2-1-2006", "2.1.2006", "2006-1-2"} {
		if day, err := time.ParseInLocation(layout, s, zone); err == nil {
			return day, nil
		}
	}
	return time.Time{}, fmt.Errorf("no date: %q", s)
}
