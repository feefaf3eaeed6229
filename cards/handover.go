package cards

import (
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Handover are the accounts of a request that its requester still has to hand over, together.
type Handover struct {
	Request    provisioning.Request
	Open       []Delivery // whose passwords can be shown, by number
	Coming     int        // accounts that are not ready yet
	Refused    error      // why none is shown now
	OnComputer bool       // as in Delivery
}

func (h Handover) data(verb string) Data {
	return Data{Verb: verb, Folio: h.Request.Folio, Mark: h.Request.Mark}
}

// toHandOver is the button of a request's status that sends the card of what is to be handed over.
func (t *Texts) toHandOver(d RequestView) action {
	data := Data{Verb: PasswordList, Folio: d.Request.Folio, Mark: d.Request.Mark}
	return t.execute(t.count("button.to_hand_over", d.Open), data).primary()
}

// revealAll is the button of one account's card that shows those of its whole request.
func (t *Texts) revealAll(d Delivery) action {
	data := d.data(PasswordRevealAll)
	if d.OnComputer {
		t = t.With(ExecuteButtons)
	}
	return t.execute(t.fixed["button.reveal_all"], data)
}

// Handover lists the accounts to hand over, with a button that shows all their passwords in one view,
// and another for one of them.
func (t *Texts) Handover(h Handover) Card {
	t = t.withAbsoluteDates().about(h.Request.Kind)
	folio := string(h.Request.Folio)
	if len(h.Open) == 0 {
		return t.nothingToHandOver(h)
	}
	body := []any{band(styleGood, heading(t.count("handover.title", len(h.Open))), t.folioLine(h.Request.Folio))}
	for i, d := range h.Open {
		name := next(t.numbered(d.Account.Number, h.Request.Lines, d.Account.Holder))
		if i == 0 {
			name.Spacing = ""
		}
		body = append(body, name, addressText(d.Account.Address))
	}
	body = append(body, paragraph(t.fixed[t.handoverAllKey(h)]), small(t.md("ready.until", "day", t.Day(h.until()))))
	body = append(body, t.coming(h)...)
	return Card{
		lang:    t.locale,
		Summary: t.count("handover.summary", len(h.Open), "folio", folio),
		body:    append(body, t.errorSummary(h.Refused, nil)...),
		actions: t.handoverAllButtons(h),
	}
}

// until is the end of the time in which the first of the accounts can be shown.
func (h Handover) until() time.Time {
	first := h.Open[0].Until
	for _, d := range h.Open {
		if d.Until.Before(first) {
			first = d.Until
		}
	}
	return first
}

func (t *Texts) handoverAllKey(h Handover) string {
	switch {
	case h.OnComputer:
		return "handover.on_computer"
	case t.buttons == SubmitButtons:
		return "ready.next_computer"
	}
	return "handover.next"
}

// coming says how many accounts are not ready yet.
func (t *Texts) coming(h Handover) []any {
	if h.Coming == 0 {
		return nil
	}
	return []any{small(t.count("handover.coming", h.Coming))}
}

func (t *Texts) handoverAllButtons(h Handover) []action {
	if h.OnComputer {
		t = t.With(ExecuteButtons)
	}
	shown := min(len(h.Open), provisioning.MostTogether)
	all := t.execute(t.count("button.reveal_them", shown), h.data(PasswordRevealAll)).primary()
	if len(h.Open) == 1 || h.OnComputer {
		return []action{all}
	}
	who := inputElement{
		Type: "Input.ChoiceSet", ID: "number", Label: t.fixed["input.number"], Required: true,
		ErrorMessage: t.fixed["input.number.error"], Style: "compact", Placeholder: t.fixed["input.choose"],
	}
	for _, d := range h.Open {
		n := strconv.Itoa(d.Account.Number)
		who.Choices = append(who.Choices, choice{clip(flat(d.Account.Holder.DisplayName()), 60) + " (" + n + ")", n})
	}
	one := showCard(t.fixed["button.reveal_one"], []any{who}, t.execute(t.fixed["button.reveal"], h.data(PasswordReveal)))
	return []action{all.withoutInputs(), one}
}

func (t *Texts) nothingToHandOver(h Handover) Card {
	body := []any{band(styleEmphasis, heading(t.fixed["handover.none_title"]), t.folioLine(h.Request.Folio)), paragraph(t.fixed["handover.none"])}
	return Card{
		lang:    t.locale,
		Summary: t.fixed["handover.none"], body: append(body, t.coming(h)...),
		actions: []action{t.execute(t.fixed["button.status"], h.data(RequestStatus))},
	}
}

// Passwords shows the temporary passwords of several accounts to their requester, in one block that
// can be copied whole. As with Password, it may only be the response to the click that asked for it.
// later is how many accounts are ready but did not fit the view; reference, that under which the
// causes of failures are logged.
func (t *Texts) Passwords(h Handover, all []provisioning.Revealed, later int, reference string) Card {
	t = t.about(h.Request.Kind)
	var block, lines, failed []string
	for _, one := range all {
		if one.Err != nil {
			failed = append(failed, t.md("handover.failed", "name", clip(one.Account.Holder.DisplayName(), 120), "reason", t.Fault(one.Err, reference)))
			continue
		}
		block = append(block, string(one.Account.Address)+" / "+one.Password.Reveal())
		lines = append(lines, strconv.Itoa(one.Account.Number))
	}
	done := h.data(PasswordDoneAll)
	done.Lines = strings.Join(lines, ",")
	body := []any{
		band(styleEmphasis, heading(t.count("handover.shown_title", len(block))), t.folioLine(h.Request.Folio)),
		richText{Type: "RichTextBlock", Inlines: []textRun{{Type: "TextRun", Text: strings.Join(block, "\n"), FontType: "Monospace", Size: "Small"}}},
	}
	body = append(body, alerts(failed...)...)
	body = append(body, paragraph(t.fixed["handover.entrust"]), paragraph(t.plain("label.sign_in", "url", Delivery{}.signIn())))
	body = append(body, t.coming(h)...)
	if later > 0 {
		body = append(body, small(t.count("handover.later", later)))
	}
	return Card{
		lang:    t.locale,
		Summary: t.count("handover.shown_summary", len(block), "folio", string(h.Request.Folio)),
		body:    body,
		actions: []action{
			t.execute(t.count("button.done_all", len(block)), done).primary(),
			t.execute(t.fixed["button.hide"], h.data(PasswordHideAll)),
		},
	}
}
