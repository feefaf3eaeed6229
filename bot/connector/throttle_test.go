package connector

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfterIsRead(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 20, 9, 0, 0, 0, time.UTC)
	date := func(d time.Duration) string { return now.Add(d).Format(http.TimeFormat) }
	for header, want := range map[string]time.Duration{
		"":                              0,
		"30":                            30 * time.Second,
		" 2 ":                           2 * time.Second,
		"1.5":                           1500 * time.Millisecond,
		"30,120":                        2 * time.Minute,
		"120, 30":                       2 * time.Minute,
		"30,,soon,-5":                   30 * time.Second,
		"-1":                            0,
		"0":                             0,
		"NaN":                           0,
		"+Inf":                          0,
		"1e300":                         0,
		"soon":                          0,
		"86400":                         24 * time.Hour,
		"86401":                         0, // no service asks for days
		"30,86401":                      30 * time.Second,
		date(90 * time.Second):          90 * time.Second,
		date(-90 * time.Second):         0,
		date(24 * time.Hour):            24 * time.Hour,
		date(25 * time.Hour):            0,
		date(10 * 365 * 24 * time.Hour): 0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", header, got, want)
		}
	}
}
