package attention

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// remedy is a typed command that settles a line.
type remedy struct {
	verb    string // of the equivalent button
	entry   string // object id of the named account
	address string // as typed; "" for none
	comment string
	unclear string // key of the reply to an ambiguous command; "" if it is clear
}

// readRemedy parses a command of remedyWords. rest is what followed it and the folio; said is
// the whole message.
func readRemedy(said string, c words.Asked, rest string, view cards.Attention) remedy {
	r := remedy{verb: remedyWords[c.Name]}
	switch r.verb {
	case cards.AttentionDrop:
		if r.comment = words.GivenReason(rest); words.Hesitant(words.Before(said, c.Rest)) || words.AddsMore(rest) {
			r.unclear = "typed.only_reason"
		}
		return r
	case cards.AttentionRename:
		r.readAddress(rest, view)
	case cards.AttentionRetry:
		r.readAll(rest, view)
	case cards.AttentionDisable:
		if !words.Polite(rest) {
			r.unclear = "typed.only"
		}
	default:
		r.readEntry(rest, view.Account.Trouble.Shown())
	}
	if words.Hesitant(said) {
		r.unclear = "typed.only"
	}
	return r
}

// readAddress reads the address of the account to be created: the one word with "@" or ".". It
// is required if the line's own address was refused.
func (r *remedy) readAddress(rest string, view cards.Attention) {
	var others []string
	for word := range strings.FieldsSeq(rest) {
		bare := strings.TrimFunc(word, unicode.IsPunct)
		if r.address != "" || !strings.ContainsAny(bare, "@.") {
			others = append(others, word)
			continue
		}
		r.address = bare
	}
	if !words.Polite(strings.Join(others, " ")) || r.address == "" && view.Account.Remedies().Retry {
		r.unclear = "typed.address"
	}
}

// readAll reads whether all lines that stopped for the same reason are to be retried.
func (r *remedy) readAll(rest string, view cards.Attention) {
	first, more, _ := strings.Cut(rest, " ")
	switch word := words.Plain(first); {
	case words.Polite(rest):
	case !words.Polite(more) || word != "todas" && word != "todos" && word != "all":
		r.unclear = "typed.only"
	case view.Alike > 1:
		r.verb = cards.AttentionRetryAlike
	}
}

var articleBefore = regexp.MustCompile(`(?i)^(?:a\s+)?(?:la\s+)?(?:cuenta\s+|account\s+)?(?:n[uú]mero\s+)?`)

// readEntry reads which account of the directory is meant: by its number on the card or its
// address. If there is only one, it need not be named.
func (r *remedy) readEntry(rest string, entries []provisioning.Entry) {
	if words.Polite(rest) && len(entries) == 1 {
		r.entry = entries[0].ID
		return
	}
	first, more, _ := strings.Cut(articleBefore.ReplaceAllString(words.ReasonOf(rest), ""), " ")
	word := strings.ToLower(strings.Trim(first, "#.,;:"))
	number, err := strconv.Atoi(word)
	i := slices.IndexFunc(entries, func(e provisioning.Entry) bool { return word == strings.ToLower(string(e.Address)) })
	switch {
	case !words.Polite(more):
		r.unclear = "typed.only"
	case i >= 0:
		r.entry = entries[i].ID
	case number > 0 && number <= len(entries):
		r.entry = entries[number-1].ID
	case err == nil || strings.Contains(word, "@") || len(entries) > 1:
		r.unclear = "typed.entry"
	default:
		r.unclear = "typed.only"
	}
}
