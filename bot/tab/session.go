package tab

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"time"

	"seducoahuila.gob.mx/altas/bot/signin"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// session is a person's in one browser. It lasts as long as the token that began it: until then Teams gives
// the same token again. Its key is the digest of the cookie's value, so that who reads the store has none.
type session struct {
	Person string    `json:"person"` // Entra object id
	Locale string    `json:"locale,omitempty"`
	Theme  string    `json:"theme,omitempty"` // of Teams: "default", "dark", "contrast"
	Ends   time.Time `json:"ends"`
}

// brought is a token that was accepted, by the digest of its id: it opens no second session.
type brought struct {
	Session string    `json:"session"` // key of the session that it began
	Ends    time.Time `json:"ends"`
}

var (
	sessions = provisioning.Document[session]{Kind: "tab.session"}
	tokens   = provisioning.Document[brought]{Kind: "tab.token"}
)

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// longest bounds a session; Entra's tokens last 90 minutes at most.
// https://learn.microsoft.com/entra/identity-platform/access-tokens#token-lifetime
const longest = 90 * time.Minute

// begin returns the cookie's value for a person who brought a genuine token, in the browser that sent the
// former value, "" for none. A token that began a session is CodeForbidden, unless that session is this
// browser's: then it goes on. A former session of another token ends.
func (tb *Tab) begin(ctx context.Context, token signin.TabToken, former string, s session) (value string, err error) {
	fresh := rand.Text()
	s.Person, s.Ends = token.ObjectID, earlier(token.Ends, tb.Now().Add(longest))
	err = tb.Store.Update(ctx, func(tx provisioning.Tx) error {
		value = fresh
		known, found, err := tokens.Get(tx, digest(token.ID))
		switch {
		case err != nil:
			return err
		case found && (former == "" || known.Session != digest(former)):
			return problem.Refuse(problem.CodeForbidden, "tab.token_used")
		case found:
			value = former
		case former != "":
			if err := sessions.Drop(tx, digest(former)); err != nil {
				return err
			}
		}
		if err := tokens.Put(tx, digest(token.ID), brought{Session: digest(value), Ends: token.Ends}); err != nil {
			return err
		}
		return sessions.Put(tx, digest(value), s)
	})
	return value, err
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// cookieName has the prefix with which browsers take a cookie from this host alone, over TLS alone.
const cookieName = "__Host-altas"

// cookie is for the frame within Teams: SameSite=None, and Partitioned, so that other sites' frames have
// another one.
func cookie(value string, lasts time.Duration) *http.Cookie {
	return &http.Cookie{ //nolint:gosec // SameSite=None: within Teams the frame is another site's
		Name: cookieName, Value: value, Path: "/", MaxAge: max(1, int(lasts/time.Second)),
		Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true,
	}
}

// cookieOf returns the cookie's value that a request has; "" for none.
func cookieOf(r *http.Request) string {
	if c, err := r.Cookie(cookieName); err == nil {
		return c.Value
	}
	return ""
}

// sessionOf returns the session of a browser; false if it has none, or if it has ended.
func (tb *Tab) sessionOf(r *http.Request) (session, bool, error) {
	value := cookieOf(r)
	if value == "" {
		return session{}, false, nil
	}
	s, err := sessions.Read(r.Context(), tb.Store, digest(value))
	return s, s.Person != "" && tb.Now().Before(s.Ends), err
}

// Tidy drops the sessions and tokens that have ended.
func (tb *Tab) Tidy(ctx context.Context) error {
	err := sessions.Each(ctx, tb.Store, func(tx provisioning.Tx, key string) error {
		s, _, err := sessions.Get(tx, key)
		if err != nil || tb.Now().Before(s.Ends) {
			return err
		}
		return sessions.Drop(tx, key)
	})
	if err != nil {
		return err
	}
	return tokens.Each(ctx, tb.Store, func(tx provisioning.Tx, key string) error {
		used, _, err := tokens.Get(tx, key)
		if err != nil || tb.Now().Before(used.Ends.Add(clockSkew)) {
			return err
		}
		return tokens.Drop(tx, key)
	})
}

// clockSkew is longer than a clock that goes back may make an ended token valid again.
const clockSkew = time.Hour
