package provisioning

import (
	"slices"
)

// Proposal is what a holder would get if the form were sent now.
type Proposal struct {
	Address  Address   `json:"address,omitempty"`  // proposed, or the one the holder has
	Exists   bool      `json:"exists,omitempty"`   // the holder has it already
	ObjectID string    `json:"objectId,omitempty"` // Graph's id of that account, where it is known
	Pending  Folio     `json:"pending,omitempty"`  // another request asks for the same holder
	Guarded  bool      `json:"guarded,omitempty"`  // whoever asks is told no more than that: see Account.Guarded
	Taken    []Address `json:"taken,omitempty"`    // better addresses that others have
	Gone     Address   `json:"gone,omitempty"`     // of an account of ours that the directory no longer has
	Warnings []Warning `json:"warnings,omitempty"` // worth a second look before sending
	Checked  bool      `json:"checked,omitempty"`  // the directory answered
}

// Seen returns what the directory was seen to have of the holder: whoever decides is to
// know it too.
func (p Proposal) Seen() []Warning {
	seen := slices.DeleteFunc(slices.Clone(p.Warnings), func(w Warning) bool { return w.Field != "" }) // about what was typed
	if p.Exists {
		seen = append(seen, Warning{Reason: "exists", Args: map[string]string{"address": string(p.Address)}})
	}
	return seen
}

// Inquiry is who asks what sending a form would come to.
type Inquiry struct {
	By         Actor
	Correcting Folio // the returned request that the form corrects; "" for a new one
	Holders    []Holder
}

// OfAnother reports whether a line is of a request that somebody else made.
func OfAnother(tx Tx, a Account, by Actor) (bool, error) {
	r, err := tx.Request(a.Folio())
	return r.Requester.ID != by.ID, err
}
