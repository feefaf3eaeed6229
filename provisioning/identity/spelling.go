package identity

import (
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Spellings returns the ways in which the holder's name may be written in a directory that others
// filled: given names first or, as on school rolls, surnames first; each as typed, without accents,
// and also without Ñ. Case is left to the directory.
func (h Holder) Spellings() []string {
	var all []string
	for _, name := range h.orders() {
		for _, spelled := range []string{name, dropMarks(name, keepTilde), dropMarks(name, nil)} {
			if spelled != "" && !slices.Contains(all, spelled) {
				all = append(all, spelled)
			}
		}
	}
	return all
}

// Named reports whether a display name is the holder's, regardless of order, accents, case, commas
// and spaces.
func (h Holder) Named(display string) bool {
	return display != "" && slices.ContainsFunc(h.orders(), func(name string) bool { return foldName(name) == foldName(display) })
}

// Misnamed reports whether a name is wholly different from the holder's, so that the key may be
// another person's. It is false for work centres, whose names change.
func (h Holder) Misnamed(name string) bool {
	return h.Type != WorkCentre && Apart(h.DisplayName(), name)
}

// Apart reports whether two names of people have no word in common, ignoring accents, case,
// particles and initials. It is false if a name has fewer than two words.
func Apart(one, other string) bool {
	words := tellingWords(one)
	others := tellingWords(other)
	return len(words) > 1 && len(others) > 1 &&
		!slices.ContainsFunc(words, func(w string) bool { return slices.Contains(others, w) })
}

// tellingWords returns the words of a name that distinguish people.
func tellingWords(name string) []string {
	passed := strings.Fields(particles)
	return slices.DeleteFunc(nameWords(strings.ReplaceAll(name, ",", " ")), func(w string) bool {
		return len([]rune(w)) < 2 || slices.Contains(passed, w)
	})
}

// orders returns the holder's name with the given names first and, for a person,
// last.
func (h Holder) orders() []string {
	name := h.DisplayName()
	if h.Type == WorkCentre {
		return []string{name}
	}
	p := h.Person
	return []string{name, strings.Join(strings.Fields(p.FirstSurname+" "+p.SecondSurname+" "+p.GivenNames), " ")}
}

// foldName returns a name in small letters, without diacritics and commas, with single spaces.
func foldName(s string) string {
	s = strings.ReplaceAll(strings.ToLower(s), ",", " ")
	return dropMarks(strings.Join(strings.Fields(s), " "), nil)
}

// keepTilde keeps the tilde of Ñ.
func keepTilde(base, mark rune) bool { return mark == '\u0303' && (base == 'n' || base == 'N') }

// dropMarks returns s without diacritics, except those for which keep returns true.
func dropMarks(s string, keep func(base, mark rune) bool) string {
	var b strings.Builder
	base := ' '
	for _, r := range norm.NFD.String(s) {
		mark := r >= 0x300 && r <= 0x36f
		if mark && (keep == nil || !keep(base, r)) {
			continue
		}
		if !mark {
			base = r
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// distinct returns the words once each, sorted.
func distinct(words []string) []string {
	slices.Sort(words)
	return slices.Compact(words)
}

// Agrees reports whether a name recorded with the holder's key matches: each word that
// distinguishes people in the shorter of the two is in the other, at least two. Nothing is
// disclosed to a person who has a CURP and guesses the name. Work centres always match: their names
// are public.
func (h Holder) Agrees(name string) bool {
	if h.Type == WorkCentre || h.Named(name) {
		return true
	}
	few, many := distinct(tellingWords(h.DisplayName())), distinct(tellingWords(name))
	if len(few) > len(many) {
		few, many = many, few
	}
	return len(few) > 1 && !slices.ContainsFunc(few, func(w string) bool { return !slices.Contains(many, w) })
}
