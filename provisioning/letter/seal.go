package letter

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base32"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Key is a secret by which codes of verification are made. It is kept beside the store.
type Key []byte

// KeySize is the least length of a Key, in bytes.
const KeySize = 32

// Keys are the keys that letters were issued with, at least one. The last seals new letters.
type Keys []Key

func (ks Keys) current() Key { return ks[len(ks)-1] }

// of returns the key with an id. It is CodeUnavailable for one that is not here: nothing can be told of
// the letters that were issued with it.
func (ks Keys) of(id string) (Key, error) {
	for _, k := range ks {
		if k.id() == id {
			return k, nil
		}
	}
	return nil, problem.Refuse(problem.CodeUnavailable, "letter.key")
}

// id tells a key from others, without telling the key.
func (k Key) id() string { return sum(k.mac("altas letter key"))[:16] }

// codeBytes is how much of the HMAC a code has: 80 bits, so that no code can be guessed.
const codeBytes = 10

// digest returns the SHA-256 of a content, hexadecimal. The code is made of it, not of the PDF,
// because the code is printed on the PDF.
func digest(c Content) (string, error) {
	data, err := json.Marshal(c)
	if err != nil {
		return "", fmt.Errorf("letter: digest: %w", err)
	}
	return sum(data), nil
}

func sum(data []byte) string {
	s := sha256.Sum256(data)
	return hex.EncodeToString(s[:])
}

// code returns the code of a digest: 16 letters and digits in groups of four.
func (k Key) code(digest string) string {
	text := base32.StdEncoding.EncodeToString(k.mac("altas letter", digest)[:codeBytes])
	return strings.Join([]string{text[:4], text[4:8], text[8:12], text[12:16]}, "-")
}

// seal returns the HMAC of what verification tells of a letter, hexadecimal. State is not in it: a
// letter is annulled later.
func (k Key) seal(l Letter) string {
	return hex.EncodeToString(k.mac(
		"altas letter record", string(l.Folio), l.Number, l.Digest, l.Code, l.File, strconv.Itoa(l.Lines), l.Date.UTC().Format(time.RFC3339Nano),
	))
}

// mac returns the HMAC-SHA-256 of some texts, none of which has a zero byte.
func (k Key) mac(texts ...string) []byte {
	mac := hmac.New(sha256.New, k)
	mac.Write([]byte(strings.Join(texts, "\x00")))
	return mac.Sum(nil)
}

// ParseCode returns a code as it is printed, from one that was typed in small letters, with other
// marks between the groups, or without; "" for anything else.
func ParseCode(s string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(s) {
		switch {
		case r >= 'A' && r <= 'Z', r >= '2' && r <= '7':
			if b.Len() == 4 || b.Len() == 9 || b.Len() == 14 {
				b.WriteByte('-')
			}
			b.WriteRune(r)
		case !strings.ContainsRune(" -–—.\t", r):
			return ""
		}
		if b.Len() > 19 {
			return ""
		}
	}
	if b.Len() != 19 {
		return ""
	}
	return b.String()
}
