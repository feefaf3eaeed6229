package store

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"

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
	if holder := t.get(bucketAddresses, []byte(a)); s == "" || string(holder) != string(s) {
		return nil
	}
	return t.del(bucketAddresses, []byte(a))
}

// HolderOf implements provisioning.Addresses.
func (t *tx) HolderOf(a identity.Address) (provisioning.Stamp, error) {
	if holder := t.get(bucketAddresses, []byte(a)); holder != nil {
		return provisioning.Stamp(holder), nil
	}
	secret := t.get(bucketMeta, []byte(keyRetired))
	if secret == nil {
		return "", nil
	}
	return provisioning.Stamp(t.get(bucketAddresses, retired(secret, a))), nil
}

// keyRetired is the key in bucketMeta of the secret of the digests of retired addresses, 32 bytes. It
// is made for the first of them.
const keyRetired = "retired"

// Retire implements provisioning.Addresses.
func (t *tx) Retire(a identity.Address, s provisioning.Stamp) error {
	if err := whole(string(a), string(s)); err != nil {
		return err
	}
	if holder, err := t.HolderOf(a); err != nil || holder != "" && holder != s {
		return err
	}
	secret := t.get(bucketMeta, []byte(keyRetired))
	if secret == nil {
		secret = make([]byte, sha256.Size)
		if _, err := io.ReadFull(t.random, secret); err != nil {
			return fmt.Errorf("store: retire an address: %w", err)
		}
		if err := t.put(bucketMeta, []byte(keyRetired), secret); err != nil {
			return err
		}
	}
	if err := t.put(bucketAddresses, retired(secret, a), []byte(s)); err != nil {
		return err
	}
	return t.del(bucketAddresses, []byte(a))
}

// retiredMark begins the key of a retired address; no address does.
const retiredMark = '#'

// retired returns the key of a retired address in bucketAddresses.
func retired(secret []byte, a identity.Address) []byte {
	mac := hmac.New(sha256.New, secret)
	mac.Write([]byte(a))
	return append([]byte{retiredMark}, hex.EncodeToString(mac.Sum(nil))...)
}
