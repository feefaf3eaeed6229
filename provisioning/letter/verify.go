package letter

import (
	"crypto/hmac"
	"errors"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// fingerprints has one record, "key": the SHA-256 of the key with which letters are issued.
var fingerprints = provisioning.Document[string]{Kind: "letter.key"}

// HasKey reports whether letters are issued with a key already.
func HasKey(tx provisioning.Tx) (bool, error) {
	_, found, err := fingerprints.Get(tx, "key")
	return found, err
}

// UseKey records that letters are issued with the key from now on. It is CodeUnavailable if they are
// issued with another.
func UseKey(tx provisioning.Tx, key Key) error {
	if found, err := HasKey(tx); err != nil || found {
		return errors.Join(err, key.known(tx))
	}
	return fingerprints.Put(tx, "key", key.fingerprint())
}

// ForgetKey has the next UseKey take any key. Letters issued before cannot be verified any more.
func ForgetKey(tx provisioning.Tx) error { return fingerprints.Drop(tx, "key") }

func (k Key) fingerprint() string { return sum(k.mac("altas letter key")) }

// known returns CodeUnavailable if letters were issued with another key: by this one nothing can be
// told of them.
func (k Key) known(tx provisioning.Tx) error {
	issued, found, err := fingerprints.Get(tx, "key")
	if err == nil && found && issued != k.fingerprint() {
		err = problem.Refuse(problem.CodeUnavailable, "letter.key")
	}
	return err
}

// VerifyCode returns the letter that a code was printed on; false if none is known. The code is made
// again with the key, so that a record that was not written by Altas is not taken for a letter. It is
// CodeUnavailable if letters were issued with another key.
func VerifyCode(tx provisioning.Tx, key Key, typed string) (Letter, bool, error) {
	code := ParseCode(typed)
	if code == "" {
		return Letter{}, false, nil
	}
	at, found, err := codes.Get(tx, code)
	if err != nil || !found {
		return Letter{}, false, err
	}
	l, _, err := letters.Get(tx, at)
	genuine, unknown := l.sealed(key, tx)
	return l, genuine && l.Code == code, errors.Join(err, unknown)
}

// VerifyFile returns the letter whose PDF has exactly these bytes; false if there is none.
func VerifyFile(tx provisioning.Tx, key Key, data []byte) (Letter, bool, error) {
	at, found, err := files.Get(tx, sum(data))
	if err != nil || !found {
		return Letter{}, false, err
	}
	l, _, err := letters.Get(tx, at)
	genuine, unknown := l.sealed(key, tx)
	return l, genuine && l.File == sum(data), errors.Join(err, unknown)
}

// sealed reports whether the record is as Altas wrote it when the letter was issued. It is
// CodeUnavailable if letters were issued with another key.
func (l Letter) sealed(key Key, tx provisioning.Tx) (bool, error) {
	if l.Code == key.code(l.Digest) && hmac.Equal([]byte(l.Seal), []byte(key.seal(l))) {
		return true, nil
	}
	return false, key.known(tx)
}
