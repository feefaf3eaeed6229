package bot

import (
	"regexp"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Words are an act only where they are beyond doubt. What asks, trails off or is followed
// by something that is not understood decides nothing.

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

// polite reports whether a text is empty, or says no more than courtesies do.
func polite(rest string) bool {
	return courteous.MatchString(provisioning.Fold(rest)) && !hesitant(rest)
}

// hesitant reports whether a text asks something, or trails off.
func hesitant(text string) bool { return asking.MatchString(text) || trailingOff.MatchString(text) }

// before is what was typed of a message before the last part of it: a greeting, the words
// of a command, and the marks around them.
func before(said, rest string) string {
	return strings.TrimSuffix(strings.Join(strings.Fields(said), " "), rest)
}

var (
	stampWithin = regexp.MustCompile(`\b\d{4}-\d{6}(?:-\d{4})?\b`)
	anyLetter   = regexp.MustCompile(`\p{L}`)
)

// reasonBegins parts what an act is about from why, or from what is to be heeded: a colon
// behind a folio or a number.
var reasonBegins = regexp.MustCompile(`(?i)\d\s*:|\bcon\s+(?:indicaci|instrucci)|\bwith\s+instructions\b`)

// aimedAt is the part of what follows a command before its reason, which may name other
// requests. said is the whole message: behind the command itself a colon may stand.
func aimedAt(said, text string) string {
	if strings.HasSuffix(strings.TrimSpace(before(said, text)), ":") {
		return ""
	}
	if at := reasonBegins.FindStringIndex(text); at != nil {
		return text[:at[1]]
	}
	return text
}

// elsewhere returns the first folio, or stamp, in a text that is not of what an act is
// about: a folio with all its lines, or the stamp of one. "" for none.
func elsewhere(text, about string) string {
	for _, named := range stampWithin.FindAllString(text, -1) {
		if named != about && !strings.HasPrefix(about, named+"-") && !strings.HasPrefix(named, about+"-") {
			return named
		}
	}
	return ""
}

// givenReason is a reason as it was typed; "" for one that gives none: courtesies, marks,
// or the folio once more.
func givenReason(text string) string {
	if polite(text) || !anyLetter.MatchString(stampWithin.ReplaceAllString(text, "")) {
		return ""
	}
	return reasonOf(text)
}
