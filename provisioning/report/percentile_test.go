package report

import (
	"testing"
	"time"
)

func TestPercentile(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name        string
		minutes     []int
		median, p90 int
	}{
		{"none", nil, 0, 0},
		{"one", []int{7}, 7, 7},
		{"two", []int{9, 3}, 3, 9},
		{"four", []int{240, 60, 180, 120}, 120, 240},
		{"ten", []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, 5, 9},
		{"alike", []int{5, 5, 5, 5, 90}, 5, 90},
		{"eleven", []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 90}, 1, 1},
	} {
		s := make(spread)
		for _, m := range c.minutes {
			s.add(time.Duration(m)*time.Minute + 59*time.Second)
		}
		if s.percentile(50) != time.Duration(c.median)*time.Minute || s.percentile(90) != time.Duration(c.p90)*time.Minute {
			t.Errorf("%s: %v and %v, want %d and %d minutes", c.name, s.percentile(50), s.percentile(90), c.median, c.p90)
		}
	}
}
