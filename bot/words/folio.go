package words

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// IsFolio reports whether a text is a folio, or the number of one, and nothing else.
func IsFolio(text string) bool { return folioShape.MatchString(text) }

// NamesFolio reports whether a whole folio stands in a text.
func NamesFolio(text string) bool { return folioWithin.MatchString(text) }

// folioShape is a folio, or the number of one, as a person types it alone.
var folioShape = regexp.MustCompile(`^\W*(\d{4}-\d{6}|\d{1,6})\W*$`)

// folioWithin is a whole folio among other words.
var folioWithin = regexp.MustCompile(`\b\d{4}-\d{6}\b`)

// fillers are words that stand between a command and what it is about.
var fillers = strings.Fields("de del la el las los mi mis su una un solicitud solicitudes folio numero tramite por favor " +
	"of the my a request requests number please")

// Subject is what a command is about: the folio where one was typed, the rest of what
// was typed otherwise, without the words before it that say nothing.
func Subject(rest string) string {
	if folio := folioWithin.FindString(rest); folio != "" {
		return folio
	}
	words := strings.Fields(rest)
	for len(words) > 0 && slices.Contains(fillers, Plain(words[0])) {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// FolioIn returns the folio that a text begins with: whole, or by its number alone, of the
// year now.
func FolioIn(text string, now time.Time) provisioning.Folio {
	word := First(text)
	if n, err := strconv.Atoi(word); err == nil && n > 0 && n < 1_000_000 {
		return provisioning.NewFolio(now.Year(), n)
	}
	return provisioning.Folio(word)
}
