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

// postCard records the account's card as just posted in Silvia's chat.
func (c *fixture) postCard() {
	c.t.Helper()
	chatOf := connector.Conversation{ID: "chat-silvia", Type: connector.Personal}
	n := provisioning.Notice{Kind: provisioning.NoticeReady, To: silvia.ID, Folio: luciasLine.Folio(), Stamp: luciasLine}
	c.update(func(tx provisioning.Tx) error {
		return errors.Join(c.cfg.Recipients.Remember(tx, silvia.ID, recipient.Person{Conversation: chatOf}, false), c.cfg.Posts.NoticeSent(tx, post.OfNotice(n), chatOf, "7"),
			tx.Enqueue(job.Job{Kind: post.JobAccount, Key: string(luciasLine), Due: c.cfg.Now().Add(c.rules.Limits.RevealWithin)}))
	})
}

// runDueJobs runs the due jobs of the account's card, and returns when the next is due. The
// fixture has no Teams, so a job that updates the card fails: updated is true then.
func (c *fixture) runDueJobs() (next time.Duration, updated bool) {
	c.t.Helper()
	queue := c.cfg.Store.(job.Queue)
	jobs, err := queue.Claim(c.t.Context(), post.JobAccount, c.cfg.Now(), time.Minute, job.Room{All: 1, Plain: 1})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, j := range jobs {
		updated = job.Safely(func() error { return c.ShowAccount(c.t.Context(), j) }) != nil
		if err := queue.Finish(c.t.Context(), j); err != nil {
			c.t.Fatal(err)
		}
	}
	due, err := queue.NextDue(c.t.Context(), post.JobAccount)
	if err != nil || due.IsZero() {
		return 0, updated
	}
	return due.Sub(c.cfg.Now()), updated
}

// The card is updated visibleFor after a password was shown, and when none can be shown any
// more; the first date must not replace the second. An update due for one password does not
// remove the next from the client.
func TestTheDatesOfAnAccountsCard(t *testing.T) {
	t.Parallel()
	c := newFixture(t)
	c.postCard()
	click := func(message int) {
		t.Helper()
		if _, err := c.reveal(t.Context(), c.clicks(silvia, "f:"+c.cfg.Now().String(), message), revealClick); err != nil {
			t.Fatal(err)
		}
	}
	want := func(what string, next time.Duration, drawn bool) {
		t.Helper()
		if got, updated := c.runDueJobs(); updated != drawn || (got-next).Abs() > time.Minute {
			t.Errorf("%s: updated %v, next in %s; want %v, %s", what, updated, got, drawn, next)
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

// Once the password is marked as handed over, or the owner has changed it, the card is updated
// at once.
func TestAClosedCardDoesNotWaitForItsReader(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]func(*fixture) error{
		"handed over": func(c *fixture) error {
			_, err := c.handedOver(t.Context(), c.clicks(silvia, "f:2", 7), revealClick)
			return err
		},
		"used": func(c *fixture) error {
			c.directory.changed()
			_, err := c.reveal(t.Context(), c.clicks(silvia, "f:2", 8), revealClick)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newFixture(t)
			c.postCard()
			if _, err := c.reveal(t.Context(), c.clicks(silvia, "f:1", 7), revealClick); err != nil {
				t.Fatal(err)
			}
			c.pass(time.Minute)
			if err := end(c); err != nil {
				t.Fatal(err)
			}
			if next, updated := c.runDueJobs(); !updated || next != 0 {
				t.Errorf("updated %v, next in %s", updated, next)
			}
		})
	}
}
