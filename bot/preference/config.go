package preference

import (
	"time"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Config holds the dependencies of Preferences.
type Config struct {
	Store      provisioning.Store
	Recipients *recipient.Registry
	Forms      func(tx provisioning.Tx, person string) error // enqueues the update of a person's forms
	Buttons    cards.Buttons                                 // the organisation's
	Now        func() time.Time
}

// Preferences handles what people choose. It is safe for concurrent use.
type Preferences struct{ Config }
