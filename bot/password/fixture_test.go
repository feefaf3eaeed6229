package password

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strconv"
	"sync"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
	"seducoahuila.gob.mx/altas/store/storetest"
)

// directory is a directory with one account. Its clock is skew ahead of ours, its timestamps
// have whole seconds, and reads return the state of lag ago.
type directory struct {
	now       func() time.Time
	skew, lag time.Duration
	undated   bool // it returns no time of its own

	mu       sync.Mutex
	changes  []time.Time // by our clock; the first created the account
	signIn   time.Time
	entryErr error                       // error of Entry after the first SetPassword
	set      func(context.Context) error // result of SetPassword; nil for success
	done     bool                        // SetPassword takes effect even if set fails
	secrets  []secret.Password           // in order
	sets     int
}

func (v *directory) clock(at time.Time) time.Time {
	if v.undated {
		return time.Time{}
	}
	return v.stamp(at)
}

func (v *directory) stamp(at time.Time) time.Time { return at.Add(v.skew).Truncate(time.Second) }

func (v *directory) Entry(ctx context.Context, _ string) (provisioning.Entry, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.entryErr != nil && v.sets > 0 {
		return provisioning.Entry{}, v.entryErr
	}
	e := provisioning.Entry{ID: "lucia", Created: v.stamp(v.changes[0]), LastSignIn: v.signIn, AsOf: v.clock(v.now())}
	for _, at := range v.changes {
		if !at.After(v.now().Add(-v.lag)) || at.Equal(v.changes[0]) {
			e.PasswordSetAt = v.stamp(at)
		}
	}
	return e, ctx.Err()
}

func (v *directory) SetPassword(ctx context.Context, _ string, p secret.Password) (time.Time, error) {
	var err error
	if v.set != nil {
		err = v.set(ctx)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	v.sets++
	if err == nil || v.done {
		v.changes, v.secrets = append(v.changes, v.now()), append(v.secrets, p)
	}
	return v.clock(v.now()), err
}

// changed is a password change by the owner.
func (v *directory) changed() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.changes = append(v.changes, v.now())
}

// fixture is Passwords without Teams, with a store, a directory, and one account announced to
// Silvia.
type fixture struct {
	*Passwords
	handovers *provisioning.TemporaryPasswords
	rules     *provisioning.Rules
	t         *testing.T
	at        *time.Time
	directory *directory
}

var silvia = provisioning.Actor{ID: "silvia", Name: "Silvia Treviño"}

const luciasLine provisioning.Stamp = "2026-000001-0001"

func newFixture(t *testing.T) *fixture {
	t.Helper()
	now := time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	db, rules, log := storetest.Open(t), &provisioning.Rules{Limits: provisioning.DefaultLimits()}, slog.New(slog.DiscardHandler)
	v := &directory{now: clock, changes: []time.Time{now.Add(-10 * time.Second)}}
	handovers := &provisioning.TemporaryPasswords{Store: db, Credentials: v, Rules: rules, Now: clock}
	recipients := &recipient.Registry{Config: recipient.Config{
		Store: db, Access: &access.Policy{Rules: rules, Now: clock}, Rules: rules, Locale: "es-MX", Location: time.UTC, Now: clock, Log: log,
	}}
	passwords := New(Config{
		Store: db, Revealer: handovers, Recipients: recipients, Now: clock, Log: log,
		View:  &view.Reader{Config: view.Config{Store: db, Rules: rules, Allowance: handovers, Now: clock, Log: log}},
		Posts: &post.Keeper{Config: post.Config{Store: db, Recipients: recipients, Now: clock, Log: log}},
	})
	r := provisioning.Request{Folio: luciasLine.Folio(), Requester: silvia, State: provisioning.StateCompleted, Lines: 1, Round: 1}
	a := provisioning.Account{
		Stamp: luciasLine, Number: 1, State: provisioning.AccountAnnounced, Address: "lucia@docentecoahuila.gob.mx", ObjectID: "lucia",
		Holder:    identity.Holder{Type: identity.Teacher, Person: identity.Person{GivenNames: "Lucía", FirstSurname: "Ñáñez", CURP: "XEXX100101HNEXXXA3"}},
		CreatedAt: now.Add(-9 * time.Second), AnnouncedAt: now.Add(-5 * time.Second),
	}
	c := &fixture{Passwords: passwords, handovers: handovers, rules: rules, t: t, at: &now, directory: v}
	c.update(func(tx provisioning.Tx) error {
		_, err := tx.NextFolio(2026)
		return errors.Join(err, tx.PutRequest(r), tx.PutAccount(a))
	})
	return c
}

func (c *fixture) update(change func(provisioning.Tx) error) {
	c.t.Helper()
	if err := c.cfg.Store.Update(c.t.Context(), change); err != nil {
		c.t.Fatal(err)
	}
}

func (c *fixture) pass(d time.Duration) { *c.at = c.at.Add(d) }

func (c *fixture) line() provisioning.Account {
	c.t.Helper()
	a, _, err := c.cfg.View.Account(c.t.Context(), luciasLine)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// reveals asks for a password as Silvia, and fails unless one is shown or, with a reason,
// refused.
func (c *fixture) reveals(reason string) secret.Password {
	c.t.Helper()
	before := c.directory.sets
	_, password, err := c.handovers.Reveal(c.t.Context(), luciasLine, silvia)
	switch {
	case reason == "" && (err != nil || password.Reveal() == ""):
		c.t.Fatalf("shown %v, %v", password, err)
	case reason != "" && (problem.ReasonOf(err) != reason || password.Reveal() != ""):
		c.t.Fatalf("shown %v, %v; want %s", password, err, reason)
	case reason != "" && c.directory.sets != before:
		c.t.Errorf("refused for %s, and a password was set", reason)
	}
	return password
}

// failsToReveal asks for a password and fails if one is shown.
func (c *fixture) failsToReveal() {
	c.t.Helper()
	if _, password, err := c.handovers.Reveal(c.t.Context(), luciasLine, silvia); err == nil || password.Reveal() != "" {
		c.t.Fatalf("shown %v, %v", password, err)
	}
}

var errUnavailable = problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable)

func unavailable(context.Context) error { return errUnavailable }

// clicks is a click on the account's card, in the message of that number.
func (c *fixture) clicks(by provisioning.Actor, activity string, message int) turn.Context {
	return turn.Context{
		Activity: &connector.Activity{Type: connector.TypeInvoke, ID: activity, ReplyToID: strconv.Itoa(message), Conversation: connector.Conversation{ID: "chat-" + by.ID, Type: connector.Personal}},
		By:       by, Texts: c.cfg.Recipients.TextsIn("es-MX"),
	}
}

var revealClick = cards.Click{Data: cards.Data{Verb: cards.PasswordReveal, Stamp: luciasLine}}

func picture(t *testing.T, s turn.Answer) string {
	t.Helper()
	raw, err := json.Marshal(s.Card)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
