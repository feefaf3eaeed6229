package password

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// What happens around two showings, and whether the second sets a password anew.
func TestAPasswordOfItsOwnerIsNotReplaced(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		between func(*counter)
		want    string
	}{
		"ten minutes pass":                           {func(c *counter) { c.shows(""); c.pass(10 * time.Minute) }, ""},
		"she changes it at once":                     {func(c *counter) { c.shows(""); c.pass(3 * time.Second); c.vault.changed(); c.pass(time.Minute) }, "password.used"},
		"she changes it after an hour":               {func(c *counter) { c.shows(""); c.pass(time.Hour); c.vault.changed(); c.pass(time.Minute) }, "password.used"},
		"she signs in":                               {func(c *counter) { c.shows(""); c.pass(time.Minute); c.vault.signIn = c.Now() }, "password.used"},
		"an administrator sets one before the first": {func(c *counter) { c.pass(time.Hour); c.vault.changed() }, "password.used"},

		"unseen, she changes it at once": {func(c *counter) {
			c.vault.blind = errSilent
			c.shows("")
			c.vault.blind = nil
			c.pass(3 * time.Second)
			c.vault.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"unseen, ten minutes pass": {func(c *counter) {
			c.vault.blind = errSilent
			c.shows("")
			c.vault.blind = nil
			c.pass(10 * time.Minute)
		}, ""},
		"the directory lags, ten minutes pass": {func(c *counter) {
			c.vault.lag = 30 * time.Second
			c.shows("")
			c.pass(10 * time.Minute)
		}, ""},
		"the directory lags, a moment passes": {func(c *counter) {
			c.vault.lag = 30 * time.Second
			c.shows("")
			c.pass(20 * time.Second)
		}, "password.unseen"},
		"the directory lags, she changes it": {func(c *counter) {
			c.vault.lag = 30 * time.Second
			c.shows("")
			c.pass(10 * time.Second)
			c.vault.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"it says no time, and ten minutes pass": {func(c *counter) { c.vault.undated = true; c.shows(""); c.pass(10 * time.Minute) }, ""},
		"it says no time, she changes it": {func(c *counter) {
			c.vault.undated = true
			c.shows("")
			c.pass(3 * time.Second)
			c.vault.changed()
			c.pass(time.Minute)
		}, "password.used"},

		"the first is not answered, and was not set": {func(c *counter) { c.vault.set = silent; c.tries(); c.vault.set = nil; c.pass(time.Minute) }, ""},
		"the first is not answered, and was set": {func(c *counter) {
			c.vault.set, c.vault.done = silent, true
			c.tries()
			c.vault.set = nil
			c.pass(time.Minute)
		}, ""},
		"the second is not answered, and was not set": {func(c *counter) {
			c.shows("")
			c.pass(time.Minute)
			c.vault.set = silent
			c.tries()
			c.vault.set = nil
			c.pass(time.Minute)
		}, ""},
		"the second is not answered, and was set, or she changed it": {func(c *counter) {
			c.shows("")
			c.pass(time.Minute)
			c.vault.set, c.vault.done = silent, true
			c.tries()
			c.vault.set = nil
			c.pass(time.Minute)
		}, "password.unclear"},
		"the second is not answered, and she changes it later": {func(c *counter) {
			c.shows("")
			c.pass(time.Minute)
			c.vault.set = silent
			c.tries()
			c.vault.set = nil
			c.pass(time.Hour)
			c.vault.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"the process dies before the first is set": {func(c *counter) {
			c.vault.set = func(context.Context) error { panic("the process dies") }
			_ = job.Safely(func() error { c.tries(); return nil })
			c.vault.set = nil
			c.pass(time.Minute)
		}, ""},
	} {
		for _, skew := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
			t.Run(name+", clock "+skew.String(), func(t *testing.T) {
				t.Parallel()
				counter := openCounter(t)
				counter.vault.skew = skew
				c.between(counter)
				counter.shows(c.want)
				if c.want == "password.used" || c.want == "password.unclear" {
					counter.pass(time.Minute)
					counter.vault.signIn, counter.vault.changes = time.Time{}, counter.vault.changes[:1]
					counter.shows(c.want) // and it stays so
				}
			})
		}
	}
}

// The directory names no time of its own, and does not show the password that it took: it
// is not known when that was, and nobody sees it. Nothing is used up.
func TestAPasswordWithoutADateIsNotShown(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	c.vault.undated, c.vault.lag = true, time.Minute
	if _, secret, err := c.handovers.Reveal(t.Context(), luciasLine, silvia); provisioning.ReasonOf(err) != "password.unseen" || secret.Reveal() != "" {
		t.Errorf("shown %v, %v", secret, err)
	}
	if n := c.line().Handover.Reveals; n != 0 {
		t.Errorf("%d showings are counted, want none", n)
	}
	c.pass(2 * time.Minute)
	c.vault.lag = 0
	c.shows("")
}

// The store takes no more once the password is set: that it was is not written down, and
// nobody sees it.
func TestAPasswordThatCannotBeWrittenDownIsNotShown(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	full := &fullStore{Store: c.Store}
	c.handovers.Store = full
	c.vault.set = func(context.Context) error { full.full = true; return nil }
	c.tries()
	full.full, c.vault.set = false, nil
	c.pass(time.Minute)
	c.shows("")
}

// fullStore takes nothing while it is full.
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

// A click has looked at the directory, and something happens before it writes down that it
// will set a password: another click overtakes it, even where no time must pass between two, or
// the password is said to be handed over. It is refused, and sets none.
func TestAShowingThatIsOvertaken(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		meanwhile func(*counter)
		want      string
		sets      int
	}{
		"by another": {func(c *counter) { c.shows("") }, "password.wait", 1},
		"by two, at the same instant": {func(c *counter) {
			c.shows("")
			again := *c.handovers
			again.Credentials = &overtaken{Credentials: c.vault, first: func() { c.shows("") }}
			if _, _, err := again.Reveal(c.t.Context(), luciasLine, silvia); provisioning.ReasonOf(err) != "password.wait" {
				c.t.Errorf("overtaken at the same instant: %v", err)
			}
		}, "password.wait", 2},
		"by another, in vain":      {func(c *counter) { c.vault.set = silent; c.tries(); c.vault.set = nil }, "password.wait", 1},
		"by word that it is given": {func(c *counter) { _, _ = c.handovers.Done(c.t.Context(), luciasLine, silvia) }, "password.done", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			counter := openCounter(t)
			counter.rules.Limits.RevealInterval = 0
			late := *counter.handovers
			late.Credentials = &overtaken{Credentials: counter.vault, first: func() { c.meanwhile(counter) }}
			if _, secret, err := late.Reveal(t.Context(), luciasLine, silvia); provisioning.ReasonOf(err) != c.want || secret.Reveal() != "" {
				t.Errorf("shown %v, %v; want %s", secret, err, c.want)
			}
			if counter.vault.sets != c.sets {
				t.Errorf("%d passwords were set, want %d", counter.vault.sets, c.sets)
			}
		})
	}
}

// overtaken is a directory whose first answer another click comes before.
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

// A copy of the click comes after the answer, again with the same id or with a new one: what
// stands in the reader's view stays, and stays right. Once it was hidden, or on another
// card, a click is a click.
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
			counter := openCounter(t)
			first, err := counter.reveal(t.Context(), counter.clicks(silvia, "f:1", 7), revealClick)
			if err != nil || !strings.Contains(picture(t, first), counter.vault.secrets[0].Reveal()) {
				t.Fatalf("shown %s, %v", picture(t, first), err)
			}
			if c.hidden {
				if _, err := counter.hide(t.Context(), counter.clicks(silvia, "f:9", 7), revealClick); err != nil {
					t.Fatal(err)
				}
			}
			counter.pass(c.after)
			got, err := counter.reveal(t.Context(), counter.clicks(silvia, c.activity, c.message), revealClick)
			if reason := provisioning.ReasonOf(err); err != nil && reason != c.want || err == nil && c.want != "" {
				t.Errorf("answered %v, want %q", err, c.want)
			}
			if !got.Card.None() || got.Text != "" || err == nil && got.Aside == "" {
				t.Errorf("the view is replaced: %+v", got)
			}
			if counter.vault.sets != 1 {
				t.Errorf("%d passwords were set, want 1", counter.vault.sets)
			}
		})
	}
}

