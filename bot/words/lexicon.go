package words

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
)

// Asked is a command as it was typed: its name, "" for none, and what followed its words.
type Asked struct{ Name, Rest string }

// Lexicon are the words by which commands are known, in every language. Accents and capitals
// make no difference; of two that fit the longer is meant.
type Lexicon struct {
	names map[string]string // by word
	hints []hint
}

// hint is a word that is no command and tells what somebody is after.
type hint struct{ word, name string }

// Commands that others are read by: behind a greeting, or thanks, stands what is asked for; a
// folio asks for its state, also behind the word that begins a form.
const (
	greeting = "hello"
	thanks   = "thanks"
	begin    = "begin"
	status   = "status"
)

// Add has a command known by its words, folded as Plain does, and guessed by its hints too. It
// is an error where a word is another command's.
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

// Read reads what was typed: behind a greeting, what is asked for.
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

// read reads what a text begins with. What is no command has no name. A folio among words
// that are none asks for its state; a picture alone is a nod.
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

// longestGuessed bounds what is read to guess, in characters.
const longestGuessed = 200

// Guess returns which of the commands named has a word that stands in the text, or nearly; ""
// where none does.
func (l *Lexicon) Guess(text string, names []string) string {
	best, least := "", maxWrong+1
	if denial.MatchString(text) {
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return slices.Contains(approvals, name) })
	}
	for typed := range strings.FieldsSeq(Clip(text, longestGuessed)) {
		for _, h := range l.hints {
			wrong := mistyped(Plain(typed), h.word)
			nearer := wrong < least || wrong == least && h.name < best // their order says nothing
			if nearer && slices.Contains(names, h.name) {
				best, least = h.name, wrong
			}
		}
	}
	return best
}

// denial is of a text that says no: what approves is not what it comes near to.
var denial = regexp.MustCompile(`(?i)\b(?:no|not|nunca|tampoco)\b`)

// approvals are the commands that approve.
var approvals = []string{"turn", "authorize"}
