package graph_test

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// A tenant is slow to take a password; whoever waited gives up and asks for another.
// The earlier one must not come true last: nobody was shown it.
func TestAPasswordIsNotOvertakenByAnEarlierOne(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		made := o.create(1)
		o.create(2) // from now on several batches fly at once
		o.tenant.Fail(graphfake.Fault{Op: "users.update", Break: graphfake.BreakSlow, Delay: 25 * time.Second})
		earlier, later := password(t), password(t)
		_, err := o.SetPassword(within(t, 12*time.Second), made.ID, earlier)
		wantReason(t, "gave up", err, provisioning.DirectoryUnavailable, false)
		_, err = o.SetPassword(within(t, 5*time.Second), made.ID, password(t))
		wantReason(t, "gave up behind it", err, provisioning.DirectoryUnavailable, false)
		if _, err := o.SetPassword(t.Context(), made.ID, later); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if got := o.tenant.SignIn(string(made.Address), later.Reveal()); got != graphfake.MustChange {
			t.Errorf("sign-in with the password that was shown: %s", got)
		}
		if got := o.tenant.Count("users.update"); got != 2 {
			t.Errorf("%d passwords set, want 2: nobody waits for the one in between", got)
		}
	})
}

// Whoever waits behind a slow change when the client closes is told to come again.
func TestAChangeBehindAnotherComesBackWhenTheClientCloses(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		made := o.create(1)
		o.tenant.Fail(graphfake.Fault{Op: "users.update", Break: graphfake.BreakSlow, Delay: 3 * time.Second})
		change := func() <-chan error {
			came := make(chan error, 1)
			go func() { came <- o.SetEnabled(t.Context(), made.ID, false) }()
			time.Sleep(time.Second)
			return came
		}
		first, second := change(), change()
		_ = o.Close()
		if err := <-first; err != nil {
			t.Errorf("under way: %v", err)
		}
		wantReason(t, "behind it", <-second, provisioning.DirectoryThrottled, false)
	})
}

// The directory refuses, item by item, a token that the batch is taken with: a new
// one is asked for with the claims of the challenge, and nobody notices.
func TestARevokedTokenIsRenewed(t *testing.T) {
	t.Parallel()
	still(t, func(t *testing.T, o *office) {
		made := o.create(1)
		o.tenant.RevokeTokens()
		second, err := o.Create(t.Context(), teacher(t, 2))
		if err != nil || second.ID == made.ID {
			t.Fatalf("create after a revocation: %v", err)
		}
		if err := o.License(t.Context(), second.ID, student); err != nil {
			t.Error(err)
		}
	})
}
