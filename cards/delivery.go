package cards

import (
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/flow"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// Ready is the card of a created account for its requester, with the button that shows a password
// while that is possible.
func (t *Texts) Ready(d Delivery) Card {
	t = t.withAbsoluteDates().about(d.Account.Kind)
	if !d.Account.ErasedAt.IsZero() {
		return t.erasedAccount(d)
	}
	head := []any{heading(t.md("ready.title", "name", clip(d.Account.Holder.DisplayName(), 120))),
		badges(badged(styleGood, t.AccountState(provisioning.AccountAnnounced), markDone)), t.folioLine(d.Account.Folio())}
	head = append(head, t.activity(d.Account.Kind, flow.Software, flow.Act(provisioning.AccountRecorded))...)
	body := []any{band(styleGood, head...)}
	body = append(body, paragraph(t.fixed["ready.address"]), t.deliveredAddress(d.Account.Address))
	body = append(body, t.accountFacts(d)...)
	c := Card{lang: t.locale, of: Data{Stamp: d.Account.Stamp, Mark: d.Mark}, Summary: t.plain("ready.summary", "name", flat(d.Account.Holder.DisplayName()), "address", string(d.Account.Address))}
	if d.Closed != nil {
		body = append(body, paragraph(t.Reason(d.Closed)))
	} else {
		body = append(body, paragraph(t.fixed[t.handoverKey(d)]), small(t.handover(d)))
		body = append(body, t.errorSummary(d.Refused, nil)...)
		c.actions = t.handoverButtons(d)
	}
	c.body = body
	return c
}

// erasedAccount takes the place of the card of an account whose holder was erased.
func (t *Texts) erasedAccount(d Delivery) Card {
	return Card{
		lang: t.locale,
		of:   Data{Stamp: d.Account.Stamp, Mark: d.Mark}, Summary: t.fixed["erased.title"],
		body: []any{
			band(styleEmphasis, heading(t.fixed["erased.title"]), t.folioLine(d.Account.Folio())), paragraph(t.fixed["erased.why"]),
		},
	}
}

// handoverKey returns the key of the text about how to get the password. The response to an
// Action.Submit is a message, which must not contain it.
func (t *Texts) handoverKey(d Delivery) string {
	switch {
	case d.OnComputer:
		return "ready.on_computer"
	case t.buttons == SubmitButtons:
		return "ready.next_computer"
	}
	return "ready.next"
}

func (t *Texts) handoverButtons(d Delivery) []action {
	reveal := t.execute(t.fixed["button.reveal"], d.data(PasswordReveal)).primary()
	if d.OnComputer {
		reveal = t.With(ExecuteButtons).execute(t.fixed["button.reveal"], d.data(PasswordReveal)).primary()
	}
	buttons := []action{reveal}
	if d.Together {
		buttons = append(buttons, t.revealAll(d))
	}
	if d.Account.Handover.Reveals > 0 {
		buttons = append(buttons, t.execute(t.fixed["button.done"], d.data(PasswordDone)))
	}
	return buttons
}

// deliveredAddress shows the card's address in the largest size that fits.
func (t *Texts) deliveredAddress(a identity.Address) textBlock {
	b := addressText(a)
	b.Weight = "Bolder"
	if len(a) <= 34 {
		b.Size = ""
	}
	return b
}

// handover says until when, and how often, a password may still be shown.
func (t *Texts) handover(d Delivery) string {
	left := t.fixed["ready.last"]
	switch {
	case d.Left > 0 && d.Account.Handover.Reveals == 0:
		left = t.count("ready.times", d.Left)
	case d.Left > 0:
		left = t.count("ready.left", d.Left)
	}
	return sentences(t.md("ready.until", "day", t.Day(d.Until)), left)
}

func (t *Texts) accountFacts(d Delivery) []any {
	h := d.Account.Holder
	return facts(
		t.fixed["label.type"], t.fixed["type."+string(h.Type)+".choice"],
		t.fixed["label.cct"], escape(string(h.CCT())),
	)
}

// Password shows a temporary password to the requester. It is the only card with a password: it may
// only be the response to the click that asked for it, and must not be sent or stored.
func (t *Texts) Password(d Delivery, p secret.Password) Card {
	t = t.about(d.Account.Kind)
	password := richText{Type: "RichTextBlock", Inlines: []textRun{{
		Type: "TextRun", Text: p.Reveal(), FontType: "Monospace", Weight: "Bolder",
	}}}
	return Card{
		lang:    t.locale,
		Summary: t.plain("password.summary", "name", flat(d.Account.Holder.DisplayName())),
		body: []any{
			band(styleEmphasis, heading(t.md("password.title", "name", clip(d.Account.Holder.DisplayName(), 120)))),
			addressText(d.Account.Address),
			password,
			paragraph(t.fixed["password.next"]),
			paragraph(t.plain("label.sign_in", "url", d.signIn())),
			small(t.handover(d)),
		},
		actions: []action{
			t.execute(t.fixed["button.done"], d.data(PasswordDone)).primary(),
			t.execute(t.fixed["button.hide"], d.data(PasswordHide)),
		},
	}
}
