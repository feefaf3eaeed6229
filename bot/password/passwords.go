package password

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// Revealer sets temporary passwords; provisioning.TemporaryPasswords implements it. Reveal sets a
// new one and returns it, RevealTogether one for each account of a request; Done ends that for the account.
type Revealer interface {
	Reveal(ctx context.Context, s provisioning.Stamp, by provisioning.Actor) (provisioning.Account, secret.Password, error)
	RevealTogether(ctx context.Context, f provisioning.Folio, by provisioning.Actor) ([]provisioning.Revealed, error)
	Done(ctx context.Context, s provisioning.Stamp, by provisioning.Actor) (provisioning.Account, error)
}

// Config holds the dependencies of Passwords.
type Config struct {
	Store      provisioning.Store
	Revealer   Revealer
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	Now        func() time.Time
	Log        *slog.Logger
}

// Passwords shows temporary passwords. It is safe for concurrent use. Its config is unexported,
// so that no other room can reach the Revealer through it.
type Passwords struct {
	cfg       Config
	seen      *turn.Dedupe
	revealing revealing[shown]
	together  revealing[[]provisioning.Revealed]
}

// shown is a password for the response to a click, and its account.
type shown struct {
	account provisioning.Account
	secret  secret.Password
}

// New returns Passwords. Close must be called at the end.
func New(cfg Config) *Passwords {
	return &Passwords{cfg: cfg, seen: turn.NewDedupe(turn.SeenFor, cfg.Now)}
}

// Close waits for the passwords that are being set.
func (ps *Passwords) Close() {
	ps.revealing.group.Wait()
	ps.together.group.Wait()
}
