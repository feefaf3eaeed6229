package words

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Asked is a typed command: its name, "" for none, and the text after its words.
type Asked struct{ Name, Rest string }

// Lexicon maps words to commands, in both languages. Accents and capitals are ignored; the
// longest match counts.
type Lexicon struct {
	names map[string]string // by word
	hints []hint
}

// hint is a word that suggests a command.
type hint struct{ word, name string }

// Commands with rules of their own: after a greeting or thanks comes the actual command; a
// folio asks for its status, also after a word that begins a form.
const (
	greeting = "hello"
	thanks   = "thanks"
	begin    = "begin"
	status   = "status"
)

// Add adds a command with its words, folded as by Plain, and hints. It returns an error if a
// word belongs to another command.
func (l *Lexicon) Add(name string, words, hints []string) error {
	if l.names == nil {
		l.names = make(map[string]string)
	}
	for _, word := range words {
		if other, taken := l.names[word]; taken {
			return fmt.Errorf("%q is said for %s and for %s", word, other, name)
		}
		l.names[word] = name
		l.hints = append(l.hints, hint{word, name})
	}
	for _, word := range hints {
		l.hints = append(l.hints, hint{word, name})
	}
	return nil
}

const longestCommand = 3 // words

// Read parses a typed text; greetings before a command are skipped.
func (l *Lexicon) Read(text string) Asked {
	c := l.read(text)
	for range longestCommand {
		asked := l.read(c.Rest)
		if c.Name != greeting && c.Name != thanks || asked.Name == "" {
			break
		}
		c = asked
	}
	return c
}

// read parses the beginning of a text. The name is "" if it is no command. A folio without a
// command asks for its status; an emoji alone counts as thanks.
func (l *Lexicon) read(text string) Asked {
	typed := strings.Fields(text)
	for n := min(longestCommand, len(typed)); n > 0; n-- {
		name, ok := l.names[Plain(strings.Join(typed[:n], " "))]
		rest := strings.Join(typed[n:], " ")
		if ok && name == begin && IsFolio(Subject(rest)) {
			name = status
		}
		if ok {
			return Asked{name, rest}
		}
	}
	all := strings.Join(typed, " ")
	switch {
	case NamesFolio(all):
		return Asked{status, all}
	case all != "" && !strings.ContainsFunc(all, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return Asked{Name: thanks}
	}
	return Asked{Rest: all}
}

// longestGuessed bounds the text that Guess reads, in characters.
const longestGuessed = 200

// Guess returns which of the named commands has a word nearest to one in the text; "" if none is
// near.
func (l *Lexicon) Guess(text string, names []string) string {
	best, least := "", maxWrong+1
	if denial.MatchString(text) {
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(approvals, name) })
	}
	for typed := range strings.FieldsSeq(Clip(text, longestGuessed)) {
		for _, h := range l.hints {
			wrong := mistyped(Plain(typed), h.word)
			nearer := wrong < least || wrong == least && h.name < best // ties by name, since names are in no order
			if nearer && slices.Contains(names, h.name) {
				best, least = h.name, wrong
			}
		}
	}
	return best
}

// denial matches a negation: approving commands are not suggested for it.
var denial = regexp.MustCompile(`(?i)\b(?:no|not|nunca|tampoco)\b`)

// approvals are the commands that approve.
var approvals = []string{"turn", "authorize"}
