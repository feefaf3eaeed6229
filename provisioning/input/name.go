package input

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
	"golang.org/x/text/width"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Limits of typed names, in characters. Graph allows 64 for givenName and 256 for displayName.
const (
	maxName       = 60
	maxCentreName = 120
)

// Particles are in small letters inside a name, unless they end it: "de la O".
const Particles = "de del la las los el y da das do dos di della van von der"

// registerSlash is the civil register's form of an apostrophe, as in D/AMICO; "N/A" does not match.
var registerSlash = regexp.MustCompile(`(\p{L})[/⁄∕](\p{L}{2})`)

// normalizeName returns a name as typed, without artefacts of keyboard and clipboard: composed
// accents, plain apostrophes and hyphens, full-width forms narrowed, single spaces between words
// and none around.
func normalizeName(s string) string {
	s = norm.NFC.String(width.Fold.String(s))
	return strings.Join(strings.Fields(strings.Map(PlainMark, s)), " ")
}

// ParseName returns the name typed at the input field: normalised, and in Spanish title case if it
// was all capitals or all lower case. A second surname may be missing, or be a mark that says so
// ("-", "."). It is CodeInvalid with one reason: empty, longer than maxName, or the first character
// that names do not contain. Letters are those of the Latin script, as on a Mexican birth
// certificate; look-alikes of other scripts are refused.
func ParseName(field, s string) (string, error) {
	name := registerSlash.ReplaceAllString(normalizeName(s), "$1'$2")
	if err := checkText(field, name, maxName, checkNameRune); err != nil {
		return "", err
	}
	if strings.IndexFunc(name, unicode.IsLetter) < 0 {
		if field == "secondSurname" {
			return "", nil
		}
		return "", problem.Invalid(field, reasonNameEmpty)
	}
	return titleCase(name, field == "firstSurname" || field == "secondSurname", personsNumeral), nil
}

// ParseCentreName returns the name of a work centre, at the input "centerName". In addition to the
// characters of people's names it may contain digits and the punctuation of schools' names: Escuela
// Primaria "20 de Noviembre" (T.M.) No. 5.
func ParseCentreName(s string) (string, error) {
	name := normalizeName(strings.NewReplacer("“", `"`, "”", `"`, "«", `"`, "»", `"`).Replace(s))
	if err := checkText("centerName", name, maxCentreName, checkCentreRune); err != nil {
		return "", err
	}
	if strings.IndexFunc(name, unicode.IsLetter) < 0 {
		return "", problem.Invalid("centerName", reasonNameEmpty)
	}
	return titleCase(name, false, centresNumeral), nil
}

// checkText limits s to a number of runes and checks each rune. check returns the reason against
// it, or "".
func checkText(field, s string, limit int, check func(prev, r rune) string) error {
	if n := len([]rune(s)); n > limit {
		return problem.Invalid(field, reasonNameLength, "max", strconv.Itoa(limit), "got", strconv.Itoa(n))
	}
	prev := ' '
	for _, r := range s {
		if reason := check(prev, r); reason != "" {
			return problem.Invalid(field, reason, "character", Printable(r))
		}
		prev = r
	}
	return nil
}

// checkNameRune allows a combining mark only directly after a letter, as some names in Mexico's
// native languages need; several in a row are decoration.
func checkNameRune(prev, r rune) string {
	switch {
	case unicode.Is(unicode.Latin, r), strings.ContainsRune(" -'.", r):
		return ""
	case unicode.Is(unicode.Mn, r) && unicode.Is(unicode.Latin, prev):
		return ""
	case unicode.IsDigit(r):
		return reasonNameDigit
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), r == unicode.ReplacementChar:
		return reasonNameInvisible
	case unicode.IsLetter(r):
		return reasonNameScript
	}
	return reasonNameCharacter
}

func checkCentreRune(prev, r rune) string {
	if r >= '0' && r <= '9' || strings.ContainsRune(`,;:"()/#°&+![]*_@?¡¿=%$·`, r) {
		return ""
	}
	return checkNameRune(prev, r)
}

// Roman numerals in names: of a person up to about thirty, Juan XXIII; of a school higher too, LIX
// Legislatura. "Li" and "Mi" are words.
var (
	personsNumeral = regexp.MustCompile(`^[ivx]{2,}$`)
	centresNumeral = regexp.MustCompile(`^(x{0,4}|x?l|lx{1,4}|xc|c{1,3}x{0,4}|c{1,3}lx{0,4}|c{1,3}xc)(ix|iv|v?i{0,4})$`)
)

// titleCase returns s with capitals as in Spanish names if it is all capitals or all small; mixed
// case is kept as typed. Particles are small inside a name, and at the beginning of a surname: "de
// la Cruz", but "Del Carmen".
func titleCase(s string, surname bool, numeral *regexp.Regexp) string {
	upper := strings.IndexFunc(s, unicode.IsUpper) >= 0
	lower := strings.IndexFunc(s, unicode.IsLower) >= 0
	if upper == lower {
		return s
	}
	words := strings.Fields(strings.ToLower(s))
	for i, w := range words {
		inside := i < len(words)-1 && (i > 0 || surname)
		switch {
		case inside && slices.Contains(strings.Fields(Particles), w):
		case isNumeral(w, numeral):
			words[i] = strings.ToUpper(w)
		default:
			words[i] = capitalize(w)
		}
	}
	return strings.Join(words, " ")
}

// isNumeral ignores the punctuation around a word: (XXI), LIX.
func isNumeral(word string, numeral *regexp.Regexp) bool {
	bare := strings.TrimFunc(word, unicode.IsPunct)
	return len(bare) > 1 && !slices.Contains([]string{"cc", "ci", "cl", "li", "cv"}, bare) && numeral.MatchString(bare)
}

// capitalize capitalises each letter that does not follow a letter: "d'angelo" → "D'Angelo",
// "lópez-portillo" → "López-Portillo".
func capitalize(word string) string {
	prev := ' '
	return strings.Map(func(r rune) rune {
		inWord := unicode.IsLetter(prev) || unicode.Is(unicode.Mn, prev) || unicode.IsDigit(prev)
		prev = r
		if inWord {
			return r
		}
		return unicode.ToTitle(r)
	}, word)
}
