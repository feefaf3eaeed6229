package creation

import (
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Open sets a line to AccountExists if its holder has an account, in our own requests or as the
// form's lookup found, to AccountExcluded if another request asks for the same holder; else it
// reserves an address.
func (cr *Creation) Open(tx provisioning.Tx, s provisioning.Submission, a provisioning.Account) (provisioning.Account, error) {
	h := a.Holder
	prior, err := priorLine(tx, h, a.Stamp)
	if err != nil {
		return a, err
	}
	seen, exists := s.Exist[h]
	switch {
	case prior.Made() && s.Gone[prior.Address]:
	case prior.Address != "" && prior.Made():
		a.State, a.Address, a.ObjectID = provisioning.AccountExists, prior.Address, prior.ObjectID
		a.Guarded = !h.Agrees(prior.Holder.DisplayName())
		return a, nil
	case prior.Stamp != "":
		a.State, a.Note = provisioning.AccountExcluded, string(prior.Folio())
		if prior.Folio() != a.Folio() { // else an earlier line, of a request that is not stored yet
			a.Guarded, err = provisioning.OfAnother(tx, prior, s.Requester)
		}
		return a, err
	}
	if exists {
		a.State, a.Address, a.ObjectID, a.Guarded = provisioning.AccountExists, seen.Address, seen.ObjectID, seen.Guarded
		return a, nil
	}
	a.Warnings = append(slices.Clone(s.Seen[h]), a.Warnings...)
	a.Address, err = provisioning.ReserveAddress(tx, cr.Rules.Types[h.Type], h, a.Stamp, func(c identity.Address) bool { return s.Taken[c] })
	return a, err
}

// priorLine returns the newest other line for the same holder whose account exists or may still be
// created; a zero Account if there is none. It skips lines of requests that ended without an
// account, and lines of a wholly different name: a person decides whose the key is once both are
// found.
func priorLine(tx provisioning.Tx, h identity.Holder, self provisioning.Stamp) (provisioning.Account, error) {
	if !h.Known() {
		return provisioning.Account{}, nil
	}
	for a, err := range tx.AccountsFor(h.Identity()) {
		if err != nil {
			return provisioning.Account{}, err
		}
		if !a.Kind.Creates() || h.Misnamed(a.Holder.DisplayName()) {
			continue
		}
		if a.Stamp.Folio() == self.Folio() && a.Stamp >= self {
			continue
		}
		if a.Made() {
			return a, nil
		}
		switch {
		case a.State == provisioning.AccountExcluded:
			continue
		case a.Folio() == self.Folio():
			return a, nil // an earlier line of the same form
		}
		r, err := tx.Request(a.Folio())
		if err != nil {
			return provisioning.Account{}, err
		}
		if !r.State.Final() {
			return a, nil
		}
	}
	return provisioning.Account{}, nil
}
