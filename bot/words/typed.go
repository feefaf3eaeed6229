package words

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

// Typed returns a message's text in usual characters, and the id of the quoted message, "" for
// none. Teams marks a quote by a tag of its own and escapes as in HTML; phones and other
// programs insert unusual spaces, dashes and digits, and invisible characters. Mentions,
// <at>Ana</at>, are kept.
func Typed(text string) (said, quoted string) {
	if found := quotedID.FindStringSubmatch(text); found != nil {
		quoted = found[1]
	}
	said = strings.Map(asUsual, html.UnescapeString(quotedTag.ReplaceAllString(text, " ")))
	said = strings.ReplaceAll(softDash.ReplaceAllString(said, "$1-$2"), softHyphen, "")
	said = folioTyped.ReplaceAllStringFunc(said, func(folio string) string {
		return strings.ReplaceAll(anyDash.ReplaceAllString(folio, "-"), " ", "")
	})
	return strings.TrimSpace(said), quoted
}

var (
	// quotedTag precedes a reply that quotes a message.
	quotedTag = regexp.MustCompile(`(?is)<quoted\b[^>]*/>|<quoted\b[^>]*>.*?</quoted>|</?quoted\b[^>]*>`)
	quotedID  = regexp.MustCompile(`(?i)<quoted\b[^>]*?\bmessageId\s*=\s*["']([^"']*)["']`)

	// folioTyped matches a folio, or the stamp of a line, with any dash.
	folioTyped = regexp.MustCompile(`\b\d{4} *` + dash + ` *\d{6}(?: *` + dash + ` *\d{4})?\b`)
	softDash   = regexp.MustCompile(`(\d)` + softHyphen + `+(\d)`)
	anyDash    = regexp.MustCompile(dash)
)

const (
	softHyphen = "\u00ad"
	dash       = `[\p{Pd}\x{2212}\x{2043}]`
)

// asUsual returns the usual character for a rune; -1 for an invisible one.
func asUsual(r rune) rune {
	switch {
	case r >= '\uff01' && r <= '\uff5e': // full-width forms of East Asian keyboards
		return r - '\uff01' + '!'
	case r == '\u00ad': // a soft hyphen between digits becomes a dash later
		return r
	case unicode.Is(unicode.Zs, r):
		return ' '
	case r == '\u2028' || r == '\u2029' || r == '\u0085':
		return '\n'
	case unicode.Is(unicode.Cf, r):
		return -1
	}
	return r
}
