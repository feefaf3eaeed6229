package password

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// What happens between two clicks, and whether the second sets another password.
func TestAPasswordOfItsOwnerIsNotReplaced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		between func(*fixture)
		want    string
	}{
		"ten minutes pass":                           {func(c *fixture) { c.reveals(""); c.pass(10 * time.Minute) }, ""},
		"she changes it at once":                     {func(c *fixture) { c.reveals(""); c.pass(3 * time.Second); c.directory.changed(); c.pass(time.Minute) }, "password.used"},
		"she changes it after an hour":               {func(c *fixture) { c.reveals(""); c.pass(time.Hour); c.directory.changed(); c.pass(time.Minute) }, "password.used"},
		"she signs in":                               {func(c *fixture) { c.reveals(""); c.pass(time.Minute); c.directory.signIn = c.cfg.Now() }, "password.used"},
		"an administrator sets one before the first": {func(c *fixture) { c.pass(time.Hour); c.directory.changed() }, "password.used"},

		"unseen, she changes it at once": {func(c *fixture) {
			c.directory.entryErr = errUnavailable
			c.reveals("")
			c.directory.entryErr = nil
			c.pass(3 * time.Second)
			c.directory.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"unseen, ten minutes pass": {func(c *fixture) {
			c.directory.entryErr = errUnavailable
			c.reveals("")
			c.directory.entryErr = nil
			c.pass(10 * time.Minute)
		}, ""},
		"the directory lags, ten minutes pass": {func(c *fixture) {
			c.directory.lag = 30 * time.Second
			c.reveals("")
			c.pass(10 * time.Minute)
		}, ""},
		"the directory lags, a moment passes": {func(c *fixture) {
			c.directory.lag = 30 * time.Second
			c.reveals("")
			c.pass(20 * time.Second)
		}, "password.unseen"},
		"the directory lags, she changes it": {func(c *fixture) {
			c.directory.lag = 30 * time.Second
			c.reveals("")
			c.pass(10 * time.Second)
			c.directory.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"it says no time, and ten minutes pass": {func(c *fixture) { c.directory.undated = true; c.reveals(""); c.pass(10 * time.Minute) }, ""},
		"it says no time, she changes it": {func(c *fixture) {
			c.directory.undated = true
			c.reveals("")
			c.pass(3 * time.Second)
			c.directory.changed()
			c.pass(time.Minute)
		}, "password.used"},

		"the first is not answered, and was not set": {func(c *fixture) {
			c.directory.set = unavailable
			c.failsToReveal()
			c.directory.set = nil
			c.pass(time.Minute)
		}, ""},
		"the first is not answered, and was set": {func(c *fixture) {
			c.directory.set, c.directory.done = unavailable, true
			c.failsToReveal()
			c.directory.set = nil
			c.pass(time.Minute)
		}, ""},
		"the second is not answered, and was not set": {func(c *fixture) {
			c.reveals("")
			c.pass(time.Minute)
			c.directory.set = unavailable
			c.failsToReveal()
			c.directory.set = nil
			c.pass(time.Minute)
		}, ""},
		"the second is not answered, and was set, or she changed it": {func(c *fixture) {
			c.reveals("")
			c.pass(time.Minute)
			c.directory.set, c.directory.done = unavailable, true
			c.failsToReveal()
			c.directory.set = nil
			c.pass(time.Minute)
		}, "password.unclear"},
		"the second is not answered, and she changes it later": {func(c *fixture) {
			c.reveals("")
			c.pass(time.Minute)
			c.directory.set = unavailable
			c.failsToReveal()
			c.directory.set = nil
			c.pass(time.Hour)
			c.directory.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"the process dies before the first is set": {func(c *fixture) {
			c.directory.set = func(context.Context) error { panic("the process dies") }
			_ = job.Safely(func() error { c.failsToReveal(); return nil })
			c.directory.set = nil
			c.pass(time.Minute)
		}, ""},
	} {
		for _, skew := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
			t.Run(name+", clock "+skew.String(), func(t *testing.T) {
				t.Parallel()
				fixture := newFixture(t)
				fixture.directory.skew = skew
				c.between(fixture)
				fixture.reveals(c.want)
				if c.want == "password.used" || c.want == "password.unclear" {
					fixture.pass(time.Minute)
					fixture.directory.signIn, fixture.directory.changes = time.Time{}, fixture.directory.changes[:1]
					fixture.reveals(c.want) // and stays refused
				}
			})
		}
	}
}

// The directory returns no time of its own, and does not show the password that it accepted:
// when it was set is unknown, so it is not shown. No reveal is counted.
func TestAPasswordWithoutADateIsNotShown(t *testing.T) {
	t.Parallel()
	c := newFixture(t)
	c.directory.undated, c.directory.lag = true, time.Minute
	if _, secret, err := c.handovers.Reveal(t.Context(), luciasLine, silvia); problem.ReasonOf(err) != "password.unseen" || secret.Reveal() != "" {
		t.Errorf("shown %v, %v", secret, err)
	}
	if n := c.line().Handover.Reveals; n != 0 {
		t.Errorf("%d showings are counted, want none", n)
	}
	c.pass(2 * time.Minute)
	c.directory.lag = 0
	c.reveals("")
}

// The store fails after the password is set: that is not recorded, so the password is not shown.
func TestAPasswordThatCannotBeWrittenDownIsNotShown(t *testing.T) {
	t.Parallel()
	c := newFixture(t)
	full := &fullStore{Store: c.cfg.Store}
	c.handovers.Store = full
	c.directory.set = func(context.Context) error { full.full = true; return nil }
	c.failsToReveal()
	full.full, c.directory.set = false, nil
	c.pass(time.Minute)
	c.reveals("")
}

// fullStore refuses updates while it is full.
type fullStore struct {
	provisioning.Store
	full bool
}

func (s *fullStore) Update(ctx context.Context, change func(provisioning.Tx) error) error {
	if s.full {
		return errors.New("no space left on device")
	}
	return s.Store.Update(ctx, change)
}

// A click has read the directory, and before it records that it will set a password another
// click completes, even without a minimum interval, or the password is marked as handed over.
// The first click is refused, and sets none.
func TestAShowingThatIsOvertaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meanwhile func(*fixture)
		want      string
		sets      int
	}{
		"by another": {func(c *fixture) { c.reveals("") }, "password.wait", 1},
		"by two, at the same instant": {func(c *fixture) {
			c.reveals("")
			again := *c.handovers
			again.Credentials = &overtaken{Credentials: c.directory, first: func() { c.reveals("") }}
			if _, _, err := again.Reveal(c.t.Context(), luciasLine, silvia); problem.ReasonOf(err) != "password.wait" {
				c.t.Errorf("overtaken at the same instant: %v", err)
			}
		}, "password.wait", 2},
		"by another, in vain":      {func(c *fixture) { c.directory.set = unavailable; c.failsToReveal(); c.directory.set = nil }, "password.wait", 1},
		"by word that it is given": {func(c *fixture) { _, _ = c.handovers.Done(c.t.Context(), luciasLine, silvia) }, "password.done", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fixture := newFixture(t)
			fixture.rules.Limits.RevealInterval = 0
			late := *fixture.handovers
			late.Credentials = &overtaken{Credentials: fixture.directory, first: func() { c.meanwhile(fixture) }}
			if _, secret, err := late.Reveal(t.Context(), luciasLine, silvia); problem.ReasonOf(err) != c.want || secret.Reveal() != "" {
				t.Errorf("shown %v, %v; want %s", secret, err, c.want)
			}
			if fixture.directory.sets != c.sets {
				t.Errorf("%d passwords were set, want %d", fixture.directory.sets, c.sets)
			}
		})
	}
}

// overtaken is a directory during whose first read another click completes.
type overtaken struct {
	provisioning.Credentials
	first func()
}

func (o *overtaken) Entry(ctx context.Context, id string) (provisioning.Entry, error) {
	e, err := o.Credentials.Entry(ctx, id)
	if first := o.first; first != nil {
		o.first = nil
		first()
	}
	return e, err
}

// A copy of the click comes after the response, with the same id or a new one: the visible
// password stays, and stays valid. After it was hidden, or on another card, it counts as a new
// click.
func TestALateCopyLeavesThePasswordShown(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		activity string
		message  int
		after    time.Duration
		hidden   bool
		want     string // reason; "" where the view stays
	}{
		"with its id, a moment later":    {"f:1", 7, time.Second, false, ""},
		"with its id, long after":        {"f:1", 7, time.Minute, false, ""},
		"under a new id":                 {"f:2", 7, time.Second, false, ""},
		"on another card":                {"f:2", 8, time.Second, false, "password.wait"},
		"under a new id, once it is hid": {"f:2", 7, time.Second, true, "password.wait"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fixture := newFixture(t)
			first, err := fixture.reveal(t.Context(), fixture.clicks(silvia, "f:1", 7), revealClick)
			if err != nil || !strings.Contains(picture(t, first), fixture.directory.secrets[0].Reveal()) {
				t.Fatalf("shown %s, %v", picture(t, first), err)
			}
			if c.hidden {
				if _, err := fixture.hide(t.Context(), fixture.clicks(silvia, "f:9", 7), revealClick); err != nil {
					t.Fatal(err)
				}
			}
			fixture.pass(c.after)
			got, err := fixture.reveal(t.Context(), fixture.clicks(silvia, c.activity, c.message), revealClick)
			if reason := problem.ReasonOf(err); err != nil && reason != c.want || err == nil && c.want != "" {
				t.Errorf("answered %v, want %q", err, c.want)
			}
			if !got.Card.None() || got.Text != "" || err == nil && got.Aside == "" {
				t.Errorf("the view is replaced: %+v", got)
			}
			if fixture.directory.sets != 1 {
				t.Errorf("%d passwords were set, want 1", fixture.directory.sets)
			}
		})
	}
}

