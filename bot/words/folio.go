package words

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// IsFolio reports whether a text is only a folio, or the number of one.
func IsFolio(text string) bool { return folioShape.MatchString(text) }

// NamesFolio reports whether a text contains a whole folio.
func NamesFolio(text string) bool { return folioWithin.MatchString(text) }

// folioShape matches a folio, or the number of one, alone.
var folioShape = regexp.MustCompile(`^\W*(\d{4}-\d{6}|\d{1,6})\W*$`)

// folioWithin matches a whole folio among other words.
var folioWithin = regexp.MustCompile(`\b\d{4}-\d{6}\b`)

// fillers are words between a command and what it is about.
var fillers = strings.Fields("de del la el las los mi mis su una un solicitud solicitudes folio numero tramite por favor " +
	"of the my a request requests number please")

// Subject returns what a command is about: the folio if one was typed, else the text without
// leading fillers.
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

// FolioIn returns the folio that a text begins with: whole, or by its number in the present
// year.
func FolioIn(text string, now time.Time) provisioning.Folio {
	word := First(text)
	if n, err := strconv.Atoi(word); err == nil && n > 0 && n < 1_000_000 {
		return provisioning.NewFolio(now.Year(), n)
	}
	return provisioning.Folio(word)
}
