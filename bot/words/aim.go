package words

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Aim is which request or line a typed text is about, and the text after it.
type Aim struct {
	Folio provisioning.Folio // if typed whole; "" otherwise
	Line  int                // of its stamp, or typed after it; 0 for none, -1 for an impossible one
	Short string             // a number that may be short for a folio: used to find, never to decide
	Rest  string

	After string // everything typed after the folio, with the line: "-0002: ya no labora"
}

// numberSign may precede a number. "no" without a period is none: it is a negation.
const numberSign = `(?:(?:n[uú]m\.?|no\.|n\.?\s?[º°]\.?)\s*)?#?`

// aimWords may precede the number of a request.
const aimWords = `(?is)^(?:(?:de|del|la|el|por\s+favor|solicitud|(?:con\s+(?:el\s+)?)?(?:folio|n[uú]mero):?|tr[aá]mite|of|the|request|number|please)\s+)*`

const aimLead = aimWords + numberSign

var (
	folioAim = regexp.MustCompile(aimLead + `(\d{4}-\d{6})((?:-(\d{4}))?(?:[\s,]+(?:l[ií]nea|line|cuenta|account)\s+(\d{1,4}))?(?:[\s:,.;]+(.*))?)$`)
	shortAim = regexp.MustCompile(aimLead + `(\d+)[\s.]*$`)
	oddFolio = regexp.MustCompile(aimLead + `(\d+-[\d-]*)(?:[\s:,.;].*)?$`)
)

// AimOf parses what follows a command's words.
func AimOf(rest string) Aim {
	if found := folioAim.FindStringSubmatch(rest); found != nil {
		return Aim{Folio: provisioning.Folio(found[1]), Line: lineTyped(found[3], found[4]), Rest: strings.TrimSpace(found[5]), After: found[2]}
	}
	for _, shape := range []*regexp.Regexp{shortAim, oddFolio} {
		if found := shape.FindStringSubmatch(rest); found != nil {
			return Aim{Short: found[1]}
		}
	}
	return Aim{Rest: strings.TrimSpace(rest)}
}

// lineTyped is the number of a line, typed as part of its stamp, after it, or both; -1 if they
// differ or are 0.
func lineTyped(stamped, behind string) int {
	line, _ := strconv.Atoi(cmp.Or(stamped, behind))
	other, _ := strconv.Atoi(cmp.Or(behind, stamped))
	if stamped+behind != "" && (line == 0 || line != other) {
		return -1
	}
	return line
}

// ReasonOf returns a reason, or instructions, as typed after a command; mentions become the
// person's name.
func ReasonOf(rest string) string {
	named := mentionShape.ReplaceAllStringFunc(rest, func(mark string) string {
		return strings.TrimSuffix(mark[strings.Index(mark, ">")+1:], "</at>")
	})
	return strings.TrimLeft(named, " :,.;-–—")
}

// lineWithin matches a line named in a text.
var lineWithin = regexp.MustCompile(`(?i)\b(?:l[ií]nea|line)s?\s+` + numberSign + `(\d{1,4})\b`)

// OtherLine returns the first line named in a text that has another number, as typed; "" for
// none.
func OtherLine(text string, number int) string {
	for _, found := range lineWithin.FindAllStringSubmatch(text, -1) {
		if found[1] != strconv.Itoa(number) {
			return found[0]
		}
	}
	return ""
}
