package password

import (
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// The list of a request, in whose place passwords were shown, comes back visibleFor after the last of
// them: all together, and one that was chosen on it.
func TestTheListComesBackWhenPasswordsWereShown(t *testing.T) {
	t.Parallel()
	c := newClass(t, 2)
	chat := connector.Conversation{ID: "chat-" + silvia.ID, Type: connector.Personal}
	c.update(func(tx provisioning.Tx) error {
		return c.cfg.Recipients.Remember(tx, silvia.ID, recipient.Person{Conversation: chat}, false)
	})
	queue := c.cfg.Store.(job.Queue)
	want := func(what string, next time.Duration, drawn bool) {
		t.Helper()
		jobs, err := queue.Claim(t.Context(), post.JobHandover, c.cfg.Now(), time.Minute, job.Room{All: 1, Plain: 1})
		updated := false
		for _, j := range jobs { // the fixture has no Teams, so that an update fails
			updated = job.Safely(func() error { return c.ShowList(t.Context(), j) }) != nil
			err = errors.Join(err, queue.Finish(t.Context(), j))
		}
		due, failed := queue.NextDue(t.Context(), post.JobHandover)
		if err = errors.Join(err, failed); err != nil {
			t.Fatal(err)
		}
		if got := due.Sub(c.cfg.Now()); updated != drawn || !due.IsZero() && (got-next).Abs() > time.Second || due.IsZero() != (next == 0) {
			t.Errorf("%s: updated %v, next in %s; want %v, %s", what, updated, got, drawn, next)
		}
	}
	want("before", 0, false)
	if _, err := c.revealAll(t.Context(), c.clicks(silvia, "f:1", 7), allClick); err != nil {
		t.Fatal(err)
	}
	want("shown", 10*time.Minute, false)
	c.pass(8 * time.Minute)
	one := cards.Click{Data: cards.Data{Verb: cards.PasswordReveal, Folio: luciasLine.Folio()}, Inputs: map[string]string{"number": "1"}}
	one.Number = 1
	if _, err := c.reveal(t.Context(), c.clicks(silvia, "f:2", 7), one); err != nil {
		t.Fatal(err)
	}
	want("one shown again", 2*time.Minute, false)
	c.pass(2 * time.Minute)
	want("when the first were shown", 8*time.Minute, false)
	c.pass(8 * time.Minute)
	want("when the last was shown", 0, true)
}
