package provisioning

import "time"

const (
	// clockSpread is how far clocks within the directory may differ, with its stamps of
	// whole seconds. Nobody signs in and changes a password that quickly after it was shown.
	clockSpread = 2 * time.Second
	// bornWithin is how long after a user's creation the directory may date its first
	// password, which nobody knows.
	bornWithin = time.Minute
	// answersLate is how long after a failure that tells nothing of the effect the directory may
	// still be done with the setting: a gateway answers in its place when it takes long, or the
	// connection breaks, while the request is worked on. Nobody reads a password out, signs in
	// with it and changes it that quickly.
	answersLate = 10 * time.Second
	// guessTook is how long a showing may have taken whose date was only guessed.
	guessTook = 15 * time.Second
)

// passwordState is whose the password of an account is, as far as the directory tells.
type passwordState int

const (
	ourPassword     passwordState = iota // set by us, or at the creation: a fresh one may be set
	ownersPassword                       // set by somebody else, or used
	unclearPassword                      // set by somebody else, or by a trial of ours
	unseenPassword                       // the directory does not show yet what we know was set
)

// passwordOf tells whose the account's password is, given what the directory says of it.
// All times compared are the directory's, so that it does not matter how right our clock is.
func passwordOf(a Account, e Entry) passwordState {
	hand, changed := a.Handover, e.PasswordSetAt
	switch {
	case !e.LastSignIn.IsZero():
		return ownersPassword // before the first showing nobody knew a password
	case changed.IsZero() || changed.Before(hand.SetFrom):
		return unseenPassword
	case !hand.Trial.Until.IsZero():
		return hand.Trial.passwordAt(changed, !hand.SetAt.IsZero())
	case changed.After(a.passwordSetUntil(e)):
		return ownersPassword
	}
	return ourPassword
}

// passwordAt tells whose a password is that was changed then, after a trial. The trial's
// own nobody knows, but an earlier one somebody may: whoever that is could have changed it
// while the trial was under way, if that failed. So could whom an administrator gave one
// before the trial's effect was out of the question.
func (t Trial) passwordAt(changed time.Time, known bool) passwordState {
	switch {
	case !changed.After(t.Before):
		return ourPassword // it was not done, or does not show: nothing has changed since the last look
	case changed.After(t.Until):
		return ownersPassword
	case known, !t.Likely.IsZero() && changed.After(t.Likely):
		return unclearPassword
	}
	return ourPassword
}

// ended returns the trial once it failed for a cause at the time by the directory's clock.
// One that was refused was not done; any other, and one that its caller left, may still be,
// for as long as a request takes.
func (t Trial) ended(at time.Time, left bool, cause error) Trial {
	if left || CodeOf(cause) == CodeUnavailable {
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

// passwordSetUntil returns when the password was set at the latest that we know of. A
// record of an earlier release may hold a guess, two minutes ahead of the showing, in place
// of the directory's stamp, which has whole seconds.
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
