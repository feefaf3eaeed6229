package pdf

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// missing is printed for what the font has no glyph of; several in a row are printed as one.
const missing = unicode.ReplacementChar

// Clean returns the text as an Engine prints it, but for what depends on the font. Control, format
// and direction characters (RTL overrides too), variation selectors and marks that do not compose
// with their letter are dropped; every space becomes an ordinary one; "\n" stays. Of what is then
// not in the font, a letter that decomposes is printed without its marks, and anything else, such
// as emoji, as one "�" for all that stand in a row.
func Clean(s string) string {
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n").Replace(s)
	return strings.Map(printable, norm.NFC.String(strings.ToValidUTF8(s, string(missing))))
}

// printable returns the rune, or what stands in its place; -1 for nothing.
func printable(r rune) rune {
	switch {
	case r == '\n':
		return r
	case r == '\ufffc': // stands for an object that is not in the text
		return missing
	case unicode.IsSpace(r):
		return ' '
	case unicode.Is(unicode.C, r), unicode.Is(unicode.M, r), r >= 0x1F3FB && r <= 0x1F3FF: // skin tones
		return -1
	}
	return r
}

// inFont returns the cleaned text in glyphs that the font has.
func inFont(s string, has func(rune) bool) string {
	var b strings.Builder
	last := rune(0)
	write := func(r rune) {
		if r != missing || last != missing {
			b.WriteRune(r)
		}
		last = r
	}
	for _, r := range s {
		if r == '\n' || has(r) {
			write(r)
			continue
		}
		plain := strings.Map(printable, norm.NFKD.String(string(r)))
		if plain == "" || strings.ContainsFunc(plain, func(p rune) bool { return !has(p) }) {
			write(missing)
			continue
		}
		for _, p := range plain {
			write(p)
		}
	}
	return b.String()
}
