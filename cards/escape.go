package cards

import (
	"strings"
	"unicode"
)

// markdownEscaper escapes the characters that Teams' Markdown interprets anywhere in a text, and
// the brace because of {{DATE(…)}}.
var markdownEscaper = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`,
	`<`, `\<`, `>`, `\>`, `&`, `\&`, `~`, `\~`, `{`, `\{`)

// escape returns what a person typed as Markdown that shows it unchanged, on one line.
func escape(s string) string {
	s = flat(s)
	if i := blockMark(s); i >= 0 {
		return s[:i] + `\` + markdownEscaper.Replace(s[i:])
	}
	return markdownEscaper.Replace(s)
}

// blockMark returns the index of the character that makes the line a heading or a list item, as in
// "# x", "- x" and "1. x"; -1 if there is none.
func blockMark(s string) int {
	rest := strings.TrimLeft(s, "0123456789")
	i := len(s) - len(rest)
	switch {
	case rest == "":
		return -1
	case i == 0 && strings.IndexByte("#+-", rest[0]) >= 0, i > 0 && strings.IndexByte(".)", rest[0]) >= 0:
		return i
	}
	return -1
}

// zeroWidthJoiner joins several emoji into one.
const zeroWidthJoiner = '\u200d'

// flat puts a text on one line and removes invisible characters: controls, zero-width characters
// and marks of the writing direction.
func flat(s string) string {
	if isFlat(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != zeroWidthJoiner:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// isFlat reports whether flat would change nothing, which is true of nearly all texts: Latin
// letters with single spaces.
func isFlat(s string) bool {
	last := ' '
	for _, r := range s {
		if r < ' ' || r > '~' && r < '¡' || r > 'ɏ' || r == '\u00ad' || r == ' ' && last == ' ' {
			return false
		}
		last = r
	}
	return s == "" || last != ' '
}

// clip shortens a text to limit characters, an ellipsis included.
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
