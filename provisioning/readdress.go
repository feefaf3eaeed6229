package provisioning

import (
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Rename decides that the accounts found belong to other people. The line continues with the
// address typed; if none was typed with its own or, if that is taken, with the next of the
// patterns. A typed address that is known to be taken is refused at its input; if it proves taken
// later, the line returns to attention.
func (d *Workflow) Rename(tx Tx, auth Authority, s Stamp, typed string, c Click) error {
	a, err := d.Attending(tx, auth, s, c)
	if err != nil {
		return err
	}
	switch {
	case a.Made():
		return problem.Refuse(problem.CodeConflict, "attention.made")
	case !a.Remedies().Rename:
		return notOffered(s)
	}
	rule := d.Rules.Types[a.Holder.Type]
	a.Chosen = ""
	switch {
	case strings.TrimSpace(typed) != "":
		a, err = rename(tx, rule, a, typed)
	case a.isTaken(a.Address):
		a, err = NextAddress(tx, rule, a)
	}
	if err != nil {
		return err
	}
	a = a.disowned()
	return d.resume(tx, a, AccountPending, c.By, "attention.rename", map[string]string{"address": string(a.Address)})
}

// disowned returns the line with the accounts and the name that its trouble shows recorded as other
// people's.
func (a Account) disowned() Account {
	others, names := slices.Clone(a.Others), slices.Clone(a.OtherNames)
	for _, e := range a.Trouble.Shown() {
		if !a.Disowns(e) {
			others = append(others, e.ID)
		}
	}
	if name := a.Trouble.Args["name"]; a.Trouble.Reason == TroubleCURP && !a.DisownsName(name) {
		names = append(names, name)
	}
	a.Others, a.OtherNames = others, names
	return a
}

// Disowns reports whether the head of department decided that the account is another person's.
func (a Account) Disowns(e Entry) bool { return a.Distinct || slices.Contains(a.Others, e.ID) }

// DisownsName reports whether the head of department decided that the name, under which the CURP is
// known, is another person's.
func (a Account) DisownsName(name string) bool {
	return a.Distinct || slices.Contains(a.OtherNames, name)
}

// rename reserves the typed address for the line.
func rename(tx Tx, rule TypeRule, a Account, typed string) (Account, error) {
	address, err := identity.ParseAddress(typed, rule.Domain)
	switch {
	case err != nil:
		return a, err
	case a.isTaken(address):
		return a, AddressTakenError(address)
	}
	a.Chosen = address
	if address == a.Address {
		return a, nil
	}
	if err := tx.Reserve(address, a.Stamp); err != nil {
		return a, problem.Invalid("address", "address.held", "address", string(address))
	}
	old := a.Address
	a.Address = address
	return a, tx.Release(old, a.Stamp)
}

// isTaken reports whether another account is known to have the address: the trouble lists one, the
// address was passed over before, or it is the line's own and was refused as taken.
func (a Account) isTaken(address identity.Address) bool {
	own := address == a.Address && (a.Trouble.Reason == directoryTroubles[DirectoryAddressTaken] || a.Trouble.Reason == TroubleChosen)
	return own || a.Trouble.names(address) || slices.Contains(a.Passed, address)
}

// AddressTakenError is the error, at the input "address", of an address that is taken.
func AddressTakenError(a identity.Address) error {
	return problem.Invalid("address", "address.taken", "address", string(a))
}

// NextAddress reserves the next address of the patterns for the line, in place of one that is
// another person's.
func NextAddress(tx Tx, rule TypeRule, a Account) (Account, error) {
	passed := slices.Concat(a.Passed, []identity.Address{a.Address})
	address, err := ReserveAddress(tx, rule, a.Holder, a.Stamp, func(c identity.Address) bool { return slices.Contains(passed, c) })
	if err != nil {
		return a, err
	}
	old := a.Address
	a.Address, a.Passed = address, passed
	return a, tx.Release(old, a.Stamp)
}
