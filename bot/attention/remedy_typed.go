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

// remedy is what somebody typed to settle a line.
type remedy struct {
	verb    string // of the button that does the same
	entry   string // id of the account that was named
	address string // as it was typed; "" for none
	comment string
	unclear string // the text that says what is not; nothing is done by it
}

// readRemedy reads a command of remedyWords with what followed it and the folio. said is
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

// readAddress reads the address of the account to be made: the one word that looks like
// one. It must be there where the line's own was refused.
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

// readAll reads whether the retry is of every line that stopped for the same reason.
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

// readEntry reads which account of the directory is meant: by its number on the card or
// its address; where there is only one, it need not be named.
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
