package password

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// class is a fixture whose request has several accounts, each in a directory of its own.
type class struct {
	*fixture
	pupils map[string]*directory // by object id
}

func (c *class) Entry(ctx context.Context, id string) (provisioning.Entry, error) {
	return c.pupils[id].Entry(ctx, id)
}

func (c *class) SetPassword(ctx context.Context, id string, p secret.Password) (time.Time, error) {
	return c.pupils[id].SetPassword(ctx, id, p)
}

func newClass(t *testing.T, pupils int) *class {
	t.Helper()
	c := &class{newFixture(t), make(map[string]*directory)}
	c.handovers.Credentials = c
	first := c.line()
	c.update(func(tx provisioning.Tx) error {
		r, err := tx.Request(luciasLine.Folio())
		r.Lines = pupils
		errs := []error{err, tx.PutRequest(r)}
		for n := range pupils {
			a := first
			a.Number, a.Stamp = n+1, provisioning.NewStamp(r.Folio, n+1)
			a.ObjectID, a.Address = fmt.Sprint("pupil", n+1), "pupil@alumnocoahuila.gob.mx"
			c.pupils[a.ObjectID] = &directory{now: c.cfg.Now, changes: slices.Clone(c.directory.changes)}
			errs = append(errs, tx.PutAccount(a))
		}
		return errors.Join(errs...)
	})
	return c
}

// shownIn counts the passwords that were set, and how many of them an answer shows.
func (c *class) shownIn(s turn.Answer) (set, shown int) {
	p := picture(c.t, s)
	for _, v := range c.pupils {
		for _, secret := range v.secrets {
			set++
			if strings.Contains(p, secret.Reveal()) {
				shown++
			}
		}
	}
	return set, shown
}

