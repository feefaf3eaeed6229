package provisioning

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// How Mexican names become parts of an address.
//
// The two surnames have separate inputs, so a whole input is one surname, however many words it
// has, and is joined: "de la Cruz" → delacruz, "Ponce de León" → poncedeleon, "López-Portillo" →
// lopezportillo, "D'Angelo" → dangelo. School rolls do the same, and the result can be dictated
// over the telephone.
//
// Among given names a particle is joined to what follows it: "María del Carmen" is maria and
// delcarmen, "San Juana" sanjuana. An abbreviation is not used as a name if another follows: "Ma.
// del Carmen" → carmen, "J. Jesús" → jesus; "María Guadalupe", written out, is maria. A title is
// not used either.

// maxPart is the longest part. A longer one loses words from its end, never letters of a word: the
// whole is shown to the requester and the approvers.
const maxPart = 28

const (
	bindingWords     = nameParticles + " san santa santo sn sta sto"
	abbreviatedNames = "ma fco gpe"
	titles           = "lic lics lica licda lcda lcdo ing inga arq arqa dr dra prof profa profe profr profra mtro mtra mto cp psic sr sra srta srita"
	spelledTitles    = "maestro maestra profesor profesora licenciado licenciada ingeniero ingeniera arquitecto arquitecta doctor doctora en" // M. en C.
)

// partsOf returns the pattern fields of a holder; missing ones are absent or "".
func partsOf(h Holder) map[string]string {
	if h.Type == WorkCentre {
		return map[string]string{"cct": strings.Join(plainWords(string(h.Centre.CCT)), "")}
	}
	given := callNames(plainWords(h.Person.GivenNames))
	parts := map[string]string{
		"nombres":   joinWithin(given),
		"apellido1": joinWithin(bindParticles(withoutTitles(plainWords(h.Person.FirstSurname)))),
		"apellido2": joinWithin(bindParticles(withoutTitles(plainWords(h.Person.SecondSurname)))),
	}
	if len(given) > 0 {
		parts["nombre1"] = joinWithin(given[:1])
		parts["inicial1"] = given[0][:1]
	}
	if len(given) > 1 {
		parts["nombre2"] = joinWithin(given[1:2])
	}
	return parts
}

// plainWords returns the words of s in a–z and 0–9. Letters of other scripts are dropped;
// apostrophes and hyphens join; everything else separates words.
func plainWords(s string) []string {
	var b strings.Builder
	for _, r := range strings.ToLower(norm.NFKD.String(strings.Map(plainMark, s))) {
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

// bindParticles joins each particle to the word after it.
func bindParticles(words []string) []string {
	var bound []string
	open := false
	for _, w := range words {
		if open {
			bound[len(bound)-1] += w
		} else {
			bound = append(bound, w)
		}
		open = slices.Contains(strings.Fields(bindingWords), w)
	}
	return bound
}

// callNames returns the given names that can be used: without titles and abbreviations at the
// beginning, nor the particles after those.
func callNames(words []string) []string {
	i := 0
	for i < len(words)-1 && (len(words[i]) == 1 || slices.Contains(strings.Fields(abbreviatedNames+" "+titles+" "+spelledTitles), words[i])) {
		i++
	}
	for i > 0 && i < len(words)-1 && slices.Contains(strings.Fields(nameParticles), words[i]) {
		i++
	}
	return bindParticles(words[i:])
}

// withoutTitles removes titles typed in a surname's input: "Lic. Ruiz". Spelled-out titles are
// surnames too, and kept.
func withoutTitles(words []string) []string {
	for len(words) > 1 && slices.Contains(strings.Fields(titles), words[0]) {
		words = words[1:]
	}
	return words
}

// joinWithin joins the words, without the last ones that would exceed maxPart. A first word that is
// too long by itself is returned whole: it may still fit the address, or be refused.
func joinWithin(words []string) string {
	if len(words) == 0 {
		return ""
	}
	joined := words[0]
	for _, w := range words[1:] {
		if len(joined)+len(w) > maxPart {
			break
		}
		joined += w
	}
	return joined
}
