package recipient

import (
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Config is what a Registry works with.
type Config struct {
	Store      provisioning.Store
	Access     *provisioning.Access
	Rules      *provisioning.Rules
	Channels   map[provisioning.StageName]Channel // as configured; one registered from Teams goes before
	ServiceURL string                             // of Teams, until an activity tells a better one
	Locale     string
	Buttons    cards.Buttons // of channels, and of who chose none
	Location   *time.Location
	Now        func() time.Time
	Log        *slog.Logger
}

// Registry keeps where people and stages are reached. It is safe for concurrent use.
type Registry struct{ Config }
