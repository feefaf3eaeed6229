package provisioning

import "time"

// Settlement is how a line in attention was decided. Verb is the button's,
// "attention.rename", or AttentionChanged where the line was only looked at again.
type Settlement struct {
	Verb    string
	By      Actor
	At      time.Time
	Address Address `json:",omitempty"` // that was chosen for a new account
}

// Settlements are kept by the stamp of a line that was in attention.
var Settlements = Document[Settlement]{Kind: "settlement"}
