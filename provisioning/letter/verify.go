package letter

import (
	"crypto/hmac"

	"seducoahuila.gob.mx/altas/provisioning"
)

// fingerprints has one record, "key": the SHA-256 of the key with which letters are issued.
var fingerprints = provisioning.Document[string]{Kind: "letter.key"}

// KnowsKey reports whether the key is the one with which letters were issued so far. The first time it
// records which that is.
func (ls *Letters) KnowsKey(tx provisioning.Tx) (bool, error) {
	own := sum(ls.Key.mac("altas letter key"))
	known, found, err := fingerprints.Get(tx, "key")
	if err != nil || found {
		return known == own, err
	}
	return true, fingerprints.Put(tx, "key", own)
}

// VerifyCode returns the letter that a code was printed on; false if none is known. The code is made
// again with the key, so that a record that was not written by Altas is not taken for a letter.
func VerifyCode(tx provisioning.Tx, key Key, typed string) (Letter, bool, error) {
	code := ParseCode(typed)
	if code == "" {
		return Letter{}, false, nil
	}
	at, found, err := codes.Get(tx, code)
	if err != nil || !found {
		return Letter{}, false, err
	}
	l, found, err := letters.Get(tx, at)
	return l, found && l.Code == code && l.sealed(key), err
}

// VerifyFile returns the letter whose PDF has exactly these bytes; false if there is none.
func VerifyFile(tx provisioning.Tx, key Key, data []byte) (Letter, bool, error) {
	at, found, err := files.Get(tx, sum(data))
	if err != nil || !found {
		return Letter{}, false, err
	}
	l, found, err := letters.Get(tx, at)
	return l, found && l.File == sum(data) && l.sealed(key), err
}

// sealed reports whether the record is as Altas wrote it when the letter was issued.
func (l Letter) sealed(key Key) bool {
	return l.Code == key.code(l.Digest) && hmac.Equal([]byte(l.Seal), []byte(key.seal(l)))
}
