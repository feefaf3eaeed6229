package provisioning

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Settlement is how a line in attention was settled. Verb is the button's, "attention.rename", or
// AttentionChanged if the line was only looked up again.
type Settlement struct {
	Verb    string
	By      Actor
	At      time.Time
	Address identity.Address `json:",omitempty"` // chosen for a new account
}

// Settlements are kept by the stamp of a line that was in attention.
var Settlements = Document[Settlement]{Kind: "settlement"}
