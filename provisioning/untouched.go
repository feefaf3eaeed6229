package provisioning

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const (
	// clockSpread is the most by which clocks within the directory differ, whose timestamps are
	// whole seconds. No person signs in and changes a password that soon after it was shown.
	clockSpread = 2 * time.Second
	// bornWithin is how long after a user's creation the directory may date its first password,
	// which nobody knows.
	bornWithin = time.Minute
	// answersLate is how long after an inconclusive failure the directory may still apply the
	// setting: a gateway may have answered in its place, or the connection broken, while the
	// request is processed. No person is told a password, signs in with it and changes it that
	// soon.
	answersLate = 10 * time.Second
	// guessTook is the longest duration of a showing whose date was only estimated.
	guessTook = 15 * time.Second
)

// passwordState says who set the account's present password, as far as the directory shows.
type passwordState int

const (
	ourPassword     passwordState = iota // set by Altas, or at the creation: a new one may be set
	ownersPassword                       // set by others, or used
	unclearPassword                      // set by others, or by a trial of ours
	unseenPassword                       // the directory does not yet show a change known to be made
)

// passwordOf returns the state of the account's password, given its entry. All times compared are
// in the directory's clock, so errors of ours do not matter.
func passwordOf(a Account, e Entry) passwordState {
	hand, changed := a.Handover, e.PasswordSetAt
	switch {
	case e.LastSignIn.After(hand.Since):
		return ownersPassword // no password was known before the first showing
	case changed.IsZero() || changed.Before(hand.SetFrom):
		return unseenPassword
	case !hand.Trial.Until.IsZero():
		return hand.Trial.passwordAt(changed, hand.SetAt.After(hand.Since))
	case changed.After(a.passwordSetUntil(e)):
		return ownersPassword
	}
	return ourPassword
}

// passwordAt returns the state of a password that was changed at a time, after a trial. The trial's
// own password is known to nobody. If an earlier one was shown (known), its owner may have changed
// it during the trial, if the trial failed. So may a person to whom an administrator gave a
// password before the trial's effect was ruled out.
func (t Trial) passwordAt(changed time.Time, known bool) passwordState {
	switch {
	case !changed.After(t.Before):
		return ourPassword // no change, or none visible, since the entry was last read
	case changed.After(t.Until):
		return ownersPassword
	case known, !t.Likely.IsZero() && changed.After(t.Likely):
		return unclearPassword
	}
	return ourPassword
}

// ended returns the trial after a failure at a time, in the directory's clock. A refused setting
// had no effect. Any other, and one whose caller left, may still take effect for as long as a
// request takes.
func (t Trial) ended(at time.Time, left bool, cause error) Trial {
	if left || problem.CodeOf(cause) == problem.CodeUnavailable {
		t.Likely = earlier(at.Add(answersLate), t.Until)
		return t
	}
	t.Until = earlier(at.Add(clockSpread), t.Until)
	t.Likely = t.Until
	return t
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// passwordSetUntil returns the latest time at which Altas may have set the password. In records of
// an earlier release SetAt may be an estimate, two minutes after the showing, instead of the
// directory's timestamp, which has whole seconds.
func (a Account) passwordSetUntil(e Entry) time.Time {
	switch hand := a.Handover; {
	case hand.SetAt.IsZero() && e.Created.IsZero():
		return a.CreatedAt.Add(bornWithin)
	case hand.SetAt.IsZero():
		return e.Created.Add(bornWithin)
	case hand.SetFrom.IsZero() && hand.SetAt.Nanosecond() != 0:
		return hand.ShownAt.Add(guessTook)
	default:
		return hand.SetAt
	}
}
