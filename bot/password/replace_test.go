package password

import (
	"context"
	"errors"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// replaces replaces the password of Lucía's account, which is old, and announces it as a recovery
// does.
func (c *fixture) replaces() {
	c.t.Helper()
	a := c.line()
	hand, err := c.handovers.Replace(c.t.Context(), a)
	if err != nil {
		c.t.Fatal(err)
	}
	a.Handover, a.AnnouncedAt = hand, c.cfg.Now()
	c.update(func(tx provisioning.Tx) error { return tx.PutAccount(a) })
}

// old lets a month pass, in which Lucía chose a password and signed in.
func (c *fixture) old() {
	c.pass(30 * 24 * time.Hour)
	c.directory.changed()
	c.directory.signIn = c.directory.stamp(c.cfg.Now())
	c.pass(time.Hour)
}

// A replaced password is Altas's until its owner is known to have changed it or signed in. Nobody
// learns it: the one shown is another.
func TestAReplacedPassword(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		given func(*fixture)
		want  string
	}{
		"a moment later": {func(c *fixture) { c.replaces(); c.pass(time.Second) }, ""},
		"a day later":    {func(c *fixture) { c.replaces(); c.pass(24 * time.Hour) }, ""},
		"twice at once":  {func(c *fixture) { c.replaces(); c.replaces(); c.pass(time.Minute) }, ""},
		"twice":          {func(c *fixture) { c.replaces(); c.pass(time.Hour); c.replaces(); c.pass(time.Minute) }, ""},
		"she signs in since": {func(c *fixture) {
			c.replaces()
			c.pass(time.Minute)
			c.directory.signIn = c.directory.stamp(c.cfg.Now())
		}, "password.used"},
		"changed since": {func(c *fixture) { c.replaces(); c.pass(time.Minute); c.directory.changed(); c.pass(time.Minute) }, "password.used"},
		"changed between the two": {func(c *fixture) {
			c.replaces()
			c.pass(time.Minute)
			c.directory.changed()
			c.pass(time.Minute)
			c.replaces()
		}, ""},
		"changed, and then replaced": {func(c *fixture) { c.directory.changed(); c.pass(time.Minute); c.replaces(); c.pass(time.Minute) }, ""},
		"shown, and changed": {func(c *fixture) {
			c.replaces()
			c.reveals("")
			c.pass(time.Minute)
			c.directory.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"the directory lags":          {func(c *fixture) { c.directory.lag = 20 * time.Second; c.replaces(); c.pass(time.Minute) }, ""},
		"the directory lags, at once": {func(c *fixture) { c.directory.lag = 20 * time.Second; c.replaces(); c.pass(10 * time.Second) }, "password.unseen"},
		"it lags, and is changed": {func(c *fixture) {
			c.directory.lag = 20 * time.Second
			c.replaces()
			c.pass(10 * time.Second)
			c.directory.changed()
			c.pass(time.Minute)
		}, "password.used"},
		"twice, and only the first seen": {func(c *fixture) { c.replacesUnderLag(); c.pass(10 * time.Second) }, "password.unseen"},
		"twice, and both seen":           {func(c *fixture) { c.replacesUnderLag(); c.pass(time.Minute) }, ""},
		"a lost answer, then again": {func(c *fixture) {
			c.directory.set, c.directory.done = unavailable, true
			if _, err := c.handovers.Replace(c.t.Context(), c.line()); problem.CodeOf(err) != problem.CodeUnavailable {
				c.t.Errorf("err = %v", err)
			}
			c.directory.set, c.directory.done = nil, false
			c.pass(time.Minute)
			c.replaces()
			c.pass(time.Minute)
		}, ""},
	} {
		for _, skew := range []time.Duration{0, 10 * time.Minute, -10 * time.Minute} {
			t.Run(name+", clock "+skew.String(), func(t *testing.T) {
				t.Parallel()
				c := newFixture(t)
				c.directory.skew = skew
				c.old()
				tt.given(c)
				earlier := len(c.directory.secrets)
				shown := c.reveals(tt.want)
				for _, s := range c.directory.secrets[:earlier] {
					if tt.want == "" && s.Reveal() == shown.Reveal() {
						t.Error("the password that is shown was set before")
					}
				}
			})
		}
	}
}

// replacesUnderLag replaces the password twice. The directory shows the first by the time at which
// it answers the second, which it shows later.
func (c *fixture) replacesUnderLag() {
	c.t.Helper()
	c.directory.lag = 20 * time.Second
	c.replaces()
	c.pass(19 * time.Second)
	c.directory.set = func(context.Context) error { c.pass(2 * time.Second); return nil }
	c.replaces()
	c.directory.set = nil
}

// A directory that returns no time of its own is taken to have ours.
func TestAReplacedPasswordWithoutADate(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		given func(*fixture)
		want  string
	}{
		"a minute later":           {func(c *fixture) { c.replaces(); c.pass(time.Minute) }, ""},
		"twice, both seen":         {func(c *fixture) { c.replacesUnderLag(); c.pass(time.Minute); c.directory.lag = 0 }, ""},
		"it lags, a moment passes": {func(c *fixture) { c.directory.lag = 20 * time.Second; c.replaces(); c.pass(10 * time.Second) }, "password.unseen"},
		"changed since":            {func(c *fixture) { c.replaces(); c.pass(time.Minute); c.directory.changed(); c.pass(time.Minute) }, "password.used"},
		"signed in since": {func(c *fixture) {
			c.replaces()
			c.pass(time.Minute)
			c.directory.signIn = c.cfg.Now()
		}, "password.used"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newFixture(t)
			c.directory.undated = true
			c.old()
			tt.given(c)
			c.reveals(tt.want)
		})
	}
}

// A replacement that fails returns what the directory said, and stores nothing.
func TestAFailedReplacement(t *testing.T) {
	t.Parallel()
	forbidden := problem.Refuse(problem.CodeForbidden, provisioning.DirectoryNoPermission)
	refuses := func(err error) func(context.Context) error { return func(context.Context) error { return err } }
	for name, tt := range map[string]struct {
		given func(*directory)
		want  error
		sets  int // requests to set a password
	}{
		"not permitted":                 {func(v *directory) { v.set = refuses(forbidden) }, forbidden, 1},
		"no answer, and not replaced":   {func(v *directory) { v.set = unavailable }, errUnavailable, 1},
		"no answer, and replaced":       {func(v *directory) { v.set, v.done = unavailable, true }, errUnavailable, 1},
		"the account could not be read": {func(v *directory) { v.sets, v.entryErr = 1, errUnavailable }, errUnavailable, 1},
		"the account may not be read":   {func(v *directory) { v.sets, v.entryErr = 1, forbidden }, forbidden, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newFixture(t)
			c.old()
			tt.given(c.directory)
			before := c.line()
			hand, err := c.handovers.Replace(t.Context(), before)
			if !errors.Is(err, tt.want) || hand != (provisioning.Handover{}) {
				t.Errorf("%+v, %v; want %v", hand, err, tt.want)
			}
			if c.directory.sets != tt.sets {
				t.Errorf("%d requests to set one, want %d", c.directory.sets, tt.sets)
			}
			if got := c.line().Handover; got != before.Handover {
				t.Errorf("stored: %+v", got)
			}
		})
	}
}
