package provisioning

import (
	"time"
)

// Substitute lets To decide at a stage in its holder's stead, between two
// instants (From included, Until not).
type Substitute struct {
	Stage StageName `json:"stage"`
	To    Actor     `json:"to"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	By    Actor     `json:"by"`
}

// longestSubstitution is how long one may stand in, in years.
const longestSubstitution = 1

// InForce reports whether the substitute stands in at an instant.
func (s Substitute) InForce(at time.Time) bool { return !at.Before(s.From) && at.Before(s.Until) }

// CheckPeriod refuses, with CodeInvalid, a period of whole days that nobody can be named for
// now: one that is past, that ends before it begins, or that is longer than a year.
func (s Substitute) CheckPeriod(now time.Time) error {
	switch {
	case !now.Before(s.Until):
		return Invalid("period", "substitute.past")
	case !s.From.Before(s.Until):
		return Invalid("period", "substitute.dates")
	case s.Until.After(s.From.AddDate(longestSubstitution, 0, 1)): // the last day is included
		return Invalid("period", "substitute.long")
	}
	return nil
}
