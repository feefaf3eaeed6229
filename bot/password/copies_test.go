package password

import (
	"context"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Teams repeats a slow click under a new id while the directory is working: all responses show
// the one password that was set.
func TestCopiesOfOneClickShowTheSame(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newFixture(t)
		proceed := make(chan struct{})
		c.directory.set = func(context.Context) error { <-proceed; return nil }
		var group sync.WaitGroup
		answers := make([]turn.Answer, 3)
		for i := range answers {
			group.Go(func() {
				var err error
				if answers[i], err = c.reveal(t.Context(), c.clicks(silvia, "f:"+strconv.Itoa(i), 7), revealClick); err != nil {
					t.Error(err)
				}
			})
		}
		synctest.Wait()
		close(proceed)
		group.Wait()
		if len(c.directory.secrets) != 1 {
			t.Fatalf("%d passwords were set, want 1", len(c.directory.secrets))
		}
		for i, a := range answers {
			if p := picture(t, a); !strings.Contains(p, c.directory.secrets[0].Reveal()) || p != picture(t, answers[0]) {
				t.Errorf("answer %d shows\n%s", i, p)
			}
		}
		if c.line().Handover.Reveals != 1 || len(c.revealing.inFlight) != 0 {
			t.Errorf("%d showings counted, %d still known", c.line().Handover.Reveals, len(c.revealing.inFlight))
		}
	})
}

// Martha has the data of Silvia's card and clicks at the same moment: she is refused, and does
// not get Silvia's response.
func TestACopyOfAnothersClickSharesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newFixture(t)
		proceed := make(chan struct{})
		c.directory.set = func(context.Context) error { <-proceed; return nil }
		var group sync.WaitGroup
		answers := make([]turn.Answer, 2)
		copied := func(i int) {
			group.Go(func() { answers[i], _ = c.reveal(t.Context(), c.clicks(silvia, "f:"+strconv.Itoa(i), 7), revealClick) })
			synctest.Wait()
		}
		copied(0)
		martha := provisioning.Actor{ID: "martha", Name: "Martha Peña"}
		got, err := c.reveal(t.Context(), c.clicks(martha, "f:1", 7), revealClick)
		if problem.ReasonOf(err) != "authority.requester" || !got.Card.None() {
			t.Errorf("shown %s, %v", picture(t, got), err)
		}
		copied(1)
		close(proceed)
		group.Wait()
		if p := picture(t, answers[0]); p != picture(t, answers[1]) || !strings.Contains(p, c.directory.secrets[0].Reveal()) {
			t.Errorf("her own copies show\n%s\n%s", p, picture(t, answers[1]))
		}
	})
}

// The connection of the first click is lost while a copy of it waits: the copy gets the
// password. If both are lost the call is cancelled, and nothing is left of it.
func TestACopyOutlivesTheClickItCopies(t *testing.T) {
	t.Parallel()
	for _, both := range []bool{false, true} {
		t.Run("both lost "+strconv.FormatBool(both), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				c := newFixture(t)
				proceed := make(chan struct{})
				c.directory.set = func(ctx context.Context) error {
					select {
					case <-proceed:
						return nil
					case <-ctx.Done():
						return errUnavailable
					}
				}
				first, leave := context.WithCancel(t.Context())
				second, leaveToo := context.WithCancel(t.Context())
				defer leaveToo()
				var group sync.WaitGroup
				var got turn.Answer
				group.Go(func() { _, _ = c.reveal(first, c.clicks(silvia, "f:1", 7), revealClick) })
				synctest.Wait()
				group.Go(func() { got, _ = c.reveal(second, c.clicks(silvia, "f:2", 7), revealClick) })
				synctest.Wait()
				began := time.Now()
				leave()
				synctest.Wait()
				if both {
					leaveToo()
				} else {
					close(proceed)
				}
				group.Wait()
				c.revealing.group.Wait()
				if waited := time.Since(began); waited > 0 {
					t.Errorf("it went on for %s", waited)
				}
				if shownIt := !got.Card.None(); shownIt == both || len(c.revealing.inFlight) != 0 {
					t.Errorf("shown %v, %d still known", shownIt, len(c.revealing.inFlight))
				}
				if n := c.line().Handover.Reveals; (n == 0) != both {
					t.Errorf("%d showings are counted", n)
				}
			})
		})
	}
}

// A click is cancelled before the directory has answered: the next one starts a new call, which
// its copies share, and the end of the first call does not affect it.
func TestAClickAfterOneThatWasGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newFixture(t)
		c.rules.Limits.RevealInterval = 0
		ends := []chan error{make(chan error), make(chan error)}
		asked := 0
		c.directory.set = func(context.Context) error { asked++; return <-ends[asked-1] }
		var group sync.WaitGroup
		answers := make([]turn.Answer, 3)
		first, leave := context.WithCancel(t.Context())
		click := func(ctx context.Context, i int) {
			group.Go(func() { answers[i], _ = c.reveal(ctx, c.clicks(silvia, "f:"+strconv.Itoa(i), 7), revealClick) })
			synctest.Wait()
		}
		click(first, 0)
		leave()
		synctest.Wait()
		click(t.Context(), 1)
		ends[0] <- errUnavailable
		synctest.Wait()
		click(t.Context(), 2)
		ends[1] <- nil
		group.Wait()
		c.revealing.group.Wait()
		if p := picture(t, answers[1]); !answers[0].Card.None() || p != picture(t, answers[2]) || !strings.Contains(p, c.directory.secrets[0].Reveal()) || asked != 2 {
			t.Errorf("asked %d times, shown\n%s\n%s\n%s", asked, picture(t, answers[0]), p, picture(t, answers[2]))
		}
	})
}

// The reason for a refusal is shown on the card, also where a password was shown before.
func TestWhatStandsInTheWayIsToldOnTheCard(t *testing.T) {
	t.Parallel()
	for name, stand := range map[string]struct {
		happens func(*fixture)
		said    string
		offers  bool
	}{
		"her own password":        {func(c *fixture) { c.directory.changed() }, "ya es solo suya", false},
		"the directory is behind": {func(c *fixture) { c.directory.lag = 2 * time.Minute }, "aún no muestra", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newFixture(t)
			if _, err := c.reveal(t.Context(), c.clicks(silvia, "f:1", 7), revealClick); err != nil {
				t.Fatal(err)
			}
			c.pass(time.Minute)
			stand.happens(c)
			got, err := c.reveal(t.Context(), c.clicks(silvia, "f:2", 7), revealClick)
			if p := picture(t, got); err != nil || !strings.Contains(p, stand.said) || strings.Contains(p, cards.PasswordReveal) != stand.offers {
				t.Errorf("shown %s, %v", p, err)
			}
		})
	}
}
