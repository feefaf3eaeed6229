package provisioning

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Substitute lets To decide at a stage, from From (included) until Until (excluded). By named them.
type Substitute struct {
	Stage StageName `json:"stage"`
	To    Actor     `json:"to"`
	From  time.Time `json:"from"`
	Until time.Time `json:"until"`
	By    Actor     `json:"by"`
}

// longestSubstitution is the longest period, in years.
const longestSubstitution = 1

// InForce reports whether the substitution applies at an instant.
func (s Substitute) InForce(at time.Time) bool { return !at.Before(s.From) && at.Before(s.Until) }

// CheckPeriod returns CodeInvalid if the period of whole days is past, ends before it begins, or is
// longer than a year.
func (s Substitute) CheckPeriod(now time.Time) error {
	switch {
	case !now.Before(s.Until):
		return problem.Invalid("period", "substitute.past")
	case !s.From.Before(s.Until):
		return problem.Invalid("period", "substitute.dates")
	case s.Until.After(s.From.AddDate(longestSubstitution, 0, 1)): // the last day is included
		return problem.Invalid("period", "substitute.long")
	}
	return nil
}