// acts counts the audit's entries of an act.
func (c *class) acts(act string) (n int) {
	c.t.Helper()
	err := c.cfg.Store.View(c.t.Context(), func(tx provisioning.Tx) error {
		for e, err := range tx.Entries(luciasLine.Folio()) {
			if err != nil {
				return err
			}
			if e.Act == act {
				n++
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return n
}

// handedOver are the numbers of the lines that were handed over.
func (c *class) handedOver() (numbers []int) {
	c.t.Helper()
	err := c.cfg.Store.View(c.t.Context(), func(tx provisioning.Tx) error {
		for a, err := range tx.AccountsOf(luciasLine.Folio(), 0) {
			if err != nil {
				return err
			}
			if a.Handover.Done {
				numbers = append(numbers, a.Number)
			}
		}
		return nil
	})
	if err != nil {
		c.t.Fatal(err)
	}
	return numbers
}

var allClick = cards.Click{Data: cards.Data{Verb: cards.PasswordRevealAll, Folio: luciasLine.Folio()}}

func done(lines string) cards.Click {
	return cards.Click{Data: cards.Data{Verb: cards.PasswordDoneAll, Folio: luciasLine.Folio(), Lines: lines}}
}

// Silvia is shown the passwords of three pupils with one click; each is counted and recorded by
// itself. Copies of the click change nothing. Then she hands over those that she saw.
func TestAllOfARequestAreShownTogether(t *testing.T) {
	t.Parallel()
	c := newClass(t, 3)
	got, err := c.revealAll(t.Context(), c.clicks(silvia, "f:1", 7), allClick)
	if set, shown := c.shownIn(got); err != nil || set != 3 || shown != 3 {
		t.Fatalf("%d set, %d shown, %v", set, shown, err)
	}
	for activity, after := range map[string]time.Duration{"f:1": time.Minute, "f:2": time.Second} {
		copied, err := c.revealAll(t.Context(), c.clicks(silvia, activity, 7), allClick)
		if set, _ := c.shownIn(copied); err != nil || set != 3 || copied.Aside == "" || !copied.Card.None() {
			t.Errorf("a copy %s later: %d set, %+v, %v", after, set, copied, err)
		}
	}
	if n := c.acts("password.reveal"); n != 3 || c.line().Handover.Reveals != 1 {
		t.Errorf("%d showings are recorded, %d counted", n, c.line().Handover.Reveals)
	}
	if _, err := c.doneAll(t.Context(), c.clicks(silvia, "f:3", 7), done("1,3")); err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(c.handedOver()); got != "[1 3]" || c.acts("password.done") != 2 {
		t.Errorf("handed over %s, want those that the card showed", got)
	}
	c.pass(time.Minute)
	again, err := c.revealAll(t.Context(), c.clicks(silvia, "f:4", 8), allClick)
	if set, shown := c.shownIn(again); err != nil || set != 4 || shown != 1 {
		t.Errorf("afterwards %d set, %d shown, %v; want the second's alone", set, shown, err)
	}
}

// Two clicks at the same moment set one password for each pupil, and both are answered with it.
func TestTwoClicksOnAllAtOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := newClass(t, 3)
		proceed := make(chan struct{})
		for _, v := range c.pupils {
			v.set = func(context.Context) error { <-proceed; return nil }
		}
		var group sync.WaitGroup
		answers := make([]turn.Answer, 2)
		for i := range answers {
			group.Go(func() { answers[i], _ = c.revealAll(t.Context(), c.clicks(silvia, fmt.Sprint("f:", i), 7), allClick) })
		}
		synctest.Wait()
		close(proceed)
		group.Wait()
		for i, a := range answers {
			if set, shown := c.shownIn(a); set != 3 || shown != 3 {
				t.Errorf("answer %d: %d set, %d shown", i, set, shown)
			}
		}
		if len(c.together.inFlight) != 0 {
			t.Error("the passwords are still known")
		}
	})
}

// One pupil's password is visible on another card: none is set, since hers would no longer work.
func TestAllTogetherLeavesAVisibleOneAsItIs(t *testing.T) {
	t.Parallel()
	c := newClass(t, 3)
	if _, err := c.reveal(t.Context(), c.clicks(silvia, "f:1", 7), revealClick); err != nil {
		t.Fatal(err)
	}
	c.pass(time.Second)
	got, err := c.revealAll(t.Context(), c.clicks(silvia, "f:2", 8), allClick)
	if set, _ := c.shownIn(got); set != 1 || problem.ReasonOf(err) != "password.wait" {
		t.Errorf("%d set, %v", set, err)
	}
}

// The second pupil has signed in, and the directory fails for the third: the others are shown, each
// of these two with its reason, and "Ya las entregué" is for the first alone.
func TestOneThatCannotBeShownAmongOthers(t *testing.T) {
	t.Parallel()
	c := newClass(t, 3)
	c.pass(time.Hour)
	c.pupils["pupil2"].changed()
	c.pass(time.Minute)
	c.pupils["pupil3"].set = func(context.Context) error { return errors.New("a fault nobody expects") }
	got, err := c.revealAll(t.Context(), c.clicks(silvia, "f:1", 7), allClick)
	p := picture(t, got)
	if _, shown := c.shownIn(got); err != nil || shown != 1 || !strings.Contains(p, "La persona ya entró a su cuenta") || !strings.Contains(p, `"lines":"1"`) {
		t.Errorf("%d shown, %v:\n%s", shown, err, p)
	}
	if n := c.acts("password.reveal"); n != 2 {
		t.Errorf("%d showings are recorded, want the first and the one that failed", n)
	}
}

// Nobody else sees, hides or ends anything by the data of Silvia's card; and a message, which would
// stay in the chat, has no password.
func TestAllTogetherIsForTheRequesterInPlace(t *testing.T) {
	t.Parallel()
	c := newClass(t, 2)
	martha := provisioning.Actor{ID: "martha", Name: "Martha Peña"}
	for name, verb := range map[string]turn.Verb{"list": c.list, "reveal": c.revealAll, "hide": c.hideAll, "done": c.doneAll} {
		click := done("1")
		got, err := verb(t.Context(), c.clicks(martha, "f:"+name, 7), click)
		if problem.ReasonOf(err) != "authority.requester" || strings.Contains(picture(t, got), "pupil@") {
			t.Errorf("%s: %s, %v", name, picture(t, got), err)
		}
	}
	typed := c.clicks(silvia, "f:1", 7)
	typed.Type = connector.TypeMessage
	got, err := c.revealAll(t.Context(), typed, allClick)
	if set, _ := c.shownIn(got); err != nil || set != 0 || !strings.Contains(picture(t, got), "Action.Execute") {
		t.Errorf("a message: %d set, %v", set, err)
	}
	if len(c.handedOver()) > 0 {
		t.Error("another person handed over")
	}
	if got, err := c.doneAll(t.Context(), c.clicks(silvia, "f:2", 7), done("1,x")); err != nil || len(c.handedOver()) > 0 {
		t.Errorf("unreadable lines: %s, %v", picture(t, got), err)
	}
}

// Of more than fit one view the first are shown, and the card says how many follow.
func TestMoreThanOneViewHolds(t *testing.T) {
	t.Parallel()
	c := newClass(t, provisioning.MostTogether+2)
	got, err := c.revealAll(t.Context(), c.clicks(silvia, "f:1", 7), allClick)
	if set, shown := c.shownIn(got); err != nil || set != provisioning.MostTogether || shown != set || !strings.Contains(picture(t, got), "Otras 2 se muestran") {
		t.Errorf("%d set, %d shown, %v", set, shown, err)
	}
}
