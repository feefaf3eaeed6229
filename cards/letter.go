package cards

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// LetterView is a letter, the oficio de respuesta, as its cards show it.
type LetterView struct {
	Letter  letter.Letter
	Request provisioning.Request
	Office  provisioning.StageName // that sends it
	Source  letter.Source          // of the number that it waits for
	Link    bool                   // the bot has pages of its own, so that the file can be opened in a browser
	Values  map[string]string      // of the inputs, if they had errors
	Errors  map[string]error       // by input name
}

func (v LetterView) data(verb string) Data {
	return Data{Verb: verb, Folio: v.Request.Folio, Mark: v.Request.Mark, Number: v.Letter.Serial}
}

// Letter is the card of a letter in the office's channel: its number and what it answers, and the
// buttons by which it is received, marked as sent, or annulled. A letter without a number asks for it.
func (t *Texts) Letter(v LetterView) Card {
	return t.withAbsoluteDates().about(v.Request.Kind).letter(v)
}

func (t *Texts) letter(v LetterView) Card {
	switch v.Letter.State {
	case letter.StateWaiting:
		return t.letterAsked(v)
	case letter.StateAnnulled:
		return t.letterAnnulled(v)
	case letter.StateNumbered:
		return Card{lang: t.locale, Summary: t.letterSummary(v), body: append(t.letterHead(v), small(t.fixed["letter.making"]))}
	}
	body := append(t.letterHead(v), t.letterState(v))
	body = append(append(body, t.letterFacts(v)...), t.errorSummary(v.Errors["comment"], nil)...) // its input is in a closed ShowCard
	actions := []action{t.execute(t.fixed["button.letter_file"], v.data(LetterFile)).withoutInputs().primary()}
	if v.Letter.SentAt.IsZero() {
		actions = append(actions, t.execute(t.fixed["button.letter_sent"], v.data(LetterSent)).withoutInputs())
	}
	annul := append([]any{paragraph(t.fixed["letter.annul"])}, t.letterReason(filledIn{v.Values, v.Errors})...)
	yes := t.execute(t.fixed["button.letter_annul_yes"], v.data(LetterAnnul)).destructive()
	return Card{
		lang:    t.locale,
		Summary: t.letterSummary(v), body: body,
		actions: actions, apart: []action{showCard(t.fixed["button.letter_annul"], annul, yes)},
	}
}

// letterHead is the title with the number, and the folio.
func (t *Texts) letterHead(v LetterView) []any {
	title := t.fixed["letter.title"]
	if v.Letter.Number != "" {
		title = t.md("letter.title_number", "number", v.Letter.Number)
	}
	head := []any{heading(title), badges(t.letterBadge(v.Letter)), t.folioLine(v.Request.Folio, escape(t.title(v.Request)))}
	return []any{band(letterBand(v.Letter), append(head, t.activity(v.Request.Kind, flow.Sender, flow.Send)...)...)}
}

// letterBadge is the badge of a letter's state.
func (t *Texts) letterBadge(l letter.Letter) badge {
	switch {
	case l.State == letter.StateAnnulled:
		return badged(styleSubtle, t.fixed["letter.state.annulled"], markStopped)
	case l.State == letter.StateWaiting:
		return badged(styleWarning, t.fixed["letter.state.waiting"], markAlarm)
	case l.State == letter.StateNumbered:
		return badged(styleInformative, t.fixed["letter.state.numbered"], markNow)
	case l.SentAt.IsZero():
		return badged(styleInformative, t.fixed["letter.state.to_send"], markNow)
	}
	return badged(styleGood, t.fixed["letter.state.sent"], markDone)
}

// letterBand is the style of a letter's band: good when it is sent.
func letterBand(l letter.Letter) string {
	if l.State == letter.StateIssued && !l.SentAt.IsZero() {
		return styleGood
	}
	return styleEmphasis
}

// letterState says whether the letter was sent, by whom and when.
func (t *Texts) letterState(v LetterView) textBlock {
	if v.Letter.SentAt.IsZero() {
		return paragraph(t.fixed["letter.to_send"])
	}
	return paragraph(marked(markDone, t.md("letter.sent", "name", clip(flat(v.Letter.SentBy.Name), 100), "moment", t.Moment(v.Letter.SentAt))))
}

func (t *Texts) letterFacts(v LetterView) []any {
	r := v.Request
	return wideFacts(
		t.fixed["label.letter_to"], escape(clip(flat(r.Requester.Name), 100)),
		t.fixed["label.area"], escape(clip(flat(r.Area), 120)),
		t.fixed["label.petition"], escape(t.petition(r.Petition)),
		t.fixed["label.letter_ended"], t.RequestState(r.State),
		t.fixed["label.letter_issued"], t.Moment(v.Letter.IssuedAt),
	)
}

