package view

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// Allowance returns until when and how often an account's password can still be shown; closed is
// the reason why it cannot be any more, nil if it can.
type Allowance interface {
	Remaining(a provisioning.Account, requester provisioning.Actor) (until time.Time, left int, closed error)
}

// Stock returns the tenant's licences, by SKU id.
type Stock interface {
	Licences(ctx context.Context) (map[string]provisioning.Licence, error)
}

// Config holds the dependencies of a Reader.
type Config struct {
	Store     provisioning.Store
	Rules     *provisioning.Rules
	Allowance Allowance
	Stock     Stock
	Letters   letter.Settings
	Pages     bool // the bot has pages of its own
	Now       func() time.Time
	Log       *slog.Logger
}

// Reader reads the data of cards. It is safe for concurrent use.
type Reader struct{ Config }
