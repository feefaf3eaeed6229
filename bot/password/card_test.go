package password

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// stands has the account's card stand in Silvia's chat, as if it had just been posted.
func (c *counter) stands() {
	c.t.Helper()
	chatOf := connector.Conversation{ID: "chat-silvia", Type: connector.Personal}
	n := provisioning.Notice{Kind: provisioning.NoticeReady, To: silvia.ID, Folio: luciasLine.Folio(), Stamp: luciasLine}
	c.update(func(tx provisioning.Tx) error {
		return errors.Join(c.Recipients.Remember(tx, silvia.ID, recipient.Person{Conversation: chatOf}, false), c.Posts.NoticeSent(tx, post.OfNotice(n), chatOf, "7"),
			tx.Enqueue(job.Job{Kind: post.JobAccount, Key: string(luciasLine), Due: c.Now().Add(c.rules.Limits.RevealWithin)}))
	})
}

// looks does the jobs of the account's card that are due, and returns when the next is. The
// bot of a counter has no Teams: where it drew, it has failed.
func (c *counter) looks() (next time.Duration, drew bool) {
	c.t.Helper()
	queue := c.Store.(job.Queue)
	jobs, err := queue.Claim(c.t.Context(), post.JobAccount, c.Now(), time.Minute, job.Room{All: 1, Plain: 1})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, j := range jobs {
		drew = job.Safely(func() error { return c.ShowAccount(c.t.Context(), j) }) != nil
		if err := queue.Finish(c.t.Context(), j); err != nil {
			c.t.Fatal(err)
		}
	}
	due, err := queue.NextDue(c.t.Context(), post.JobAccount)
	if err != nil || due.IsZero() {
		return 0, drew
	}
	return due.Sub(c.Now()), drew
}

// A card that offers a password is drawn again once one was read, and once none can be shown
// any more: the first must not do away with the second. Nor does a drawing that was owed for
// one password take the next out of its reader's view.
func TestTheDatesOfAnAccountsCard(t *testing.T) {
	t.Parallel()
	c := openCounter(t)
	c.stands()
	click := func(message int) {
		t.Helper()
		if _, err := c.reveal(t.Context(), c.clicks(silvia, "f:"+c.Now().String(), message), revealClick); err != nil {
			t.Fatal(err)
		}
	}
	want := func(what string, next time.Duration, drawn bool) {
		t.Helper()
		if got, drew := c.looks(); drew != drawn || (got-next).Abs() > time.Minute {
			t.Errorf("%s: drawn %v, next in %s; want %v, %s", what, drew, got, drawn, next)
		}
	}
	week := c.rules.Limits.RevealWithin
	want("posted", week, false)
	click(7)
	want("read", 10*time.Minute, false)
	c.pass(8 * time.Minute)
	click(7)
	want("read twice", 2*time.Minute, false)
	c.pass(2 * time.Minute)
	want("when the first was read", 8*time.Minute, false)
	c.pass(8 * time.Minute)
	want("when the second was read", week-18*time.Minute, true)
	c.pass(week - 18*time.Minute)
	want("at the end", 0, true)
}

// Once it is handed over, or its owner was there, the card says so at once.
func TestAClosedCardDoesNotWaitForItsReader(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*counter) error{
		"handed over": func(c *counter) error {
			_, err := c.handedOver(t.Context(), c.clicks(silvia, "f:2", 7), revealClick)
			return err
		},
		"used": func(c *counter) error {
			c.vault.changed()
			_, err := c.reveal(t.Context(), c.clicks(silvia, "f:2", 8), revealClick)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := openCounter(t)
			c.stands()
			if _, err := c.reveal(t.Context(), c.clicks(silvia, "f:1", 7), revealClick); err != nil {
				t.Fatal(err)
			}
			c.pass(time.Minute)
			if err := end(c); err != nil {
				t.Fatal(err)
			}
			if next, drew := c.looks(); !drew || next != 0 {
				t.Errorf("drawn %v, next in %s", drew, next)
			}
		})
	}
}
