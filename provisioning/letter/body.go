package letter

import (
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/pdf"
)

// prose is a paragraph of the letter's running text.
func prose(text string) pdf.Paragraph {
	return pdf.Paragraph{Text: text, Align: pdf.Justify, After: 8}
}

func (w writer) reference() []pdf.Block {
	p := prose(w.say("reference", "petition", w.petition()))
	p.KeepNext = true
	return []pdf.Block{p}
}

// petition returns the petition's medium, number and date, as "su oficio número 045, de fecha …". Its date is
// a day without a time zone.
func (w writer) petition() string {
	key := "petition." + string(w.Petition.Medium)
	if _, ok := texts[key]; !ok {
		key = "petition.other"
	}
	if input.Placeholder(w.Petition.Number) {
		key += ".unnumbered"
	}
	said := w.say(key, "petitionNumber", line(w.Petition.Number, maxLine))
	if w.Petition.Date.IsZero() {
		return said
	}
	return w.say("petition.dated", "petition", said, "petitionDate", DateInWords(w.Petition.Date.UTC()))
}

func (w writer) body() []pdf.Block {
	var blocks []pdf.Block
	if w.rejected() {
		blocks = w.refusal()
	} else {
		blocks = []pdf.Block{prose(w.outcome())}
	}
	if w.Replaces != "" {
		blocks = append(blocks, prose(w.say("replaces", "replaces", line(w.Replaces, maxLine))))
	}
	return blocks
}

func (w writer) refusal() []pdf.Block {
	why := ""
	for _, d := range w.Decisions {
		if d.Verdict == provisioning.Reject {
			why = reason(d.Comment, maxReason)
		}
	}
	if why == "" {
		return []pdf.Block{prose(w.say("rejected.bare"))}
	}
	lead := prose(w.say("rejected"))
	lead.KeepNext = true
	return []pdf.Block{lead, prose(w.say("quote", "reason", why)), prose(w.say("rejected.again"))}
}

// result is how a line ended, as the keys of the texts name it.
type result string

const (
	made     result = "made"
	exists   result = "exists"
	excluded result = "excluded"
)

// resultOf returns how a line ended; any state but the two of a letter's accounts is that of none.
func (w writer) resultOf(l Line) result {
	switch {
	case l.State == provisioning.AccountAnnounced:
		return made
	case l.State == provisioning.AccountExists && w.Kind.Creates():
		return exists
	}
	return excluded
}

// outcome returns what came of the request, in one sentence or two.
func (w writer) outcome() string {
	totals := make(map[result]int)
	for _, l := range w.Lines {
		totals[w.resultOf(l)]++
	}
	all := len(w.Lines)
	pairs := []string{"count", Count(all), "type", w.say(plural("type."+string(w.Type), all))}
	var results []string
	for _, r := range []result{made, exists, excluded} {
		switch n := totals[r]; n {
		case 0:
		case all:
			return w.say(w.bare(r, plural("body."+string(r), all)), pairs...)
		default:
			results = append(results, w.say(w.bare(r, plural("mixed."+string(r), n)), "count", Count(n), "type", pairs[3]))
		}
	}
	return w.say("body.mixed", append(pairs, "results", enumerate(results))...)
}

// bare returns the key of the text that promises no reasons, where one of the excluded lines has none.
func (w writer) bare(r result, key string) string {
	without := func(l Line) bool { return w.resultOf(l) == excluded && w.note(l) == "" }
	if r == excluded && slices.ContainsFunc(w.Lines, without) {
		return key + ".bare"
	}
	return key
}

// enumerate joins clauses, some of which have commas.
func enumerate(clauses []string) string {
	if len(clauses) < 2 {
		return strings.Join(clauses, "")
	}
	last := len(clauses) - 1
	return strings.Join(clauses[:last], "; ") + ", y " + clauses[last]
}
