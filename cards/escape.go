package cards

import (
	"strings"
	"unicode"
)

// live are the characters that Teams' Markdown reads wherever they stand. Braces
// are among them for {{DATE(…)}}.
const live = "\\`*_[]<>&~{"

// escape makes what a person typed stand in a TextBlock or Fact as it was typed,
// on one line.
func escape(s string) string {
	s = flat(s)
	var b strings.Builder
	for i, r := range s {
		if strings.ContainsRune(live, r) || startsBlock(s, i, r) {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
	return b.String()
}

// startsBlock reports whether the rune at i would open a heading, a quotation or
// a list, as in "# x", "- x" and "1. x".
func startsBlock(s string, i int, r rune) bool {
	switch r {
	case '#', '+', '-':
		return i == 0
	case '.', ')':
		return i > 0 && strings.Trim(s[:i], "0123456789") == ""
	}
	return false
}

// flat puts a text on one line and drops what nobody sees: controls, and the
// marks that turn the direction of writing.
func flat(s string) string {
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r):
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// clip cuts a text to a number of characters, with an ellipsis where it was longer.
func clip(s string, limit int) string {
	runes := []rune(s)
	if len(runes) <= limit {
		return s
	}
	return strings.TrimSpace(string(runes[:limit-1])) + "…"
}

func escaped(args map[string]string) map[string]string {
	if args == nil {
		return nil
	}
	safe := make(map[string]string, len(args))
	for k, v := range args {
		safe[k] = escape(v)
	}
	return safe
}
