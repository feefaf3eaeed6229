package graph

import (
	"net/http"
	"testing"
	"time"
)

func TestRetryAfter(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 7, 20, 9, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"":        0,
		"30":      30 * time.Second,
		"1.5":     1500 * time.Millisecond,
		"30,120":  2 * time.Minute,
		"120, 30": 2 * time.Minute,
		"30,soon": 30 * time.Second,
		"-1":      0,
		"NaN":     0,
		"+Inf":    0,
		"soon":    0,
		"86401":   0, // more than a day
		now.Add(90 * time.Second).Format(http.TimeFormat):  90 * time.Second,
		now.Add(-90 * time.Second).Format(http.TimeFormat): 0,
		now.Add(25 * time.Hour).Format(http.TimeFormat):    0,
	} {
		if got := retryAfter(header, now); got != want {
			t.Errorf("retryAfter(%q) = %v, want %v", header, got, want)
		}
	}
}
