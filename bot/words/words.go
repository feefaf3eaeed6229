package words

import (
	"regexp"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Plain folds a text to compare it: lower case, no accents, no punctuation at its ends.
func Plain(s string) string {
	folded := strings.TrimFunc(provisioning.Fold(s), func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) })
	if folded == "" && strings.Contains(s, "?") {
		return "?"
	}
	return folded
}

// First returns the first word of a text, without the marks around it.
func First(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return strings.ToLower(strings.Trim(words[0], ".,;:#\"'"))
}

// Of returns the words of a text, folded, one space apart.
func Of(text string) string {
	return strings.Join(strings.FieldsFunc(provisioning.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// Clip returns at most n characters of a text.
func Clip(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}

// WithoutMentions returns a text without the mentions that stand in it.
func WithoutMentions(text string) string { return mentionShape.ReplaceAllString(text, " ") }

// mentionShape is a mention as it stands in a text.
var mentionShape = regexp.MustCompile(`(?s)<at\b[^>]*>.*?</at>`)
