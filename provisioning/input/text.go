package input

import (
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// Printable returns r, or its code point if r is invisible or would garble the line.
func Printable(r rune) string {
	if unicode.IsPrint(r) && !unicode.Is(unicode.Mn, r) {
		return string(r)
	}
	return "U+" + strings.ToUpper(strconv.FormatInt(int64(r), 16))
}

// PlainMark maps the variants of apostrophes and hyphens that keyboards and word processors
// produce, and drops invisible characters.
func PlainMark(r rune) rune {
	switch r {
	case '’', '‘', '´', '`', 'ʼ', 'ꞌ', 'ʹ':
		return '\''
	case '‐', '‑', '‒', '–', '—', '−':
		return '-'
	case '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad':
		return -1
	}
	return r
}

// PlainWords returns the words of s in a–z and 0–9. Letters of other scripts are dropped;
// apostrophes and hyphens join; everything else separates words.
func PlainWords(s string) []string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(strings.Map(PlainMark, s))) {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			b.WriteRune(r)
		case unicode.IsLetter(r):
			b.WriteString(spelling(r))
		case r == '\'', r == '-', unicode.In(r, unicode.M, unicode.Cf):
		default:
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// spelling returns how a Latin letter that does not decompose into a base letter is written in a–z,
// "" for other letters. Each pair is a letter and its spelling.
func spelling(r rune) string {
	const pairs = "ßss æae œoe øo łl đd ðd þth ħh ıi ŋn ŧt ĸk əe ɨi ʉu ƀb ɓb ɗd ƙk "
	_, after, found := strings.Cut(pairs, string(r))
	if !found {
		return ""
	}
	plain, _, _ := strings.Cut(after, " ")
	return plain
}

// Fold returns a text as it is compared and searched: in small letters, without diacritics, that of
// Ñ included.
func Fold(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(s)) {
		if !unicode.Is(unicode.Mn, r) {
			b.WriteRune(r)
		}
	}
	return b.String()
}
