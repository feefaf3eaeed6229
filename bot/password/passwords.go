package password

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Setter sets temporary passwords; provisioning.TemporaryPasswords is one. Reveal sets a fresh one
// and returns it; Done ends that for the account.
type Setter interface {
	Reveal(ctx context.Context, s provisioning.Stamp, by provisioning.Actor) (provisioning.Account, provisioning.Password, error)
	Done(ctx context.Context, s provisioning.Stamp, by provisioning.Actor) (provisioning.Account, error)
}

// Config is what Passwords work with.
type Config struct {
	Store      provisioning.Store
	Setter     Setter
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	Now        func() time.Time
}

// Passwords shows temporary passwords. It is safe for concurrent use. What it works with is
// its own: no other room can set a password through it.
type Passwords struct {
	config
	seen      *turn.Dedupe
	revealing revealing
}

type config Config

// New returns Passwords. Close ends them.
func New(cfg Config) *Passwords {
	return &Passwords{config: config(cfg), seen: turn.NewDedupe(turn.SeenFor, cfg.Now)}
}

// Close waits for the passwords that are being set.
func (ps *Passwords) Close() { ps.revealing.group.Wait() }
