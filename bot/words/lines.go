package words

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// linesTyped is what an approver leaves out: "2", "2, 4 y 7", "2-4", "a la 2".
var linesTyped = regexp.MustCompile(`(?is)^(?:(?:a|al|la|las|el|los|l[ií]neas?|n[uú]meros?|personas?|cuentas?|lines?|numbers?|people)\s+)*` + numberSign +
	`(` + lineItem + `(?:\s*(?:,\s*(?:(?:y|e|and)\s+)?|;\s*|&\s*|(?:y|e|and)\s+)` + lineItem + `)*)((?:[\s:,.;]+.*)?)$`)

const lineItem = `\d{1,4}(?:\s*(?:` + dash + `|(?:a|al|to)\s)\s*\d{1,4})?`

var (
	anyItem   = regexp.MustCompile(`(?i)` + lineItem)
	anyNumber = regexp.MustCompile(`\d+`)
	lastItem  = regexp.MustCompile(`(?i)(?:\b(?:y|e|and)\s+|&\s*)` + lineItem + `$`)
)

// Lines reads the numbers of the lines to be left out, and the reason behind them. ok is
// false where it is not beyond doubt which are meant: then nobody may be approved.
func Lines(text string) (numbers []int, why string, ok bool) {
	found := linesTyped.FindStringSubmatch(strings.TrimLeft(text, betweenMarks))
	if found == nil {
		return nil, "", false
	}
	items := anyItem.FindAllString(found[1], -1)
	why, ok = reasonBehind(found[2], len(items) == 1 || lastItem.MatchString(found[1]))
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

// Of a folded text:
var (
	// reasonMark stands between the numbers and the reason, and parts them beyond doubt.
	reasonMark = regexp.MustCompile(`^[\s,.;]*(?::[\s:,.;]*(?:motivo\b|reason\b)?|(?:por|porque|motivo|because|reason)\b)[\s:,.;]*`)

	// unclearBehind is what no reason begins with: another number, or what adds somebody.
	unclearBehind = regexp.MustCompile(`^(?:[^\p{L}\p{N}\s]*\d|[&+/]|(?:y|e|o|u|ni|and|or|nor|tambien|tampoco|also|` + numberWords + `)\b)`)

	// unclearUnmarked is what a reason without a mark does not begin with.
	unclearUnmarked = regexp.MustCompile(`^(?:[(…]|no\s+(?:es|son|el|la|los|las|lo|exclu\w*)\b|(?:not|con|with|personas|lineas|cuentas|docentes|alumnos|maestr[oa]s|centros|people|lines|accounts|teachers|students)\b|de\s+(?:los|las|ell[oa]s|est[oa]s|es[oa]s)\b|of\s+(?:the|them|these|those)\b)`)

	// mayNameMore is what may leave out more people in a reason without a mark.
	mayNameMore = regexp.MustCompile(`\d|\b(?:` + numberWords + `|` + moreWords + `)\b`)
)

// reasonBehind reads what follows the numbers. Where no mark parts the two, the reason may
// hold nothing that could be more of them; closed reports whether "y" stands before the
// last number, or there is only one.
func reasonBehind(tail string, closed bool) (why string, ok bool) {
	tail = tail[len(courtesyBefore.FindString(tail)):]
	folded := provisioning.Fold(tail)
	mark := reasonMark.FindString(folded)
	reason := strings.TrimLeft(strings.TrimPrefix(folded, mark), betweenMarks)
	switch {
	case Asks(tail), breaksOff.MatchString(tail), unclearBehind.MatchString(reason), takenBack.MatchString(reason):
		return "", false
	case mark != "" || reason == "":
	case !closed, unclearUnmarked.MatchString(reason), mayNameMore.MatchString(reason):
		return "", false
	}
	return strings.TrimLeft(tail, betweenMarks), true
}

const betweenMarks = " \n\t:,.;"

// AddsMore reports whether what follows a line begins with another number, or with what
// adds somebody: no reason does.
func AddsMore(text string) bool { return unclearBehind.MatchString(provisioning.Fold(text)) }
