package store

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Reserve implements provisioning.Addresses.
func (t *tx) Reserve(a identity.Address, s provisioning.Stamp) error {
	if err := whole(string(a), string(s)); err != nil {
		return err
	}
	holder, err := t.HolderOf(a)
	switch {
	case err != nil || holder == s:
		return err
	case holder != "":
		return problem.Refuse(problem.CodeConflict, "address.held", "address", string(a))
	}
	return t.put(bucketAddresses, []byte(a), []byte(s))
}

// Release implements provisioning.Addresses.
func (t *tx) Release(a identity.Address, s provisioning.Stamp) error {
	if holder, err := t.HolderOf(a); err != nil || holder == "" || holder != s {
		return err
	}
	return t.del(bucketAddresses, []byte(a))
}

// HolderOf implements provisioning.Addresses.
func (t *tx) HolderOf(a identity.Address) (provisioning.Stamp, error) {
	return provisioning.Stamp(t.get(bucketAddresses, []byte(a))), nil
}
