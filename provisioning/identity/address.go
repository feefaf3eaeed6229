package identity

import (
	"fmt"
	"iter"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Address is a mail address and userPrincipalName, in lower case. Those that Altas creates are
// narrower than Graph's: see Valid.
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

// reservedLocals are offices and functions, RFC 2142's and the ministry's, with which no person's
// address may be confused. Compared without . - _.
const reservedLocals = `abuse admin administracion administrador administrator all altas alumnos anonymous ayuda
bot buzon comunicacion contabilidad contacto contraloria correo denuncias dgti direccion director directora docente
docentes escuela everyone ftp gobernador gobierno guest help helpdesk hostmaster info informacion informatica
jefatura juridico licencias listas mail mailerdaemon maestros mesadeayuda microsoft news noc nomina noreply
noresponder office office365 personal postmaster prensa presidencia prueba quejas recursoshumanos rh root
secretaria secretario security sedu seduc seguridad sistema sistemas soporte subdireccion subdirector subdirectora
subsecretaria superuser supervisor support sysadmin system teams test todos transparencia usenet usuario uucp
webmaster www`

// Local returns the part before the @; the whole if there is none.
func (a Address) Local() string {
	local, _, _ := strings.Cut(string(a), "@")
	return local
}

// Masked returns the address with the part before the @ hidden except its first letter, at a fixed
// length.
func (a Address) Masked() string {
	if a == "" {
		return ""
	}
	return string([]rune(a)[:1]) + "····@" + a.Domain()
}

// Domain returns the part after the @.
func (a Address) Domain() string {
	_, domain, _ := strings.Cut(string(a), "@")
	return domain
}

// ValidDomain reports whether addresses can be created in the domain: lower case, and short enough
// for every local part.
func ValidDomain(domain string) bool {
	return len(domain) <= maxUPN-1-maxLocal && domainShape.MatchString(domain)
}

// Valid reports whether Altas may create the address: before the @ 1–64 of a–z 0–9 in groups
// separated by single . - _, then a domain, at most 113 in all.
func (a Address) Valid() bool {
	local, domain, found := strings.Cut(string(a), "@")
	return found && len(a) <= maxUPN && len(local) <= maxLocal &&
		localShape.MatchString(local) && domainShape.MatchString(domain)
}

// ParseAddress returns the address typed at the input "address", in the domain of its account type;
// the domain may be omitted. It is CodeInvalid if the address is not Valid, has another domain, or
// is reserved.
func ParseAddress(s, domain string) (Address, error) {
	local, typed, found := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "@")
	if found && typed != domain {
		return "", problem.Invalid("address", reasonAddressDomain, "domain", domain)
	}
	a := Address(local + "@" + domain)
	switch {
	case !a.Valid():
		return "", problem.Invalid("address", reasonAddressFormat)
	case isReserved(local):
		return "", problem.Invalid("address", reasonAddressReserved, "local", local)
	}
	return a, nil
}

func isReserved(local string) bool {
	bare := strings.NewReplacer(".", "", "-", "", "_", "").Replace(local)
	return slices.Contains(strings.Fields(reservedLocals), bare)
}

// counterRoom is how many characters are left for the number that distinguishes homonyms.
const counterRoom = 6

// Candidates returns the addresses that the holder may have, best first: one for each pattern that
// the holder's names fill, then the first of these with a counter from 2. The sequence is
// practically unlimited; the caller takes the first free address. No address repeats. Each is Valid
// and not reserved.
//
// It returns an error if there is none: at the input whose name has no Latin letter or is too long,
// or at "address" if no pattern fits. A domain that is not ValidDomain is a configuration error,
// not an *Error.
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

// fillAll returns the local parts of the patterns, in order, each once.
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

// numbered appends a homonym's number. After a local part with digits of its own, such as a CCT, a
// dot separates them.
func numbered(local string, n int) string {
	if strings.ContainsAny(local, keyDigits) {
		local += "."
	}
	return local + strconv.Itoa(n)
}

// noCandidates returns the error at the input because of which no pattern can be filled.
func noCandidates(patterns []Pattern, parts map[string]string) error {
	for _, p := range patterns {
		for _, part := range p.fields() {
			switch {
			case len(parts[part]) > maxPart:
				return problem.Invalid(inputOf(part), reasonAddressLong)
			case parts[part] == "" && part != "nombre2" && part != "apellido2":
				return problem.Invalid(inputOf(part), reasonAddressLetters)
			}
		}
	}
	return problem.Invalid("address", reasonAddressNone)
}
