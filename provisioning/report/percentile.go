package report

import (
	"maps"
	"slices"
	"time"
)

// spread counts durations by their whole minutes. Its size is bounded by the longest duration, not
// by how many there are.
type spread map[int]int

func (s spread) add(d time.Duration) { s[int(d/time.Minute)]++ }

func (s spread) size() (n int) {
	for _, count := range s {
		n += count
	}
	return n
}

// percentile returns the smallest duration that at least percent % of the durations do not exceed
// (the nearest rank); 0 of an empty spread.
func (s spread) percentile(percent int) time.Duration {
	rank, passed := (s.size()*percent+99)/100, 0
	for _, minutes := range slices.Sorted(maps.Keys(s)) {
		if passed += s[minutes]; passed >= rank {
			return time.Duration(minutes) * time.Minute
		}
	}
	return 0
}