// Another person has the data of the card: hiding shows them nothing of the account.
func TestHidingShowsTheCardToItsRequesterAlone(t *testing.T) {
	t.Parallel()
	c := newFixture(t)
	for _, by := range []provisioning.Actor{{ID: "martha"}, {}} {
		got, err := c.hide(t.Context(), c.clicks(by, "f:1", 7), revealClick)
		if problem.ReasonOf(err) != "authority.requester" || !got.Card.None() || got.Text != "" {
			t.Errorf("%q is shown %s, %v", by.ID, picture(t, got), err)
		}
	}
	got, err := c.hide(t.Context(), c.clicks(silvia, "f:1", 7), revealClick)
	if err != nil || !strings.Contains(picture(t, got), "lucia@docentecoahuila.gob.mx") {
		t.Errorf("she is shown %s, %v", picture(t, got), err)
	}
}

// Marking a password as handed over twice has one audit entry; for an unknown line it is not
// found.
func TestHandingOverTwice(t *testing.T) {
	t.Parallel()
	c := newFixture(t)
	at := c.cfg.Now()
	for range 2 {
		a, err := c.handovers.Done(t.Context(), luciasLine, silvia)
		if err != nil || !a.Handover.Done || !a.Handover.DoneAt.Equal(at) {
			t.Errorf("handed over %v at %s, %v; want %s", a.Handover.Done, a.Handover.DoneAt, err, at)
		}
		*c.at = c.at.Add(time.Hour)
	}
	if _, err := c.handovers.Done(t.Context(), "2026-000001-0002", silvia); problem.CodeOf(err) != problem.CodeNotFound {
		t.Errorf("a line that there is not: %v", err)
	}
	acts := 0
	err := c.cfg.Store.View(t.Context(), func(tx provisioning.Tx) error {
		for _, err := range tx.Entries(luciasLine.Folio()) {
			if err != nil {
				return err
			}
			acts++
		}
		return nil
	})
	if err != nil || acts != 1 {
		t.Errorf("%d acts are recorded, %v; want 1", acts, err)
	}
}
