package cards

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/provisioning"
)

// rest names, in one sentence, those of a completed request for whom no account was created, and why:
// "Ya tenía cuenta Ana Gil; quedó fuera Luis Ibarra: Ya no labora ahí." Of a list it says how many they are.
// Whom the requester took out by a correction is not mentioned.
func (t *Texts) rest(d RequestView) string {
	if d.Request.Lines > MaxPeople {
		if n := d.Tally[provisioning.AccountExists] + d.Tally[provisioning.AccountExcluded]; n > 0 {
			return t.count("notice.rest", n)
		}
		return ""
	}
	var had []string
	var reasons []string // in the order of the lines
	out := make(map[string][]string)
	for _, a := range d.Accounts {
		name := clip(flat(a.Holder.DisplayName()), 80)
		switch {
		case name == "": // erased
		case a.State == provisioning.AccountExists:
			had = append(had, name)
		case a.State == provisioning.AccountExcluded && a.Note != noteCorrected:
			why := t.why(a)
			if !slices.Contains(reasons, why) {
				reasons = append(reasons, why)
			}
			out[why] = append(out[why], name)
		}
	}
	var parts []string
	if len(had) > 0 {
		parts = append(parts, t.count("notice.had", len(had), "names", t.enumerate(had)))
	}
	for _, why := range reasons {
		parts = append(parts, t.leftOut(out[why], why))
	}
	return sentence(parts)
}

// leftOut names who was left out for one reason; why may be "".
func (t *Texts) leftOut(names []string, why string) string {
	text := t.count("notice.left_out", len(names), "names", t.enumerate(names))
	if why != "" {
		text += ": " + escape(why)
	}
	return text
}

// why is the reason for which a line was left out.
func (t *Texts) why(a provisioning.Account) string {
	switch {
	case isFolio(a.Note) && a.Guarded:
		return t.fixed["notice.why_pending_guarded"]
	case isFolio(a.Note):
		return t.plain("notice.why_pending", "folio", a.Note)
	}
	return strings.TrimRight(clip(flat(a.Note), maxComment), " .") // as it was typed: it may begin with a name
}

// enumerate joins names: "Ana Gil, Luis Ibarra e Irma Soto".
func (t *Texts) enumerate(names []string) string {
	if len(names) == 0 {
		return ""
	}
	last := names[len(names)-1]
	if len(names) == 1 {
		return last
	}
	key := "names.and"
	if soundsLikeI(last) {
		key = "names.and_i"
	}
	return t.plain(key, "first", strings.Join(names[:len(names)-1], ", "), "last", last)
}

// soundsLikeI reports whether a Spanish word begins with the sound of "i", before which "y" is "e".
func soundsLikeI(word string) bool {
	word = strings.ToLower(word)
	for _, glide := range []string{"hia", "hie", "hio", "ia", "ie", "io"} {
		if strings.HasPrefix(word, glide) {
			return false
		}
	}
	for _, start := range []string{"i", "í", "hi", "hí", "y "} {
		if strings.HasPrefix(word, start) {
			return true
		}
	}
	return false
}

// sentence joins parts to one sentence.
func sentence(parts []string) string {
	if len(parts) == 0 {
		return ""
	}
	return upperFirst(strings.Join(parts, "; ")) + "."
}

func upperFirst(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}
