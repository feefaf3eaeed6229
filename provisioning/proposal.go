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

// Disclosure is the audit entry of what a proposal tells of others; false where it tells
// of nobody. The CURP is masked: the entry is kept for ever.
func (p Proposal) Disclosure(h Holder) (Entered, bool) {
	e := Entered{Act: "inquiry.told", Folio: p.Pending, Detail: map[string]string{"type": string(h.Type), "key": h.Key()}}
	switch doubt := slices.IndexFunc(p.Warnings, func(w Warning) bool { return w.Field == "" }); {
	case p.Exists:
		e.Detail["address"] = string(p.Address)
	case doubt >= 0:
		e.Detail["reason"], e.Detail["address"] = p.Warnings[doubt].Reason, p.Warnings[doubt].Args["address"]
	case p.Pending == "":
		return e, false
	}
	if p.Guarded {
		e.Detail["guarded"] = "true"
	}
	return e, true
}

// Inquired names a holder as somebody asks about them: another name for the same key is
// another question.
func (h Holder) Inquired() string { return string(h.Identity()) + "/" + foldName(h.DisplayName()) }