// Somebody else has the data of the card: hiding shows them nothing of the account.
func TestHidingShowsTheCardToItsRequesterAlone(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	for _, by := range []provisioning.Actor{{ID: "martha"}, {}} {
		got, err := c.hide(t.Context(), c.clicks(by, "f:1", 7), revealClick)
		if provisioning.ReasonOf(err) != "authority.requester" || !got.Card.None() || got.Text != "" {
			t.Errorf("%q is shown %s, %v", by.ID, picture(t, got), err)
		}
	}
	got, err := c.hide(t.Context(), c.clicks(silvia, "f:1", 7), revealClick)
	if err != nil || !strings.Contains(picture(t, got), "lucia@docentecoahuila.gob.mx") {
		t.Errorf("she is shown %s, %v", picture(t, got), err)
	}
}

// To say twice that a password was handed over is no act of its own; of a line that there is
// not, nothing is said.
func TestHandingOverTwice(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	for range 2 {
		if a, err := c.handovers.Done(t.Context(), luciasLine, silvia); err != nil || !a.Handover.Done {
			t.Errorf("handed over %v, %v", a.Handover.Done, err)
		}
	}
	if _, err := c.handovers.Done(t.Context(), "2026-000001-0002", silvia); provisioning.CodeOf(err) != provisioning.CodeNotFound {
		t.Errorf("a line that there is not: %v", err)
	}
	acts := 0
	err := c.Store.View(t.Context(), func(tx provisioning.Tx) error {
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