// letterAsked asks the office for the number, or for a range of numbers.
func (t *Texts) letterAsked(v LetterView) Card {
	in := filledIn{v.Values, v.Errors}
	body := append(t.letterHead(v), t.letterFacts(v)...)
	if v.Source == letter.FromRange {
		body = append(body, paragraph(t.fixed["letter.range"]))
		body = append(append(body, t.field(in, "rangeFrom")...), t.field(in, "rangeTo")...)
		return Card{
			lang:    t.locale,
			Summary: t.letterSummary(v), body: body,
			actions: []action{t.execute(t.fixed["button.letter_range"], v.data(LetterRange)).primary()},
		}
	}
	body = append(append(body, paragraph(t.fixed["letter.number"])), t.letterNumber(in)...)
	return Card{
		lang:    t.locale,
		Summary: t.letterSummary(v), body: body,
		actions: []action{t.execute(t.fixed["button.letter_number"], v.data(LetterNumber)).primary()},
	}
}

// letterNumber is the input for the number of our own letter; "oficio" is also that of a petition's.
func (t *Texts) letterNumber(in filledIn) []any {
	number, _ := t.field(in, "oficio")[0].(inputElement)
	number.Label, number.Placeholder, number.ErrorMessage = t.fixed["input.letter_number"], t.fixed["input.letter_number.example"], t.fixed["input.letter_number.error"]
	return t.withError(in, number)
}

// letterReason is the input for why a letter is annulled; "comment" is also that of the stages' cards.
func (t *Texts) letterReason(in filledIn) []any {
	reason, _ := t.field(in, "comment")[0].(inputElement)
	reason.Placeholder = t.fixed["input.letter_reason.example"]
	return t.withError(in, reason)
}

func (t *Texts) letterAnnulled(v LetterView) Card {
	l := v.Letter
	return Card{
		lang:    t.locale,
		Summary: t.letterSummary(v),
		body: append(t.letterHead(v),
			next(t.md("letter.annulled", "name", clip(flat(l.AnnulledBy.Name), 100), "moment", t.Moment(l.AnnulledAt))),
			paragraph(t.md("label.reason_is", "comment", clip(flat(l.Reason), maxComment))),
		),
	}
}

func (t *Texts) letterSummary(v LetterView) string {
	if v.Letter.Number == "" {
		return t.plain("letter.summary_waits", "folio", string(v.Request.Folio))
	}
	return t.plain("letter.summary", "folio", string(v.Request.Folio), "number", flat(v.Letter.Number))
}

// LetterSent tells the requester that the office sent the letter, and offers a copy.
func (t *Texts) LetterSent(v LetterView) Card {
	t = t.about(v.Request.Kind)
	actions := []action{t.execute(t.fixed["button.letter_file"], v.data(LetterFile)).primary()}
	if v.Link {
		actions = append(actions, t.execute(t.fixed["button.letter_link"], v.data(LetterLink)))
	}
	text := t.md("notice.letter", "number", clip(v.Letter.Number, 60), "folio", string(v.Request.Folio), "stage", t.theStage(v.Office))
	return Card{
		lang:    t.locale,
		Summary: t.plain("letter.summary", "folio", string(v.Request.Folio), "number", flat(v.Letter.Number)),
		body: []any{
			band(styleGood, heading(t.fixed["letter.title"]), t.folioLine(v.Request.Folio)), paragraph(text),
			small(t.md("letter.again", "folio", string(v.Request.Folio))),
		},
		actions: actions,
	}
}

// LetterOpen offers the address at which one person can open a letter once.
func (t *Texts) LetterOpen(l letter.Letter, url string) Card {
	return Card{
		lang:    t.locale,
		Summary: t.plain("letter.summary", "folio", string(l.Folio), "number", flat(l.Number)),
		body: []any{
			band(styleEmphasis, heading(t.md("letter.title_number", "number", l.Number))),
			paragraph(t.count("letter.link", int(letter.LinkFor.Minutes()))),
		},
		actions: []action{openURL(t.fixed["button.letter_open"], url)},
	}
}

// LetterOffered says, beside the file that is offered in a chat, which letter it is.
func (t *Texts) LetterOffered(l letter.Letter) string {
	return t.md("letter.offered", "number", l.Number, "folio", string(l.Folio))
}
