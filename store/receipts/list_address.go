package receipts

import (
	"regexp"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// addressScheme is what programs write before an address: Exchange of its proxy
// addresses, and links.
var addressScheme = regexp.MustCompile(`^(?i:smtp|mailto|sip|x500|im):\s*`)

// bareAddress returns the address in what a list has for it: smtp:x@y, mailto:x@y?subject=…,
// "Name" <x@y>, and what may follow one. What holds two stays as it is, to be refused.
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

// mailLike is wider than Address.Valid: what others made need not follow our patterns.
// It is any address that a mail server takes without quotation marks.
func mailLike(a provisioning.Address) bool {
	return mailLocal.MatchString(a.Local()) && mailDomain.MatchString(a.Domain())
}
