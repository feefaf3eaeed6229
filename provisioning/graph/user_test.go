package graph_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// A slow password change whose caller gave up must not take effect after a later one.
func TestAPasswordIsNotOvertakenByAnEarlierOne(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		made := f.create(1)
		f.create(2) // after a second answer several batches may be outstanding
		f.tenant.Fail(graphfake.Fault{Op: "users.update", Break: graphfake.BreakSlow, Delay: 25 * time.Second})
		earlier, later := password(t), password(t)
		_, err := f.SetPassword(within(t, 12*time.Second), made.ID, earlier)
		wantReason(t, "gave up", err, provisioning.DirectoryUnavailable, false)
		_, err = f.SetPassword(within(t, 5*time.Second), made.ID, password(t))
		wantReason(t, "gave up while queued behind it", err, provisioning.DirectoryUnavailable, false)
		if _, err := f.SetPassword(t.Context(), made.ID, later); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if got := f.tenant.SignIn(string(made.Address), later.Reveal()); got != graphfake.MustChange {
			t.Errorf("sign-in with the password that was shown: %s", got)
		}
		if got := f.tenant.Count("users.update"); got != 2 {
			t.Errorf("%d passwords set, want 2: the one in between was abandoned", got)
		}
	})
}

// A change queued behind a slow one returns a retry time when the client is closed.
func TestCloseReturnsAQueuedChange(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		made := f.create(1)
		f.tenant.Fail(graphfake.Fault{Op: "users.update", Break: graphfake.BreakSlow, Delay: 3 * time.Second})
		change := func() <-chan error {
			came := make(chan error, 1)
			go func() { came <- f.SetEnabled(t.Context(), made.ID, false) }()
			time.Sleep(time.Second)
			return came
		}
		first, second := change(), change()
		_ = f.Close()
		if err := <-first; err != nil {
			t.Errorf("outstanding: %v", err)
		}
		wantReason(t, "behind it", <-second, provisioning.DirectoryThrottled, false)
	})
}

// If the items of a batch are refused with a claims challenge, they are sent again with a token that
// was requested with those claims.
func TestARevokedTokenIsRenewed(t *testing.T) {
	t.Parallel()
	inVirtualTime(t, func(t *testing.T, f *fixture) {
		made := f.create(1)
		f.tenant.RevokeTokens()
		second, err := f.Create(t.Context(), teacher(t, 2))
		if err != nil || second.ID == made.ID {
			t.Fatalf("create after a revocation: %v", err)
		}
		if err := f.License(t.Context(), second.ID, student); err != nil {
			t.Error(err)
		}
	})
}
