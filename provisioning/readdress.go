package provisioning

import (
	"slices"
	"strings"
)

// Rename settles that whoever was found is somebody else: the line goes on, with
// the address typed or, where none was, with its own; if whoever was found has that,
// with the next of the patterns. A typed address that somebody has is refused at its
// input; one that turns out to be had later stops the line again.
func (d *Workflow) Rename(tx Tx, auth Authority, s Stamp, typed string, c Click) error {
	a, err := d.Attending(tx, auth, s, c)
	if err != nil {
		return err
	}
	switch {
	case a.Made():
		return Refuse(CodeConflict, "attention.made")
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

// disowned returns the line with what its trouble shows noted as somebody else's.
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

// Disowns reports whether the head of department said that the account is somebody else's.
func (a Account) Disowns(e Entry) bool { return a.Distinct || slices.Contains(a.Others, e.ID) }

// DisownsName reports whether the head of department said that the CURP is known under the
// name as somebody else's.
func (a Account) DisownsName(name string) bool {
	return a.Distinct || slices.Contains(a.OtherNames, name)
}

// rename gives the line the address that was typed.
func rename(tx Tx, rule TypeRule, a Account, typed string) (Account, error) {
	address, err := ParseAddress(typed, rule.Domain)
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
		return a, Invalid("address", "address.held", "address", string(address))
	}
	old := a.Address
	a.Address = address
	return a, tx.Release(old, a.Stamp)
}

// isTaken reports whether somebody is known to have the address: whom the trouble names, or
// whoever kept the line from getting it.
func (a Account) isTaken(address Address) bool {
	own := address == a.Address && (a.Trouble.Reason == directoryTroubles[DirectoryAddressTaken] || a.Trouble.Reason == TroubleChosen)
	return own || a.Trouble.names(address) || slices.Contains(a.Passed, address)
}

// AddressTakenError refuses an address, at its input, that is taken.
func AddressTakenError(a Address) error {
	return Invalid("address", "address.taken", "address", string(a))
}

// NextAddress gives the line the next address of its patterns, in place of one that is
// somebody else's.
func NextAddress(tx Tx, rule TypeRule, a Account) (Account, error) {
	passed := slices.Concat(a.Passed, []Address{a.Address})
	address, err := ReserveAddress(tx, rule, a.Holder, a.Stamp, func(c Address) bool { return slices.Contains(passed, c) })
	if err != nil {
		return a, err
	}
	old := a.Address
	a.Address, a.Passed = address, passed
	return a, tx.Release(old, a.Stamp)
}
