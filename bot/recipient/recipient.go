package recipient

import (
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// Config holds the dependencies of a Registry.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Rules      *provisioning.Rules
	Channels   map[provisioning.StageName]Channel // as configured; a channel registered from Teams takes precedence
	ServiceURL string                             // of Teams, until an activity brings one
	Locale     string
	Buttons    cards.Buttons // in channels, and for people who chose none
	Contact    cards.Contact // that texts send people to; the zero one for nobody
	Location   *time.Location
	Now        func() time.Time
	Log        *slog.Logger
}

// Registry keeps where people and stages are reached. It is safe for concurrent use.
type Registry struct{ Config }
