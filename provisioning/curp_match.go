package provisioning

import (
	"slices"
	"strings"
)

// particles are the words that a CURP passes over in names and surnames.
const particles = "DA DAS DE DEL DER DI DIE DD EL LA LAS LE LES LOS MAC MC VAN VON Y"

// commonGivenNames are passed over when another given name follows.
const commonGivenNames = "MARIA MA M JOSE J"

// inconvenient are the first fours whose second letter a CURP replaces by X, from
// the annex of the Instructivo Normativo.
const inconvenient = "BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA " +
	"CULO FALO FETO GETA GUEI GUEY JETA JOTO KACA KACO KAGA KAGO KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA " +
	"KULO LILO LOCA LOCO LOKA LOKO MAME MAMO MEAR MEAS MEON MIAR MION MOCO MOKO MULA MULO NACA NACO PEDA PEDO " +
	"PENE PIPI PITO POPO PUTA PUTO QULO RATA ROBA ROBE ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY"

// Match compares the CURP with the name typed beside it and warns at each input
// that does not lead to its letters. The registry itself is not consistent about
// Ñ, which it writes X or N, and about particles and old records, so nothing here
// refuses.
func (c CURP) Match(p Person) []Warning {
	if len(c) != curpLength {
		return nil
	}
	first, second, given := surnameKey(p.FirstSurname), surnameKey(p.SecondSurname), givenNameKey(p.GivenNames)
	var warnings []Warning
	first.unknown = first.unknown || strings.TrimSpace(p.FirstSurname) == ""
	given.unknown = given.unknown || strings.TrimSpace(p.GivenNames) == ""
	warn := func(field, reason string, matches bool) {
		if !matches {
			warnings = append(warnings, Warning{Reason: reason, Field: field})
		}
	}
	vowel := first.vowel
	if c[1] == 'X' && slices.Contains(strings.Fields(inconvenient), string([]rune{first.initial, vowel, second.initial, given.initial})) {
		vowel = 'X'
	}
	warn("firstSurname", reasonCURPFirstSurname, first.unknown ||
		agrees(c[0], first.initial) && agrees(c[1], vowel) && agrees(c[13], first.consonant))
	warn("secondSurname", reasonCURPSecondSurname, second.unknown ||
		agrees(c[2], second.initial) && agrees(c[14], second.consonant))
	warn("givenNames", reasonCURPGivenNames, given.unknown ||
		agrees(c[3], given.initial) && agrees(c[15], given.consonant))
	return warnings
}

// nameKey is what a CURP takes of one name.
type nameKey struct {
	initial   rune
	vowel     rune // the first one after the initial
	consonant rune // the first one after the initial
	unknown   bool // written in letters that a CURP cannot hold: nothing to compare
}

// agrees reports whether a CURP's letter stands for the name's: Ñ may be X or N.
func agrees(got byte, want rune) bool {
	return rune(got) == want || want == 'Ñ' && (got == 'X' || got == 'N')
}

// surnameKey takes the first word after the particles: "de la Cruz" → CRUZ,
// "Ponce de León" → PONCE. A surname that is all particles is its first word.
func surnameKey(surname string) nameKey {
	return wordKey(firstSignificant(nameWords(surname), particles))
}

// givenNameKey takes the first given name, or the next where the first is one of
// the commonGivenNames: "María de los Ángeles" → ANGELES.
func givenNameKey(names string) nameKey {
	words := nameWords(names)
	return wordKey(firstSignificant(words, particles+" "+commonGivenNames))
}

func firstSignificant(words []string, skip string) string {
	passed := strings.Fields(skip)
	for _, w := range words {
		if !slices.Contains(passed, w) {
			return w
		}
	}
	if len(words) == 0 {
		return ""
	}
	return words[0]
}

// nameWords splits a name at everything that is no letter, in capitals without
// accents. Apostrophes join: "D'Angelo" is one word.
func nameWords(name string) []string {
	name = strings.NewReplacer("'", "", "’", "", "-", " ", ".", " ", "ª", "", "º", "").Replace(name)
	words := strings.Fields(name)
	for i, w := range words {
		words[i] = normalizeKey(w)
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// wordKey takes a word's letters. What a word has not is X, as is a missing word.
func wordKey(word string) nameKey {
	key := nameKey{initial: 'X', vowel: 'X', consonant: 'X'}
	hasVowel, hasConsonant := false, false
	for i, r := range word {
		vowel := strings.ContainsRune("AEIOU", r)
		switch {
		case !strings.ContainsRune(keyLetters+"Ñ", r):
			return nameKey{unknown: true}
		case i == 0:
			key.initial = r
		case vowel && !hasVowel:
			key.vowel, hasVowel = r, true
		case !vowel && !hasConsonant:
			key.consonant, hasConsonant = r, true
		}
	}
	return key
}
