package privacy

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
)

// Config holds the dependencies of Notices. Open sends the form that a click's Kind or Folio names,
// unless it was sent within the interval.
type Config struct {
	Store    provisioning.Store
	Register *privacy.Register
	Open     func(ctx context.Context, t turn.Context, c cards.Click, interval time.Duration) error
}

// Notices shows the privacy notice. It is safe for concurrent use.
type Notices struct{ Config }
