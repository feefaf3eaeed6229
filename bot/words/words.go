package words

import (
	"regexp"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning/input"
)

// Plain folds a text for comparison: lower case, no accents, no punctuation at its ends.
func Plain(s string) string {
	folded := strings.TrimFunc(input.Fold(s), func(r rune) bool { return unicode.IsPunct(r) || unicode.IsSpace(r) })
	if folded == "" && strings.Contains(s, "?") {
		return "?"
	}
	return folded
}

// First returns the first word of a text in lower case, without punctuation around it.
func First(text string) string {
	words := strings.Fields(text)
	if len(words) == 0 {
		return ""
	}
	return strings.ToLower(strings.Trim(words[0], ".,;:#\"'"))
}

// Of returns the words of a text, folded and separated by one space.
func Of(text string) string {
	return strings.Join(strings.FieldsFunc(input.Fold(text), func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), " ")
}

// Clip returns at most n characters of a text.
func Clip(s string, n int) string {
	for i := range s {
		if n == 0 {
			return s[:i]
		}
		n--
	}
	return s
}

// WithoutMentions returns a text with its mentions replaced by spaces.
func WithoutMentions(text string) string { return mentionShape.ReplaceAllString(text, " ") }

// mentionShape matches a mention in a text.
var mentionShape = regexp.MustCompile(`(?s)<at\b[^>]*>.*?</at>`)
