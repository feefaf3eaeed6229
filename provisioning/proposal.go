package provisioning

import (
	"slices"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Proposal is what a holder would get if the form were submitted now.
type Proposal struct {
	Address  identity.Address   `json:"address,omitempty"`  // proposed, or the existing one
	Exists   bool               `json:"exists,omitempty"`   // the holder has an account already
	ObjectID string             `json:"objectId,omitempty"` // Graph's id of that account, if known
	Pending  Folio              `json:"pending,omitempty"`  // another request for the same holder
	Guarded  bool               `json:"guarded,omitempty"`  // details are withheld from the requester: see Account.Guarded
	Taken    []identity.Address `json:"taken,omitempty"`    // preferred addresses that others have
	Gone     identity.Address   `json:"gone,omitempty"`     // of one of our accounts that is no longer in the directory
	Warnings []problem.Warning  `json:"warnings,omitempty"` // doubts to check before submitting
	Checked  bool               `json:"checked,omitempty"`  // the directory answered
}

// Seen returns what the directory shows of the holder, for the approvers.
func (p Proposal) Seen() []problem.Warning {
	seen := slices.DeleteFunc(slices.Clone(p.Warnings), func(w problem.Warning) bool { return w.Field != "" }) // about an input
	if p.Exists {
		seen = append(seen, problem.Warning{Reason: "exists", Args: map[string]string{"address": string(p.Address)}})
	}
	return seen
}

// Inquiry asks for the proposals of a form.
type Inquiry struct {
	By         Actor
	Correcting Folio // the returned request that the form corrects; "" for a new one
	Holders    []identity.Holder
}

// OfAnother reports whether a line belongs to another person's request.
func OfAnother(tx Tx, a Account, by Actor) (bool, error) {
	r, err := tx.Request(a.Folio())
	return r.Requester.ID != by.ID, err
}

// Disclosure returns the audit entry of what a proposal discloses about other people; false if it
// discloses nothing. The CURP is masked because the entry is kept permanently.
func (p Proposal) Disclosure(h identity.Holder) (Entered, bool) {
	e := Entered{Act: "inquiry.told", Folio: p.Pending, Detail: map[string]string{"type": string(h.Type), "key": h.Key()}}
	switch doubt := slices.IndexFunc(p.Warnings, func(w problem.Warning) bool { return w.Field == "" }); {
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
