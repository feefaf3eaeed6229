package preference

import (
	"time"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Config is what Preferences work with.
type Config struct {
	Store      provisioning.Store
	Recipients *recipient.Registry
	Forms      func(tx provisioning.Tx, person string) error // has a person's forms drawn anew
	Buttons    cards.Buttons                                 // the organisation's
	Now        func() time.Time
}

// Preferences are what people choose. It is safe for concurrent use.
type Preferences struct{ Config }
