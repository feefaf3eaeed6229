package letter

import (
	"crypto/hmac"
	"errors"

	"seducoahuila.gob.mx/altas/provisioning"
)

// used are kept by the ids of the keys that letters were issued with.
var used = provisioning.Document[bool]{Kind: "letter.key"}

// Missing returns the ids of the keys that letters were issued with and that are not among these.
func (ks Keys) Missing(tx provisioning.Tx) (ids []string, err error) {
	for id, err := range used.Keys(tx, "") {
		if err != nil {
			return nil, err
		}
		if _, unknown := ks.of(id); unknown != nil {
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// VerifyCode returns the letter that a code was printed on; false if none is known. The code is made
// again with its key, so that a record that was not written by Altas is not taken for a letter. It is
// CodeUnavailable if its key is missing.
func VerifyCode(tx provisioning.Tx, keys Keys, typed string) (Letter, bool, error) {
	code := ParseCode(typed)
	if code == "" {
		return Letter{}, false, nil
	}
	at, found, err := codes.Get(tx, code)
	if err != nil || !found {
		return Letter{}, false, err
	}
	l, _, err := letters.Get(tx, at)
	genuine, unknown := l.sealed(keys)
	return l, genuine && l.Code == code, errors.Join(err, unknown)
}

// VerifyFile returns the letter whose PDF has exactly these bytes; false if there is none.
func VerifyFile(tx provisioning.Tx, keys Keys, data []byte) (Letter, bool, error) {
	at, found, err := files.Get(tx, sum(data))
	if err != nil || !found {
		return Letter{}, false, err
	}
	l, _, err := letters.Get(tx, at)
	genuine, unknown := l.sealed(keys)
	return l, genuine && l.File == sum(data), errors.Join(err, unknown)
}

// sealed reports whether the record is as Altas wrote it when the letter was issued. It is
// CodeUnavailable if its key is missing.
func (l Letter) sealed(keys Keys) (bool, error) {
	key, err := keys.of(l.Key)
	return err == nil && l.Code == key.code(l.Digest) && hmac.Equal([]byte(l.Seal), []byte(key.seal(l))), err
}
