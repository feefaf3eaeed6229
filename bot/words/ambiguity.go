package words

import (
	"regexp"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning/input"
)

var (
	asking      = regexp.MustCompile(`[?¿؟‽⁇⁈⁉❓❔]`)
	trailingOff = regexp.MustCompile(`[…‥⋯]|\.\s*\.`)

	// courteous matches a folded text of courtesies, or that only names the thing again.
	courteous = regexp.MustCompile(`^(?:` + usualMarks + `(?:por\s*favor|porfa|(?:muchas\s+|mil\s+)?gracias|saludos|ya|ahora|de\s+nuevo|otra\s+vez|ok(?:ay)?|si|` +
		`(?:(?:la|esta)\s+)?(?:solicitud|cuenta|tarjeta)|tod[oa]|please|thanks|thank\s+you|now|again|yes|(?:the|this)\s+(?:request|account|card)|it|this)\b)*` + usualMarks + `$`)

	// negated matches a "no" before a folio.
	negated = regexp.MustCompile(aimWords + `no\s+` + strings.TrimPrefix(aimWords, `(?is)^`) + numberSign + `\d{4}-\d{6}`)

	// takenBack matches a folded text that withdraws the command: "mejor no", "no, espera".
	takenBack = regexp.MustCompile(`^[\s:]*(?:(?:ya|aun|todavia|mejor|siempre|por favor|ahora|pues)[\s,]+)*` +
		`(?:no\s*[,.;!…][\s,.;!…]*(?:(?:espera|espere|nada|mejor|todavia|aun|olvidalo|perdon|disculpe?|cancel|gracias|(?:esta|es|era)\s+(?:bien|correct|asi)|asi)[^:]*)?|(?:(?:no|not|yet|espera|espere|nada|olvidalo|gracias|wait)\b[\s,.;!…]*)+)$`)
)

const usualMarks = `[\s.,;:!¡"'«»“”()*_–—👍👌✅🙏\x{FE0F}\x{1F3FB}-\x{1F3FF}-]*`

// Polite reports whether a text is empty or only courtesies.
func Polite(rest string) bool {
	return courteous.MatchString(input.Fold(rest)) && !Hesitant(rest)
}

// Hesitant reports whether a text has a question mark or an ellipsis.
func Hesitant(text string) bool { return Asks(text) || TrailsOff(text) }

// Asks reports whether a text has a question mark.
func Asks(text string) bool { return asking.MatchString(text) }

// TrailsOff reports whether a text has an ellipsis.
func TrailsOff(text string) bool { return trailingOff.MatchString(text) }

// Negates reports whether a text has a "no" before the folio that it begins with.
func Negates(text string) bool { return negated.MatchString(text) }

// TakesBack reports whether a text withdraws the command instead of giving a reason.
func TakesBack(text string) bool { return takenBack.MatchString(input.Fold(text)) }

// Before returns the part of a message before its last part rest: a greeting, the words of a
// command, and punctuation.
func Before(said, rest string) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(said), " "), rest)
}

var (
	stampWithin = regexp.MustCompile(`\b\d{4}-\d{6}(?:-\d{4})?\b`)
	anyLetter   = regexp.MustCompile(`\p{L}`)
)

// reasonBegins matches what separates the target of a command from its reason or instructions: a
// colon after a folio or number, or "con indicaciones".
var reasonBegins = regexp.MustCompile(`(?i)\d\s*:|\bcon\s+(?:indicaci|instrucci)|\bwith\s+instructions\b`)

// AimedAt returns the part of text, what follows a command, before the reason, which may name
// other requests. said is the whole message: the command itself may be followed by a colon.
func AimedAt(said, text string) string {
	if strings.HasSuffix(strings.TrimSpace(Before(said, text)), ":") {
		return ""
	}
	if at := reasonBegins.FindStringIndex(text); at != nil {
		return text[:at[1]]
	}
	return text
}

// OtherFolio returns the first folio or stamp in a text that is not part of about, a folio (with
// all its lines) or a stamp; "" for none.
func OtherFolio(text, about string) string {
	for _, named := range stampWithin.FindAllString(text, -1) {
		if named != about && !strings.HasPrefix(about, named+"-") && !strings.HasPrefix(named, about+"-") {
			return named
		}
	}
	return ""
}

// GivenReason returns a reason as typed; "" if it is only courtesies, punctuation or the folio.
func GivenReason(text string) string {
	if Polite(text) || !anyLetter.MatchString(stampWithin.ReplaceAllString(text, "")) {
		return ""
	}
	return ReasonOf(text)
}
