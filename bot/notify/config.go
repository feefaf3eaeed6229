package notify

import (
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// Config holds the dependencies of a Notifier.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Rules      *provisioning.Rules
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	Now        func() time.Time
	Log        *slog.Logger
}

// Notifier sends notices to people and stages. It is safe for concurrent use.
type Notifier struct{ Config }
