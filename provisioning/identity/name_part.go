package identity

import (
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/input"
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
	bindingWords     = input.Particles + " san santa santo sn sta sto"
	abbreviatedNames = "ma fco gpe"
	titles           = "lic lics lica licda lcda lcdo ing inga arq arqa dr dra prof profa profe profr profra mtro mtra mto cp psic sr sra srta srita"
	spelledTitles    = "maestro maestra profesor profesora licenciado licenciada ingeniero ingeniera arquitecto arquitecta doctor doctora en" // M. en C.
)

// partsOf returns the pattern fields of a holder; missing ones are absent or "".
func partsOf(h Holder) map[string]string {
	if h.Type == WorkCentre {
		return map[string]string{"cct": strings.Join(input.PlainWords(string(h.Centre.CCT)), "")}
	}
	given := callNames(input.PlainWords(h.Person.GivenNames))
	parts := map[string]string{
		"nombres":   joinWithin(given),
		"apellido1": joinWithin(bindParticles(withoutTitles(input.PlainWords(h.Person.FirstSurname)))),
		"apellido2": joinWithin(bindParticles(withoutTitles(input.PlainWords(h.Person.SecondSurname)))),
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
	for i > 0 && i < len(words)-1 && slices.Contains(strings.Fields(input.Particles), words[i]) {
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
