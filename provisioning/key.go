package provisioning

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

const (
	keyLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	keyDigits  = "0123456789"
)

// normalizeKey returns a CURP or CCT as people meant it: capitals without spaces,
// hyphens, invisible characters or accents, full-width forms made plain. Ñ stays,
// so that it can be named to who typed it.
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

// keyClass tells what a position of the class may hold, and the reason when it
// doesn't. anyClass is the class of all that a key may hold anywhere.
type keyClass func(class byte) (set, reason string)

const anyClass = 'B'

// checkKey holds key, as long as shape, to what each position may hold. It returns
// the reason at the first position that fails, with its arguments. A character
// that no key holds anywhere is named before one that is only out of place.
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
	return []string{"position", strconv.Itoa(index + 1), "character", printable(r)}
}

// printable returns r, or its number where showing it would show nothing or spoil
// the line that holds it.
func printable(r rune) string {
	if unicode.IsPrint(r) && !unicode.Is(unicode.Mn, r) {
		return string(r)
	}
	return "U+" + strings.ToUpper(strconv.FormatInt(int64(r), 16))
}
