package words

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// linesTyped matches the lines that an approver excludes: "2", "2, 4 y 7", "2-4", "a la 2".
var linesTyped = regexp.MustCompile(`(?is)^(?:(?:a|al|la|las|el|los|l[ií]neas?|n[uú]meros?|personas?|cuentas?|lines?|numbers?|people)\s+)*` + numberSign +
	`(` + lineItem + `(?:\s*(?:,\s*(?:(?:y|e|and)\s+)?|;\s*|&\s*|(?:y|e|and)\s+)` + lineItem + `)*)((?:[\s:,.;]+.*)?)$`)

const lineItem = `\d{1,4}(?:\s*(?:` + dash + `|(?:a|al|to)\s)\s*\d{1,4})?`

var (
	anyItem   = regexp.MustCompile(`(?i)` + lineItem)
	anyNumber = regexp.MustCompile(`\d+`)
	lastItem  = regexp.MustCompile(`(?i)(?:\b(?:y|e|and)\s+|&\s*)` + lineItem + `$`)
)

// Lines parses the numbers of the lines to be excluded, sorted, and the reason after them. ok is
// false if the numbers are ambiguous: then nothing may be approved.
func Lines(text string) (numbers []int, why string, ok bool) {
	found := linesTyped.FindStringSubmatch(strings.TrimLeft(text, betweenMarks))
	if found == nil {
		return nil, "", false
	}
	items := anyItem.FindAllString(found[1], -1)
	why, ok = reasonAfter(found[2], len(items) == 1 || lastItem.MatchString(found[1]))
	if !ok {
		return nil, "", false
	}
	for _, item := range items {
		ends := anyNumber.FindAllString(item, -1)
		first, _ := strconv.Atoi(ends[0])
		last, _ := strconv.Atoi(ends[len(ends)-1])
		if first < 1 || last < first || len(numbers)+last-first >= provisioning.MaxLines {
			return nil, "", false
		}
		for n := first; n <= last; n++ {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers), why, true
}

const (
	numberWords = `dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|ambos|ambas|two|three|four|five|six|seven|eight|nine|ten|both`
	moreWords   = `tambien|tampoco|ademas|asimismo|igualmente|todos|todas|demas|resto|adelante|siguientes?|ultim[oa]s?|excepto|salvo|` +
		`segund[oa]|tercer[oa]?|cuart[oa]|quint[oa]|also|too|either|neither|all|rest|others?|following|except`
)

var (
	courtesyBefore = regexp.MustCompile(`(?i)^[\s,.;]*(?:por\s*favor|porfa|gracias|please)\b`)
	breaksOff      = regexp.MustCompile(`^[\s,;:]*(?:\.\s*\.|[…‥⋯])`)
)

// Patterns of a folded text.
var (
	// reasonMark separates the numbers from the reason unambiguously.
	reasonMark = regexp.MustCompile(`^[\s,.;]*(?::[\s:,.;]*(?:motivo\b|reason\b)?|(?:por|porque|motivo|because|reason)\b)[\s:,.;]*`)

	// unclearStart matches what no reason begins with: another number, or a word that adds one.
	unclearStart = regexp.MustCompile(`^(?:[^\p{L}\p{N}\s]*\d|[&+/]|(?:y|e|o|u|ni|and|or|nor|tambien|tampoco|also|` + numberWords + `)\b)`)

	// unclearUnmarked matches what a reason without a mark does not begin with.
	unclearUnmarked = regexp.MustCompile(`^(?:[(…]|no\s+(?:es|son|el|la|los|las|lo|exclu\w*)\b|(?:not|con|with|personas|lineas|cuentas|docentes|alumnos|maestr[oa]s|centros|people|lines|accounts|teachers|students)\b|de\s+(?:los|las|ell[oa]s|est[oa]s|es[oa]s)\b|of\s+(?:the|them|these|those)\b)`)

	// mayNameMore matches what may exclude more people in a reason without a mark.
	mayNameMore = regexp.MustCompile(`\d|\b(?:` + numberWords + `|` + moreWords + `)\b`)
)

// reasonAfter parses what follows the numbers. Without a mark between the two, the reason must
// not contain anything that could be another number. closed reports whether the numbers end with
// "y" and the last one, or are only one.
func reasonAfter(tail string, closed bool) (why string, ok bool) {
	tail = tail[len(courtesyBefore.FindString(tail)):]
	folded := input.Fold(tail)
	mark := reasonMark.FindString(folded)
	reason := strings.TrimLeft(strings.TrimPrefix(folded, mark), betweenMarks)
	switch {
	case Asks(tail), breaksOff.MatchString(tail), unclearStart.MatchString(reason), takenBack.MatchString(reason):
		return "", false
	case mark != "" || reason == "":
	case !closed, unclearUnmarked.MatchString(reason), mayNameMore.MatchString(reason):
		return "", false
	}
	return strings.TrimLeft(tail, betweenMarks), true
}

const betweenMarks = " \n\t:,.;"

// AddsMore reports whether the text after a line begins with another number, or with a word that
// adds one; a reason does not.
func AddsMore(text string) bool { return unclearStart.MatchString(input.Fold(text)) }
