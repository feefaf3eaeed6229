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
	"seducoahuila.gob.mx/altas/store/storetest"
)

// vault is a directory with one account. Its clock is skew ahead of ours, its stamps have
// whole seconds, and its readers see what was true lag ago.
type vault struct {
	now       func() time.Time
	skew, lag time.Duration
	undated   bool // it says no time of its own

	mu      sync.Mutex
	changes []time.Time // by our clock; the first made the account
	signIn  time.Time
	blind   error                       // Entry fails with it
	set     func(context.Context) error // SetPassword ends with it; nil for success
	done    bool                        // SetPassword works whatever set says
	secrets []provisioning.Password     // in order
	sets    int
}

func (v *vault) clock(at time.Time) time.Time {
	if v.undated {
		return time.Time{}
	}
	return v.stamp(at)
}

func (v *vault) stamp(at time.Time) time.Time { return at.Add(v.skew).Truncate(time.Second) }

func (v *vault) Entry(ctx context.Context, _ string) (provisioning.Entry, error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.blind != nil && v.sets > 0 {
		return provisioning.Entry{}, v.blind
	}
	e := provisioning.Entry{ID: "lucia", Created: v.stamp(v.changes[0]), LastSignIn: v.signIn, AsOf: v.clock(v.now())}
	for _, at := range v.changes {
		if !at.After(v.now().Add(-v.lag)) || at.Equal(v.changes[0]) {
			e.PasswordSetAt = v.stamp(at)
		}
	}
	return e, ctx.Err()
}

func (v *vault) SetPassword(ctx context.Context, _ string, p provisioning.Password) (time.Time, error) {
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

// changed is what the owner does: a password of her own.
func (v *vault) changed() {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.changes = append(v.changes, v.now())
}

// counter is where passwords are shown: a bot that talks to nobody, a store, a vault, and
// one account, announced to Silvia.
type counter struct {
	*Passwords
	handovers *provisioning.TemporaryPasswords
	rules     *provisioning.Rules
	t         *testing.T
	at        *time.Time
	vault     *vault
}

var silvia = provisioning.Actor{ID: "silvia", Name: "Silvia Treviño"}

const luciasLine provisioning.Stamp = "2026-000001-0001"

func openCounter(t *testing.T) *counter {
	t.Helper()
	now := time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	db, rules, log := storetest.Open(t), &provisioning.Rules{Limits: provisioning.DefaultLimits()}, slog.New(slog.DiscardHandler)
	v := &vault{now: clock, changes: []time.Time{now.Add(-10 * time.Second)}}
	handovers := &provisioning.TemporaryPasswords{Store: db, Credentials: v, Rules: rules, Now: clock}
	recipients := &recipient.Registry{Config: recipient.Config{
		Store: db, Access: &provisioning.Access{Rules: rules, Now: clock}, Rules: rules, Locale: "es-MX", Location: time.UTC, Now: clock, Log: log,
	}}
	passwords := New(Config{
		Store: db, Setter: handovers, Recipients: recipients, Now: clock,
		View:  &view.Reader{Config: view.Config{Store: db, Rules: rules, Passwords: handovers, Now: clock, Log: log}},
		Posts: &post.Keeper{Config: post.Config{Store: db, Recipients: recipients, Now: clock, Log: log}},
	})
	r := provisioning.Request{Folio: luciasLine.Folio(), Requester: silvia, State: provisioning.StateCompleted, Lines: 1, Round: 1}
	a := provisioning.Account{
		Stamp: luciasLine, Number: 1, State: provisioning.AccountAnnounced, Address: "lucia@docentecoahuila.gob.mx", ObjectID: "lucia",
		Holder:    provisioning.Holder{Type: provisioning.Teacher, Person: provisioning.Person{GivenNames: "Lucía", FirstSurname: "Ñáñez", CURP: "XEXX100101HNEXXXA3"}},
		CreatedAt: now.Add(-9 * time.Second), AnnouncedAt: now.Add(-5 * time.Second),
	}
	c := &counter{Passwords: passwords, handovers: handovers, rules: rules, t: t, at: &now, vault: v}
	c.update(func(tx provisioning.Tx) error {
		_, err := tx.NextFolio(2026)
		return errors.Join(err, tx.PutRequest(r), tx.PutAccount(a))
	})
	return c
}

func (c *counter) update(change func(provisioning.Tx) error) {
	c.t.Helper()
	if err := c.Store.Update(c.t.Context(), change); err != nil {
		c.t.Fatal(err)
	}
}

func (c *counter) pass(d time.Duration) { *c.at = c.at.Add(d) }

func (c *counter) line() provisioning.Account {
	c.t.Helper()
	a, _, err := c.View.Account(c.t.Context(), luciasLine)
	if err != nil {
		c.t.Fatal(err)
	}
	return a
}

// shown asks for a password, as Silvia, and fails unless one is shown or refused for the reason.
func (c *counter) shows(reason string) provisioning.Password {
	c.t.Helper()
	before := c.vault.sets
	_, secret, err := c.handovers.Reveal(c.t.Context(), luciasLine, silvia)
	switch {
	case reason == "" && (err != nil || secret.Reveal() == ""):
		c.t.Fatalf("shown %v, %v", secret, err)
	case reason != "" && (provisioning.ReasonOf(err) != reason || secret.Reveal() != ""):
		c.t.Fatalf("shown %v, %v; want %s", secret, err, reason)
	case reason != "" && c.vault.sets != before:
		c.t.Errorf("refused for %s, and a password was set", reason)
	}
	return secret
}

// tries asks for a password in vain.
func (c *counter) tries() {
	c.t.Helper()
	if _, secret, err := c.handovers.Reveal(c.t.Context(), luciasLine, silvia); err == nil || secret.Reveal() != "" {
		c.t.Fatalf("shown %v, %v", secret, err)
	}
}

var errSilent = provisioning.Refuse(provisioning.CodeUnavailable, provisioning.DirectoryUnavailable)

func silent(context.Context) error { return errSilent }

// clicks is Silvia's click on the card of her account, in the message of that number.
func (c *counter) clicks(by provisioning.Actor, activity string, message int) turn.Context {
	return turn.Context{
		Activity: &connector.Activity{Type: connector.TypeInvoke, ID: activity, ReplyToID: strconv.Itoa(message), Conversation: connector.Conversation{ID: "chat-" + by.ID, Type: connector.Personal}},
		By:       by, Texts: c.Recipients.TextsIn("es-MX"),
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
