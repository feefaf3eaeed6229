package provisioning

import (
	"testing"
	"time"
)

// A notice is held until it is due; if that is too far ahead, the clock was wrong when it was posted.
func TestHeld(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		due  time.Time
		want time.Duration
	}{
		{time.Time{}, 0}, {now.Add(-time.Second), 0}, {now, 0}, {now.Add(20 * time.Second), 20 * time.Second}, {now.AddDate(0, 1, 0), 0},
	} {
		if got := (Notice{Due: c.due}).Held(now); got != c.want {
			t.Errorf("due %s: held %s, want %s", c.due, got, c.want)
		}
	}
}

// Only a held notice is overtaken, and only by what the requester is told.
func TestOvertaken(t *testing.T) {
	t.Parallel()
	held := Notice{Kind: NoticeAuthorized, Due: time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC)}
	one := Request{State: StateProvisioning, Lines: 1}
	list := Request{State: StateProvisioning, Lines: urgentLines + 1}
	ready := Tally{AccountAnnounced: 1}
	for name, c := range map[string]struct {
		n      Notice
		of     Request
		lines  Tally
		queued bool
		want   bool
	}{
		"being created":                        {held, one, nil, false, false},
		"an account existed at the submission": {held, one, Tally{AccountExists: 1}, false, false},
		"an account is ready":                  {held, one, ready, false, true},
		"of a list":                            {held, list, ready, false, false},
		"a list that has ended":                {held, Request{State: StateCompleted, Lines: urgentLines + 1}, ready, false, true},
		"waits for a licence":                  {held, one, nil, true, true},
		"in attention":                         {held, Request{State: StateAttention, Lines: 1}, nil, false, true},
		"a notice that is not held":            {Notice{Kind: NoticeAuthorized}, one, ready, true, false},
	} {
		if got := c.n.Overtaken(c.of, c.lines, c.queued); got != c.want {
			t.Errorf("%s: overtaken %v, want %v", name, got, c.want)
		}
	}
}
