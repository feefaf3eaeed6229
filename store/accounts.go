package store

import (
	"iter"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Account implements provisioning.Accounts.
func (t *tx) Account(s provisioning.Stamp) (provisioning.Account, error) {
	var a provisioning.Account
	found, err := t.load(bucketAccounts, []byte(s), &a)
	if err == nil && !found {
		err = notFound("account.unknown", "stamp", string(s))
	}
	return a, err
}

// PutAccount implements provisioning.Accounts. Only changed index entries are written.
func (t *tx) PutAccount(a provisioning.Account) error {
	if err := whole(string(a.Stamp), string(a.State), string(a.Holder.Identity())); err != nil {
		return err
	}
	var old provisioning.Account
	found, err := t.load(bucketAccounts, []byte(a.Stamp), &old)
	if err != nil {
		return err
	}
	var byIdentity []byte
	if found {
		byIdentity = identityKey(old)
	}
	if err := t.move(bucketByIdentity, byIdentity, identityKey(a)); err != nil {
		return err
	}
	if err := t.indexWords(old, a); err != nil {
		return err
	}
	if err := t.tally(a.Folio(), old.State, a.State); err != nil {
		return err
	}
	return t.save(bucketAccounts, []byte(a.Stamp), a)
}

func identityKey(a provisioning.Account) []byte {
	return join(string(a.Holder.Identity()), string(a.Stamp))
}

// tally counts that one line of the request changed from a state ("" if it is new) to another.
func (t *tx) tally(f provisioning.Folio, from, to provisioning.AccountState) error {
	if from == to {
		return nil
	}
	counts, err := t.Tally(f)
	if err != nil {
		return err
	}
	counts[to]++
	if from != "" {
		counts[from]--
	}
	if counts[from] == 0 {
		delete(counts, from)
	}
	return t.save(bucketTallies, []byte(f), counts)
}

// Tally implements provisioning.Accounts.
func (t *tx) Tally(f provisioning.Folio) (provisioning.Tally, error) {
	counts := provisioning.Tally{}
	_, err := t.load(bucketTallies, []byte(f), &counts)
	return counts, err
}

// AccountsOf implements provisioning.Accounts.
func (t *tx) AccountsOf(f provisioning.Folio, after int) iter.Seq2[provisioning.Account, error] {
	from := []byte(provisioning.NewStamp(f, max(0, after)) + sep) // the first key after that line
	return decode[provisioning.Account](bucketAccounts, t.ascend(bucketAccounts, []byte(f+"-"), from))
}

// AccountsFor implements provisioning.Accounts.
func (t *tx) AccountsFor(id identity.Identity) iter.Seq2[provisioning.Account, error] {
	p := prefix(string(id))
	return resolve(p, t.descend(bucketByIdentity, p, nil), func(stamp string) (provisioning.Account, error) {
		return t.Account(provisioning.Stamp(stamp))
	})
}
