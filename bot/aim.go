package bot

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// aim is which request, or line of one, somebody's words are about, and what they say
// beside it.
type aim struct {
	folio provisioning.Folio // typed whole, "" otherwise
	line  int                // of its stamp, or typed behind it; 0 for none
	short string             // a number that may be a folio's: it finds, and nothing is done by it
	rest  string
}

const aimLead = `(?is)^(?:(?:de|del|la|el|con|por|favor|solicitud|folio|tr[aá]mite|n[uú]mero|of|the|request|number|please|no\.?)\s+)*#?`

var (
	folioAim = regexp.MustCompile(aimLead + `(\d{4}-\d{6})(?:-(\d{4}))?(?:[\s,]+(?:l[ií]nea|line|cuenta|account)\s+(\d{1,4}))?(?:[\s:,.;]+(.*))?$`)
	shortAim = regexp.MustCompile(aimLead + `(\d+)[\s.]*$`)
	oddFolio = regexp.MustCompile(aimLead + `(\d+-[\d-]*)(?:[\s:,.;].*)?$`)
)

// aimOf reads what follows a command's words.
func aimOf(rest string) aim {
	if found := folioAim.FindStringSubmatch(rest); found != nil {
		line, _ := strconv.Atoi(found[2] + found[3]) // one of them is ""
		if found[2] != "" && found[3] != "" {
			line, _ = strconv.Atoi(found[2])
		}
		return aim{folio: provisioning.Folio(found[1]), line: line, rest: strings.TrimSpace(found[4])}
	}
	for _, shape := range []*regexp.Regexp{shortAim, oddFolio} {
		if found := shape.FindStringSubmatch(rest); found != nil {
			return aim{short: found[1]}
		}
	}
	return aim{rest: strings.TrimSpace(rest)}
}

// linesTyped is what an approver leaves out: "2", "2, 4 y 7", "2-4", "a la 2".
var linesTyped = regexp.MustCompile(`(?is)^(?:(?:a|al|la|las|el|los|l[ií]neas?|n[uú]meros?|personas?|cuentas?|lines?|numbers?|people|no\.?)\s+)*` +
	`(` + lineItem + `(?:\s*(?:,\s*(?:(?:y|e|and)\s+)?|;\s*|&\s*|(?:y|e|and)\s+)` + lineItem + `)*)(?:[\s:,.;]+(.*))?$`)

const lineItem = `\d{1,4}(?:\s*(?:` + dash + `|(?:a|al|to)\s)\s*\d{1,4})?`

// unclearBehind is what cannot follow the numbers: another one, or what begins to name
// somebody else.
var unclearBehind = regexp.MustCompile(`(?i)^(?:\d|&|(?:y|e|and)\b)`)

// linesOf reads the numbers of the lines to be left out, and the reason behind them. ok is
// false where it is not beyond doubt which are meant: then nobody may be approved.
func linesOf(text string) (numbers []int, why string, ok bool) {
	found := linesTyped.FindStringSubmatch(text)
	if found == nil || unclearBehind.MatchString(found[2]) {
		return nil, "", false
	}
	for _, item := range anyItem.FindAllString(found[1], -1) {
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
	return slices.Compact(numbers), strings.TrimSpace(found[2]), true
}

var (
	anyItem   = regexp.MustCompile(`(?i)` + lineItem)
	anyNumber = regexp.MustCompile(`\d+`)
)

// reasonOf is a reason, or what is to be heeded, as it was typed behind a command: a
// mention in it is the person's name.
func reasonOf(rest string) string {
	named := mentionShape.ReplaceAllStringFunc(rest, func(mark string) string {
		return strings.TrimSuffix(mark[strings.Index(mark, ">")+1:], "</at>")
	})
	return strings.TrimLeft(named, " :,.;-–—")
}
