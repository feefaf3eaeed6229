package words

import (
	"slices"
	"strings"
	"sync"
)

// Intent is what a sentence asks for; "" if it is not understood. One that a command answers has the
// name of that command.
type Intent string

// The intents that no command answers.
const (
	Account    Intent = "account"    // to have an account made
	Close      Intent = "close"      // to close the account of somebody who left
	Reactivate Intent = "reactivate" // to open a closed account again
	Rename     Intent = "naming"     // to change the name or address of an account
	Recover    Intent = "recovery"   // a password that was forgotten, an account that does not let in
	Code       Intent = "code"       // the second factor of a sign-in
	Handover   Intent = "handover"   // where the temporary password is shown
	Wait       Intent = "wait"       // how long it takes
	Correct    Intent = "correct"    // to correct what was sent
	Exists     Intent = "exists"     // whether somebody has an account, and which
	Seats      Intent = "licences"   // how many licences are left, and who waits for one
	Person     Intent = "person"     // to talk to somebody
	Hours      Intent = "hours"      // when and where the office is open
	Complaint  Intent = "complaint"
	Deciders   Intent = "deciders" // who authorises
	Needs      Intent = "needs"    // what must be at hand
	Turned     Intent = "turned"   // an approver says that it is done
	Decide     Intent = "decide"   // an approver approves, not in the words of a command
	Return     Intent = "returned" // an approver returns, not in the words of a command
	Topic      Intent = "topic"    // something about an account, not clear what
	Standin    Intent = "standin"  // who decides in an approver's absence
	SpanishNow Intent = "spanish"
	EnglishNow Intent = "english"
)

// The intents that a command answers, by its name.
const (
	toStatus  Intent = "status"
	toMine    Intent = "mine"
	toCancel  Intent = "cancel"
	toList    Intent = "list"
	toLetter  Intent = "letter"
	toButtons Intent = "buttons"
	toHelp    Intent = "help"
	toPending Intent = "pending"
	toPrivacy Intent = "privacy"
	toReport  Intent = "report"
	toHello   Intent = "hello"
	toThanks  Intent = "thanks"
)

// byCommand are the intents that a command answers. The commands only show something.
var byCommand = []Intent{toStatus, toMine, toCancel, toList, toLetter, toButtons, toHelp, toPending, toPrivacy, toReport, toHello, toThanks}

// Command returns the name of the command that answers an intent, typed without more; "" for none.
func (i Intent) Command() string {
	if slices.Contains(byCommand, i) {
		return string(i)
	}
	return ""
}

// Intents returns every intent that a sentence may have.
func Intents() (all []Intent) {
	for _, r := range intentRules {
		if !slices.Contains(all, r.intent) {
			all = append(all, r.intent)
		}
	}
	return all
}

// rule is one way of asking for something: every concept of all occurs, and none of none.
type rule struct {
	intent    Intent
	all, none []string
}

// IntentOf returns what a sentence asks for: the intent of the first of the rules that matches.
// Nothing may be done because of it alone: it selects an answer.
func IntentOf(text string) Intent {
	in := index().read(spelled(text))
	for _, r := range intentRules {
		missing := func(concept string) bool { return !in[concept] }
		if !slices.ContainsFunc(r.all, missing) && !slices.ContainsFunc(r.none, func(concept string) bool { return in[concept] }) {
			if r.intent == Decide && denial.MatchString(text) {
				return "" // "no turnar": approving is not suggested
			}
			return r.intent
		}
	}
	return ""
}

// SentByMe reports whether a text speaks of what its writer sent: "lo que pedí la semana pasada".
func SentByMe(text string) bool { return index().read(spelled(text))["sent"] }

// OfAccounts reports whether an intent is about an account, as requesters have it.
func OfAccounts(i Intent) bool {
	return slices.Contains([]Intent{Account, Close, Reactivate, Rename, Recover, Code, Handover}, i)
}

// phrase is a way of saying a concept: words in sequence, as they sound. The last may be a stem.
type phrase struct {
	concept string
	words   []string
	stem    bool
}

// phrases are the ways of saying all concepts, by the first two letters of the first word.
type phrases struct {
	by    map[string][]phrase
	known map[string][]string // words of the concepts, by the first letter
}

// index parses the concepts once.
var index = sync.OnceValue(func() phrases {
	p := phrases{by: make(map[string][]phrase), known: make(map[string][]string)}
	for concept, ways := range concepts {
		for way := range strings.FieldsSeq(ways) {
			way, stem := strings.CutSuffix(way, "*")
			said := strings.Split(way, "_")
			for i, word := range said {
				said[i] = sound(word)
				p.remember(said[i])
			}
			p.add(phrase{concept, said, stem})
			if last := said[len(said)-1]; stem && strings.HasSuffix(last, "k") { // "fallec" is followed by an i, and "loc" by an a
				p.add(phrase{concept, append(said[:len(said)-1:len(said)-1], strings.TrimSuffix(last, "k")+"s"), stem})
			}
		}
	}
	for word := range strings.FieldsSeq(ordinaryWords) {
		p.remember(sound(word))
	}
	return p
})

func (p phrases) add(way phrase) {
	p.by[initial(way.words[0])] = append(p.by[initial(way.words[0])], way)
}

func (p phrases) remember(word string) {
	if key := word[:1]; !slices.Contains(p.known[key], word) {
		p.known[key] = append(p.known[key], word)
	}
}

func initial(word string) string { return word[:min(2, len(word))] }

// read returns the concepts in a sentence.
func (p phrases) read(said []string) map[string]bool {
	for i, word := range said {
		said[i] = p.corrected(word)
	}
	found := make(map[string]bool)
	for i, word := range said {
		for _, way := range p.by[initial(word)] {
			if !found[way.concept] && way.begins(said[i:]) {
				found[way.concept] = true
			}
		}
	}
	return found
}

func (w phrase) begins(said []string) bool {
	if len(said) < len(w.words) {
		return false
	}
	last := len(w.words) - 1
	if !slices.Equal(said[:last], w.words[:last]) {
		return false
	}
	return said[last] == w.words[last] || w.stem && strings.HasPrefix(said[last], w.words[last])
}

// leastCorrected is the least length of a word whose misspelling is read as that word. Shorter words
// are one letter from too many others.
const leastCorrected = 6

// corrected returns the only word of the concepts that is one letter, or two exchanged letters, from
// the typed one; the typed one if it is a word of its own.
func (p phrases) corrected(typed string) string {
	known := p.known[typed[:1]]
	if len(typed) < leastCorrected-1 || slices.Contains(known, typed) {
		return typed
	}
	nearest := ""
	for _, word := range known {
		if strings.HasPrefix(typed, word) && len(word) >= leastCorrected-1 {
			return typed // an inflection of a stem
		}
		if max(len(word), len(typed)) < leastCorrected || len(word) < leastCorrected-1 || !oneWrong(typed, word) {
			continue
		}
		if nearest != "" {
			return typed
		}
		nearest = word
	}
	if nearest == "" {
		return typed
	}
	return nearest
}

// oneWrong reports whether two words differ in one letter, in one that is missing, or in two
// neighbours that are exchanged.
func oneWrong(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > 1 {
		return false
	}
	i := 0
	for i < len(a) && a[i] == b[i] {
		i++
	}
	if len(a) < len(b) {
		return a[i:] == b[i+1:]
	}
	return i < len(a) && (a[i+1:] == b[i+1:] || i+1 < len(a) && a[i] == b[i+1] && a[i+1] == b[i] && a[i+2:] == b[i+2:])
}
