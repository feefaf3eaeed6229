package service_test

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// taps presses a button in Teams on a phone.
func (o *office) taps(p teamsfake.Person, card *teamsfake.Card, button string, inputs teamsfake.Inputs) {
	o.t.Helper()
	if _, err := o.teams.ClickOnPhone(o.within(), p.ID, card, button, inputs); err != nil {
		o.t.Fatalf("%s taps %s: %v; the card says:\n%s", p.Name, button, err, card.Text())
	}
}

// dead fails unless the button does nothing on a phone.
func (o *office) dead(p teamsfake.Person, card *teamsfake.Card, button string) {
	o.t.Helper()
	if _, err := o.teams.ClickOnPhone(o.within(), p.ID, card, button, nil); !errors.Is(err, teamsfake.ErrDead) {
		o.t.Errorf("%s taps %s: %v, want %v", p.Name, button, err, teamsfake.ErrDead)
	}
}

// asksByPhone fills in the form for one teacher on a phone, up to its review.
func (o *office) asksByPhone(p teamsfake.Person, holder teamsfake.Inputs) *teamsfake.Card {
	o.t.Helper()
	chat := o.chats[p.ID]
	before := o.teams.Cards(chat, p.ID)
	o.says(p, "solicitar")
	first := o.comes(p, before, "request.next", "privacy.acknowledge")
	if first.Offers("privacy.acknowledge") {
		o.taps(p, first, "privacy.acknowledge", nil)
		first = o.comes(p, before, "request.next")
	}
	typed := maps.Clone(petitionTyped)
	typed["type"] = holder["type"]
	o.taps(p, first, "request.next", typed)
	o.waits("second step", func() bool {
		card := o.teams.NewestCard(chat, p.ID, "request.next")
		return card != nil && card.Input("curp") != nil
	})
	o.taps(p, o.teams.NewestCard(chat, p.ID, "request.next"), "request.next", without(holder, "type"))
	return o.card(chat, p, "request.submit", holder["givenNames"])
}

// sendsByPhone fills in the form on a phone and sends it, and returns its folio.
func (o *office) sendsByPhone(p teamsfake.Person, holder teamsfake.Inputs) (folio string) {
	o.t.Helper()
	o.taps(p, o.asksByPhone(p, holder), "request.submit", nil)
	o.waits("folio", func() bool {
		for _, m := range o.teams.Messages(o.chats[p.ID], p.ID) {
			if m.Card != nil && strings.Contains(m.Card.Text(), "Solicitud enviada") {
				folio = folioShape.FindString(m.Card.Text())
			}
		}
		return folio != ""
	})
	return folio
}

// withButtons sets the organisation's buttons.
func withButtons(how string) func(*office, *tenantConfig) {
	return func(o *office, _ *tenantConfig) { o.rules(officeRules + "buttons: " + how + "\n") }
}

// The organisation works with phones: requesters and approvers use them for everything but the
// password, which is not written in the chat: a computer shows it, on the same card.
func TestTheMainJobOnPhones(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withButtons("submit"))
	chat := o.chats[o.silvia.ID]
	folio := o.sendsByPhone(o.silvia, lucia)
	o.taps(o.rosa, o.approval("director", folio), "approval.approve", nil)
	o.taps(o.ernesto, o.approval("subdirector", folio), "approval.approve", nil)
	ready := o.announced(o.silvia, luciaMail)
	o.taps(o.silvia, ready, "password.reveal", nil)
	o.waits("word of a computer, in the card's place", func() bool {
		return o.count(chat, o.silvia, luciaMail, "la contraseña no se escribe en el chat. En una computadora") == 1
	})
	if n := o.count(chat, o.silvia, "Contraseña temporal"); n != 0 {
		t.Errorf("the phone is shown %d passwords", n)
	}
	o.dead(o.silvia, o.announced(o.silvia, luciaMail), "password.reveal")
	o.signsIn(luciaMail, o.reveals(o.silvia, luciaMail)) // on a computer
	o.taps(o.silvia, o.card(chat, o.silvia, "password.done", luciaMail), "password.done", nil)
	o.waits("closed card", func() bool {
		return o.teams.NewestCard(chat, o.silvia.ID, "password.reveal") == nil && o.count(chat, o.silvia, "Contraseña temporal") == 0
	})
	o.stop()
	o.oneEach()
	reveals := slices.DeleteFunc(o.acts(folio), func(act string) bool { return act != "password.reveal" })
	if len(reveals) != 1 {
		t.Errorf("%d passwords were shown, want the one on the computer", len(reveals))
	}
}

// On a phone a person without authority is told so in their own chat or, if they have none with
// Altas, below the card. Nothing is decided.
func TestRefusedOnAPhone(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withButtons("submit"))
	folio := o.sendsByPhone(o.silvia, lucia)
	card := o.approval("director", folio)
	refusal := "Usted no está entre quienes deciden aquí"
	o.taps(o.martha, card, "approval.approve", nil)
	o.told(o.martha, refusal)
	if n := o.count(o.channels["director"], o.rosa, refusal); n != 0 {
		t.Error("everybody in the channel reads that Martha was refused")
	}
	o.taps(o.oscar, card, "approval.approve", nil)
	o.waits("the refusal, below the card", func() bool { return o.count(card.Conversation, o.rosa, refusal) == 1 })
	o.undecided(folio)
}

// Only Silvia has a phone. After «botones» her cards have the other buttons, posted ones too; the
// channel's cards, which others use, keep the organisation's.
func TestButtonsOfOnePerson(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	chat := o.chats[o.silvia.ID]
	sent := o.sends(o.silvia, luis)
	o.says(o.silvia, "solicitar")
	o.dead(o.silvia, o.card(chat, o.silvia, "request.next", ""), "request.next")
	o.says(o.silvia, "botones")
	o.taps(o.silvia, o.card(chat, o.silvia, "buttons.set", ""), "Para teléfono", nil)
	o.told(o.silvia, "sus botones sirven en el teléfono")
	serves := func(verb, about string) func() bool {
		return func() bool {
			card := o.card(chat, o.silvia, verb, about)
			return card.Action(verb).Type == "Action.Submit"
		}
	}
	o.waits("the form, for a phone", serves("request.next", ""))
	o.waits("the request that was sent, for a phone", serves("request.cancel", sent))
	o.taps(o.silvia, o.asksByPhone(o.silvia, lucia), "request.submit", nil)
	o.dead(o.rosa, o.approval("director", sent), "approval.approve")
	if how := o.approval("director", sent).Action("approval.approve").Type; how != "Action.Execute" {
		t.Errorf("the director's card has %s", how)
	}
	o.says(o.silvia, "botones computadora")
	o.told(o.silvia, "sus botones son para computadora")
	o.waits("the request that was sent, for a computer", func() bool {
		return o.card(chat, o.silvia, "request.cancel", sent).Action("request.cancel").Type == "Action.Execute"
	})
}
