package provisioning

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Address is a mail address and userPrincipalName, in lower case. Those that
// Altas makes are narrower than what Graph allows: see Valid.
type Address string

// Graph's limits of a userPrincipalName.
const (
	maxLocal = 64
	maxUPN   = 113
)

var (
	localShape  = regexp.MustCompile(`^[a-z0-9]+([._-][a-z0-9]+)*$`)
	domainShape = regexp.MustCompile(`^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])$`)
)

// reservedLocals are offices and functions, RFC 2142's and the ministry's, that
// no person's address may be taken for. Compared without . - _.
const reservedLocals = `abuse admin administracion administrador administrator all altas alumnos anonymous ayuda
bot buzon comunicacion contabilidad contacto contraloria correo denuncias dgti direccion director directora docente
docentes escuela everyone ftp gobernador gobierno guest help helpdesk hostmaster info informacion informatica
jefatura juridico licencias listas mail mailerdaemon maestros mesadeayuda microsoft news noc nomina noreply
noresponder office office365 personal postmaster prensa presidencia prueba quejas recursoshumanos rh root
secretaria secretario security sedu seduc seguridad sistema sistemas soporte subdireccion subdirector subdirectora
subsecretaria superuser supervisor support sysadmin system teams test todos transparencia usenet usuario uucp
webmaster www`

// Local returns what stands before the @, all of it where there is none.
func (a Address) Local() string {
	local, _, _ := strings.Cut(string(a), "@")
	return local
}

// Masked returns the address with what stands before the @ hidden but for its first
// letter, in a length that tells nothing.
func (a Address) Masked() string {
	if a == "" {
		return ""
	}
	return string([]rune(a)[:1]) + "····@" + a.Domain()
}

// Domain returns what stands after the @.
func (a Address) Domain() string {
	_, domain, _ := strings.Cut(string(a), "@")
	return domain
}

// ValidDomain reports whether addresses can be made in domain: lower case, and
// short enough for every local part.
func ValidDomain(domain string) bool {
	return len(domain) <= maxUPN-1-maxLocal && domainShape.MatchString(domain)
}

// Valid reports whether Altas may make the address: before the @ 1–64 of a–z 0–9
// in groups parted by single . - _, then a domain, at most 113 in all.
func (a Address) Valid() bool {
	local, domain, found := strings.Cut(string(a), "@")
	return found && len(a) <= maxUPN && len(local) <= maxLocal &&
		localShape.MatchString(local) && domainShape.MatchString(domain)
}

// ParseAddress returns the address typed at the input "address", in the domain of
// its account type; the domain may be left out. It refuses what is not Valid,
// another domain, and reserved names.
func ParseAddress(s, domain string) (Address, error) {
	local, typed, found := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "@")
	if found && typed != domain {
		return "", Invalid("address", reasonAddressDomain, "domain", domain)
	}
	a := Address(local + "@" + domain)
	switch {
	case !a.Valid():
		return "", Invalid("address", reasonAddressFormat)
	case isReserved(local):
		return "", Invalid("address", reasonAddressReserved, "local", local)
	}
	return a, nil
}

func isReserved(local string) bool {
	bare := strings.NewReplacer(".", "", "-", "", "_", "").Replace(local)
	return slices.Contains(strings.Fields(reservedLocals), bare)
}

// counterRoom is kept free for the number that tells homonyms apart.
const counterRoom = 6

// Candidates returns the addresses that the holder may have, best first: one for
// each pattern that the holder's names fill, then the first of these with a counter
// from 2. It goes on for longer than there are people; the caller takes the first
// that is free. None comes twice. Each is Valid and not reserved.
//
// It returns an error where nothing can be made: at the input whose name has no
// Latin letter or is too long, or at "address" where no pattern fits. A domain that
// is not ValidDomain is the configuration's fault, not a person's: no *Error.
func Candidates(patterns []Pattern, h Holder, domain string) (iter.Seq[Address], error) {
	if !ValidDomain(domain) {
		return nil, fmt.Errorf("address domain %q: not one that addresses can be made in", domain)
	}
	parts := partsOf(h)
	locals := fillAll(patterns, parts)
	if len(locals) == 0 {
		return nil, noCandidates(patterns, parts)
	}
	return func(yield func(Address) bool) {
		for _, local := range locals {
			if !yield(Address(local + "@" + domain)) {
				return
			}
		}
		for n := 2; ; n++ {
			local := numbered(locals[0], n)
			if len(local) > maxLocal {
				return
			}
			if !slices.Contains(locals, local) && !yield(Address(local+"@"+domain)) {
				return
			}
		}
	}, nil
}

// fillAll returns the local parts that the patterns make, in order, each once.
func fillAll(patterns []Pattern, parts map[string]string) []string {
	var locals []string
	for _, p := range patterns {
		local, ok := p.fill(parts)
		usable := ok && len(local) <= maxLocal-counterRoom && localShape.MatchString(local) && !isReserved(local)
		if usable && !slices.Contains(locals, local) {
			locals = append(locals, local)
		}
	}
	return locals
}

// numbered adds a homonym's number. After a local part with digits of its own, a
// CCT for one, a dot keeps the two apart.
func numbered(local string, n int) string {
	if strings.ContainsAny(local, keyDigits) {
		local += "."
	}
	return local + strconv.Itoa(n)
}

// noCandidates names the input that keeps every pattern from being filled.
func noCandidates(patterns []Pattern, parts map[string]string) error {
	for _, p := range patterns {
		for _, part := range p.fields() {
			switch {
			case len(parts[part]) > maxPart:
				return Invalid(inputOf(part), reasonAddressLong)
			case parts[part] == "" && part != "nombre2" && part != "apellido2":
				return Invalid(inputOf(part), reasonAddressLetters)
			}
		}
	}
	return Invalid("address", reasonAddressNone)
}
