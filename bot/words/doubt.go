package words

import (
	"regexp"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

var (
	asking      = regexp.MustCompile(`[?¿؟‽⁇⁈⁉❓❔]`)
	trailingOff = regexp.MustCompile(`[…‥⋯]|\.\s*\.`)

	// courteous is a folded text that says nothing: thanks, or the thing itself once more.
	courteous = regexp.MustCompile(`^(?:` + usualMarks + `(?:por\s*favor|porfa|(?:muchas\s+|mil\s+)?gracias|saludos|ya|ahora|de\s+nuevo|otra\s+vez|ok(?:ay)?|si|` +
		`(?:(?:la|esta)\s+)?(?:solicitud|cuenta|tarjeta)|tod[oa]|please|thanks|thank\s+you|now|again|yes|(?:the|this)\s+(?:request|account|card)|it|this)\b)*` + usualMarks + `$`)

	// negated says no before a folio: not that one, or not at all.
	negated = regexp.MustCompile(aimWords + `no\s+` + strings.TrimPrefix(aimWords, `(?is)^`) + numberSign + `\d{4}-\d{6}`)

	// takenBack is a folded text that is no reason but a second thought: "mejor no", "no, espera".
	takenBack = regexp.MustCompile(`^[\s:]*(?:(?:ya|aun|todavia|mejor|siempre|por favor|ahora|pues)[\s,]+)*` +
		`(?:no\s*[,.;!…][\s,.;!…]*(?:(?:espera|espere|nada|mejor|todavia|aun|olvidalo|perdon|disculpe?|cancel|gracias|(?:esta|es|era)\s+(?:bien|correct|asi)|asi)[^:]*)?|(?:(?:no|not|yet|espera|espere|nada|olvidalo|gracias|wait)\b[\s,.;!…]*)+)$`)
)

const usualMarks = `[\s.,;:!¡"'«»“”()*_–—👍👌✅🙏\x{FE0F}\x{1F3FB}-\x{1F3FF}-]*`

// Polite reports whether a text is empty, or says no more than courtesies do.
func Polite(rest string) bool {
	return courteous.MatchString(provisioning.Fold(rest)) && !Hesitant(rest)
}

// Hesitant reports whether a text asks something, or trails off.
func Hesitant(text string) bool { return Asks(text) || TrailsOff(text) }

// Asks reports whether a text asks something.
func Asks(text string) bool { return asking.MatchString(text) }

// TrailsOff reports whether a text ends, or breaks off, in dots.
func TrailsOff(text string) bool { return trailingOff.MatchString(text) }

// Negates reports whether a text says no before the folio that it begins with.
func Negates(text string) bool { return negated.MatchString(text) }

// TakesBack reports whether a text is no reason but a second thought.
func TakesBack(text string) bool { return takenBack.MatchString(provisioning.Fold(text)) }

// Before is what was typed of a message before the last part of it: a greeting, the words
// of a command, and the marks around them.
func Before(said, rest string) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(said), " "), rest)
}

var (
	stampWithin = regexp.MustCompile(`\b\d{4}-\d{6}(?:-\d{4})?\b`)
	anyLetter   = regexp.MustCompile(`\p{L}`)
)

// reasonBegins parts what an act is about from why, or from what is to be heeded: a colon
// behind a folio or a number.
var reasonBegins = regexp.MustCompile(`(?i)\d\s*:|\bcon\s+(?:indicaci|instrucci)|\bwith\s+instructions\b`)

// AimedAt is the part of what follows a command before its reason, which may name other
// requests. said is the whole message: behind the command itself a colon may stand.
func AimedAt(said, text string) string {
	if strings.HasSuffix(strings.TrimSpace(Before(said, text)), ":") {
		return ""
	}
	if at := reasonBegins.FindStringIndex(text); at != nil {
		return text[:at[1]]
	}
	return text
}

// Elsewhere returns the first folio, or stamp, in a text that is not of what an act is
// about: a folio with all its lines, or the stamp of one. "" for none.
func Elsewhere(text, about string) string {
	for _, named := range stampWithin.FindAllString(text, -1) {
		if named != about && !strings.HasPrefix(about, named+"-") && !strings.HasPrefix(named, about+"-") {
			return named
		}
	}
	return ""
}

// GivenReason is a reason as it was typed; "" for one that gives none: courtesies, marks,
// or the folio once more.
func GivenReason(text string) string {
	if Polite(text) || !anyLetter.MatchString(stampWithin.ReplaceAllString(text, "")) {
		return ""
	}
	return ReasonOf(text)
}
