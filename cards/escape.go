package cards

import (
	"strings"
	"unicode"
)

// live escapes the characters that Teams' Markdown reads wherever they stand.
// Braces are among them for {{DATE(…)}}.
var live = strings.NewReplacer(`\`, `\\`, "`", "\\`", `*`, `\*`, `_`, `\_`, `[`, `\[`, `]`, `\]`,
	`<`, `\<`, `>`, `\>`, `&`, `\&`, `~`, `\~`, `{`, `\{`)

// escape makes what a person typed stand in a TextBlock or Fact as it was typed,
// on one line.
func escape(s string) string {
	s = flat(s)
	if i := blockMark(s); i >= 0 {
		return s[:i] + `\` + live.Replace(s[i:])
	}
	return live.Replace(s)
}

// blockMark returns where the mark is that would make a heading or a list of the
// line, as in "# x", "- x" and "1. x"; -1 if there is none.
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

// joiner holds together the emoji of several, and is seen by its effect.
const joiner = '\u200d'

// flat puts a text on one line and drops what nobody sees: controls, characters without
// width, and the marks that turn the direction of writing.
func flat(s string) string {
	if isFlat(s) {
		return s
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Cf, r) && r != joiner:
			return -1
		}
		return r
	}, s)
	return strings.Join(strings.Fields(s), " ")
}

// isFlat reports whether flat would change nothing, as with nearly all that people
// type: Latin letters with single spaces between.
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
