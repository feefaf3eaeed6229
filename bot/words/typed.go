package words

import (
	"html"
	"regexp"
	"strings"
	"unicode"
)

// Typed returns what somebody wrote, as it was meant, and the id of the message that they
// quoted, "" for none. Teams quotes with a tag of its own and escapes as HTML does;
// telephones and other programs put in spaces, dashes and digits that only look like the
// usual ones, and marks that nobody sees. Marks of people, <at>Ana</at>, stay.
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
	// quotedTag stands before a reply that quotes a message.
	quotedTag = regexp.MustCompile(`(?is)<quoted\b[^>]*/>|<quoted\b[^>]*>.*?</quoted>|</?quoted\b[^>]*>`)
	quotedID  = regexp.MustCompile(`(?i)<quoted\b[^>]*?\bmessageId\s*=\s*["']([^"']*)["']`)

	// folioTyped is a folio, or the stamp of one of its lines, with any dash.
	folioTyped = regexp.MustCompile(`\b\d{4} *` + dash + ` *\d{6}(?: *` + dash + ` *\d{4})?\b`)
	softDash   = regexp.MustCompile(`(\d)` + softHyphen + `+(\d)`)
	anyDash    = regexp.MustCompile(dash)
)

const (
	softHyphen = "\u00ad"
	dash       = `[\p{Pd}\x{2212}\x{2043}]`
)

// asUsual returns the character that one stands for; -1 for one that nobody sees.
func asUsual(r rune) rune {
	switch {
	case r >= '\uff01' && r <= '\uff5e': // those of East Asian keyboards, as wide as they are high
		return r - '\uff01' + '!'
	case r == '\u00ad': // a dash where it parts digits
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
