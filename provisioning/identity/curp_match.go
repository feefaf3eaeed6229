package identity

import (
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// particles are the words that a CURP skips in names and surnames.
const particles = "DA DAS DE DEL DER DI DIE DD EL LA LAS LE LES LOS MAC MC VAN VON Y"

// commonGivenNames are skipped if another given name follows.
const commonGivenNames = "MARIA MA M JOSE J"

// inconvenient are the first four letters whose second letter a CURP replaces by X, from the annex
// of the Instructivo Normativo.
const inconvenient = "BACA BAKA BUEI BUEY CACA CACO CAGA CAGO CAKA CAKO COGE COGI COJA COJE COJI COJO COLA " +
	"CULO FALO FETO GETA GUEI GUEY JETA JOTO KACA KACO KAGA KAGO KAKA KAKO KOGE KOGI KOJA KOJE KOJI KOJO KOLA " +
	"KULO LILO LOCA LOCO LOKA LOKO MAME MAMO MEAR MEAS MEON MIAR MION MOCO MOKO MULA MULO NACA NACO PEDA PEDO " +
	"PENE PIPI PITO POPO PUTA PUTO QULO RATA ROBA ROBE ROBO RUIN SENO TETA VACA VAGA VAGO VAKA VUEI VUEY WUEI WUEY"

// Match compares the CURP with the name typed and returns a warning for each input that does not
// match its letters. It returns no errors, because the registry itself is inconsistent about Ñ
// (written X or N), about apostrophes and hyphens (written X or skipped), and about particles and
// old records. A generic CURP matches no name and has a warning of its own.
func (c CURP) Match(p Person) []problem.Warning {
	switch {
	case len(c) != curpLength:
		return nil
	case c.Generic():
		return []problem.Warning{{Reason: reasonCURPGeneric, Field: "curp"}}
	}
	first, second, given := surnameKey(p.FirstSurname), surnameKey(p.SecondSurname), c.givenNameKey(p.GivenNames)
	var warnings []problem.Warning
	first.unknown = first.unknown || strings.TrimSpace(p.FirstSurname) == ""
	given.unknown = given.unknown || strings.TrimSpace(p.GivenNames) == ""
	warn := func(field, reason string, matches bool) {
		if !matches {
			warnings = append(warnings, problem.Warning{Reason: reason, Field: field})
		}
	}
	hidden := first.marked || slices.Contains(strings.Fields(inconvenient), string([]rune{first.initial, first.vowel, second.initial, given.initial}))
	warn("firstSurname", reasonCURPFirstSurname, first.fits(c[0], c[13]) && (first.unknown || agrees(c[1], first.vowel) || hidden && c[1] == 'X'))
	warn("secondSurname", reasonCURPSecondSurname, second.fits(c[2], c[14]))
	warn("givenNames", reasonCURPGivenNames, given.fits(c[3], c[15]))
	return warnings
}

// nameKey are the letters that a CURP takes from one name.
type nameKey struct {
	initial   rune
	vowel     rune // the first one after the initial
	consonant rune // the first one after the initial
	marked    bool // written with an apostrophe, hyphen or point, for which a CURP may have X
	unknown   bool // written in letters that a CURP cannot contain: not compared
}

// fits reports whether a CURP's letters are the name's initial and consonant.
func (k nameKey) fits(initial, consonant byte) bool {
	return k.unknown || agrees(initial, k.initial) && (agrees(consonant, k.consonant) || k.marked && consonant == 'X')
}

// agrees reports whether a CURP's letter represents the name's: Ñ may be X or N.
func agrees(got byte, want rune) bool {
	return rune(got) == want || want == 'Ñ' && (got == 'X' || got == 'N')
}

// surnameKey uses the first word after the particles: "de la Cruz" → CRUZ, "Ponce de León" → PONCE.
// A surname of particles only is its last word.
func surnameKey(surname string) nameKey {
	key := wordKey(firstSignificant(nameWords(surname), particles))
	key.marked = strings.ContainsAny(plainMarks(surname), "'-./")
	return key
}

// givenNameKey uses the first given name, or the next if the first is one of the commonGivenNames:
// "María de los Ángeles" → ANGELES, "José María" → MARIA. Old records have JOSE there, so if all
// names are common the first is accepted too.
func (c CURP) givenNameKey(names string) nameKey {
	words := untitled(nameWords(names))
	key := wordKey(firstSignificant(words, particles+" "+commonGivenNames))
	key.marked = strings.ContainsAny(plainMarks(names), "'-./")
	if len(words) > 1 && isCommon(words) && !key.fits(c[3], c[15]) {
		return wordKey(words[0])
	}
	return key
}

// untitled removes titles before a name, which a CURP does not contain.
func untitled(words []string) []string {
	for len(words) > 1 && slices.Contains(strings.Fields(titles+" "+spelledTitles), strings.ToLower(words[0])) {
		words = words[1:]
	}
	return words
}

// isCommon reports whether a CURP skips all the words.
func isCommon(words []string) bool {
	passed := strings.Fields(particles + " " + commonGivenNames)
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(passed, w) })
}

// firstSignificant returns the first word that is not in skip, the last if all are.
func firstSignificant(words []string, skip string) string {
	passed := strings.Fields(skip)
	for i, w := range words {
		if i == len(words)-1 || !slices.Contains(passed, w) {
			return w
		}
	}
	return ""
}

// plainMarks returns s with plain apostrophes and hyphens.
func plainMarks(s string) string { return strings.Map(input.PlainMark, s) }

// nameWords splits a name at everything that is not a letter, and returns the words in capitals
// without accents. Apostrophes join: "D'Angelo" is one word.
func nameWords(name string) []string {
	name = strings.NewReplacer("'", "", "’", "", "-", " ", ".", " ", "ª", "", "º", "").Replace(name)
	words := strings.Fields(name)
	for i, w := range words {
		words[i] = normalizeKey(w)
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "" })
}

// wordKey returns a word's key. A letter that the word lacks is X, as are all of a missing word.
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
