package identity

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"seducoahuila.gob.mx/altas/provisioning/input"
)

const (
	keyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	keyDigits  = "0123456789"
)

// normalizeKey returns a CURP or CCT in capitals without spaces, hyphens, invisible characters or
// accents, full-width forms narrowed. Ñ is kept, so that the error can show it.
func normalizeKey(s string) string {
	var b strings.Builder
	for _, r := range strings.ToUpper(norm.NFKC.String(s)) {
		switch {
		case unicode.IsSpace(r), r == '−', unicode.In(r, unicode.Pd, unicode.Cf, unicode.Mn):
		case r == 'Ñ':
			b.WriteRune(r)
		default:
			b.WriteRune(baseLetter(r))
		}
	}
	return b.String()
}

// baseLetter returns r without its accents.
func baseLetter(r rune) rune {
	for _, base := range norm.NFD.String(string(r)) {
		return base
	}
	return r
}

// keyClass returns the characters that a position of the class may have, and the reason if it has
// another. anyClass is the class of all characters of the key.
type keyClass func(class byte) (set, reason string)

const anyClass = 'B'

// checkKey checks key, which is as long as shape, position by position. It returns the reason at
// the first wrong position, with its arguments. A character that the key has nowhere is reported
// before one that is only misplaced.
func checkKey(key, shape string, class keyClass) (reason string, args []string) {
	anywhere, strange := class(anyClass)
	for i, r := range []rune(key) {
		if !strings.ContainsRune(anywhere, r) {
			return strange, keyArgs(i, r)
		}
	}
	for i := range shape {
		if set, misplaced := class(shape[i]); strings.IndexByte(set, key[i]) < 0 {
			return misplaced, keyArgs(i, rune(key[i]))
		}
	}
	return "", nil
}

func keyArgs(index int, r rune) []string {
	return []string{"position", strconv.Itoa(index + 1), "character", input.Printable(r)}
}
