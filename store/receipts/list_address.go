package receipts

import (
	"regexp"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// addressScheme matches the prefix of an address in Exchange's proxy addresses and in links.
var addressScheme = regexp.MustCompile(`^(?i:smtp|mailto|sip|x500|im):\s*`)

// bareAddress extracts the address from a cell: smtp:x@y, mailto:x@y?subject=…, "Name" <x@y>, and
// trailing punctuation. A cell with two addresses is returned unchanged, and later refused.
func bareAddress(s string) string {
	s = strings.TrimSpace(s)
	if _, inside, is := strings.Cut(s, "<"); is {
		if before, after, closed := strings.Cut(inside, ">"); closed && strings.Trim(after, " ;,") == "" {
			s = before
		}
	}
	if bare := addressScheme.ReplaceAllString(s, ""); bare != s {
		s, _, _ = strings.Cut(bare, "?")
	}
	return strings.Trim(s, " \t;,.'\"")
}

var (
	mailLocal  = regexp.MustCompile("^[a-z0-9!#$%&'*+/=?^_`{|}~-]+([.][a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$")
	mailDomain = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]*[a-z0-9])?[.])+[a-z]([a-z0-9-]*[a-z0-9])$`)
)

// mailLike reports whether a is an address that mail servers accept without quotation marks. It
// accepts more than Address.Valid, because existing addresses need not follow our patterns.
func mailLike(a identity.Address) bool {
	return mailLocal.MatchString(a.Local()) && mailDomain.MatchString(a.Domain())
}
