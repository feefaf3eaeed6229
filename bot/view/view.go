package view

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Passwords tells what is left of showing an account's password: until when, how often, and
// why not any more (nil where it may be shown).
type Passwords interface {
	Remaining(a provisioning.Account, requester provisioning.Actor) (until time.Time, left int, closed error)
}

// Stock tells what is left of the tenant's licences, by SKU.
type Stock interface {
	Licences(ctx context.Context) (map[string]provisioning.Licence, error)
}

// Config is what a Reader reads.
type Config struct {
	Store     provisioning.Store
	Rules     *provisioning.Rules
	Passwords Passwords
	Stock     Stock
	Now       func() time.Time
	Log       *slog.Logger
}

// Reader reads what cards show. It is safe for concurrent use.
type Reader struct{ Config }
