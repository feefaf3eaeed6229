package service_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning/graph/graphfake"
)

// What people do. Each step fails the test if Teams, or a person, could not do it.

// installs installs the app for a person and waits for the greeting.
func (o *office) installs(p teamsfake.Person) {
	o.t.Helper()
	chat, err := o.teams.Install(o.within(), p.ID)
	if err != nil {
		o.t.Fatalf("%s installs Altas: %v", p.Name, err)
	}
	o.chats[p.ID] = chat
	o.waits("greeting", func() bool { return o.count(chat, p) > 0 })
}

// says sends words in the person's chat.
func (o *office) says(p teamsfake.Person, words string) *teamsfake.Turn {
	o.t.Helper()
	turn, err := o.teams.Say(o.within(), p.ID, o.chats[p.ID], words)
	if err != nil {
		o.t.Fatalf("%s says %q: %v", p.Name, words, err)
	}
	return turn
}

// presses presses a button, by its verb or its title.
func (o *office) presses(p teamsfake.Person, card *teamsfake.Card, button string, inputs teamsfake.Inputs) *teamsfake.Turn {
	o.t.Helper()
	turn, err := o.teams.Click(o.within(), p.ID, card, button, inputs)
	if err != nil {
		text := ""
		if card != nil {
			text = card.Text()
		}
		o.t.Fatalf("%s presses %s: %v; the card says:\n%s", p.Name, button, err, text)
	}
	if turn.ErrorCode != "" {
		o.t.Fatalf("%s presses %s: %s %s", p.Name, button, turn.ErrorCode, turn.Error)
	}
	return turn
}

// shows presses a button and returns the card in the response.
func (o *office) shows(p teamsfake.Person, card *teamsfake.Card, button string, inputs teamsfake.Inputs) *teamsfake.Card {
	o.t.Helper()
	turn := o.presses(p, card, button, inputs)
	if turn.Card == nil {
		o.t.Fatalf("%s presses %s and sees no card but %q", p.Name, button, turn.Text)
	}
	return turn.Card
}

var petitionTyped = teamsfake.Inputs{"medium": "oficio", "oficio": "SEDU/SRS/045/2026", "area": "Servicios Regionales", "phone": "844 411 8800"}

// begins types a word that begins a form, acknowledges the privacy notice if that comes first, and
// returns the form.
func (o *office) begins(p teamsfake.Person, word string) *teamsfake.Card {
	o.t.Helper()
	before := o.teams.Cards(o.chats[p.ID], p.ID)
	o.says(p, word)
	card := o.comes(p, before, "request.next", "privacy.acknowledge")
	if !card.Offers("privacy.acknowledge") {
		return card
	}
	o.shows(p, card, "privacy.acknowledge", nil)
	return o.comes(p, before, "request.next")
}

// acknowledges reads the privacy notice and acknowledges it, without a form.
func (o *office) acknowledges(p teamsfake.Person) {
	o.t.Helper()
	before := o.teams.Cards(o.chats[p.ID], p.ID)
	o.says(p, "privacidad")
	o.shows(p, o.comes(p, before, "privacy.acknowledge"), "privacy.acknowledge", nil)
}

// comes waits for a card that was not there before and offers one of the verbs.
func (o *office) comes(p teamsfake.Person, before []*teamsfake.Card, verbs ...string) (found *teamsfake.Card) {
	o.t.Helper()
	o.waits("card with "+strings.Join(verbs, " or "), func() bool {
		for _, c := range o.teams.Cards(o.chats[p.ID], p.ID) {
			known := slices.ContainsFunc(before, func(b *teamsfake.Card) bool { return b.Message == c.Message })
			if !known && slices.ContainsFunc(verbs, c.Offers) {
				found = c
				return true
			}
		}
		return false
	})
	return found
}

// asks types "solicitar" and fills in the form up to its review.
func (o *office) asks(p teamsfake.Person, holders ...teamsfake.Inputs) *teamsfake.Card {
	o.t.Helper()
	card := o.begins(p, "solicitar")
	typed := maps.Clone(petitionTyped)
	typed["type"] = holders[0]["type"]
	card = o.shows(p, card, "request.next", typed)
	for i, h := range holders {
		if i > 0 {
			card = o.shows(p, card, "request.add", nil)
		}
		card = o.shows(p, card, "request.next", without(h, "type"))
	}
	return card
}

func without(in teamsfake.Inputs, name string) teamsfake.Inputs {
	out := maps.Clone(in)
	delete(out, name)
	return out
}

var folioShape = regexp.MustCompile(`\b\d{4}-\d{6}\b`)

// sends fills in the form and sends it, and returns its folio.
func (o *office) sends(p teamsfake.Person, holders ...teamsfake.Inputs) string {
	o.t.Helper()
	sent := o.shows(p, o.asks(p, holders...), "request.submit", nil)
	folio := folioShape.FindString(sent.Text())
	if folio == "" {
		o.t.Fatalf("no folio after sending:\n%s", sent.Text())
	}
	return folio
}

// approval is the card of a folio at a stage that can still be decided.
func (o *office) approval(stage, folio string) *teamsfake.Card {
	o.t.Helper()
	return o.card(o.channels[stage], o.oscar, "approval.approve", folio)
}

// approves approves at a stage, in its channel.
func (o *office) approves(p teamsfake.Person, stage, folio string) *teamsfake.Card {
	o.t.Helper()
	return o.shows(p, o.approval(stage, folio), "approval.approve", nil)
}

// authorises has both stages approve a folio.
func (o *office) authorises(folio string) {
	o.t.Helper()
	o.approves(o.rosa, "director", folio)
	o.approves(o.ernesto, "subdirector", folio)
}

// returns shows the comment on a stage's card and returns the request with it. Then it waits until
// the card has no buttons for anybody, so that nobody takes it for the next one.
func (o *office) returns(p teamsfake.Person, stage, folio, comment string) {
	o.t.Helper()
	open := o.approval(stage, folio).Toggle("Devolver")
	o.shows(p, open, "approval.return", teamsfake.Inputs{"comment": comment})
	o.waits("closed card of "+folio, func() bool {
		return !slices.ContainsFunc(o.teams.Cards(o.channels[stage], o.oscar.ID), func(c *teamsfake.Card) bool {
			return c.Offers("approval.approve") && strings.Contains(c.Text(), folio)
		})
	})
}

func (o *office) rejects(p teamsfake.Person, stage, folio, comment string) *teamsfake.Card {
	o.t.Helper()
	open := o.approval(stage, folio).Toggle("Rechazar")
	return o.shows(p, open, "approval.reject", teamsfake.Inputs{"comment": comment})
}

// reveals shows the password of an account and returns it.
func (o *office) reveals(p teamsfake.Person, address string) string {
	o.t.Helper()
	card := o.shows(p, o.card(o.chats[p.ID], p, "password.reveal", address), "password.reveal", nil)
	password := card.Monospace()
	if password == "" {
		o.t.Fatalf("no password on the card:\n%s", card.Text())
	}
	o.passwords = append(o.passwords, password)
	return password
}

// refusesLicences has the tenant refuse to assign licences from now on: accounts are created, and
// wait for the head of department.
func (o *office) refusesLicences() {
	o.tenant.OnRequest(func(op string) (graphfake.Fault, bool) {
		return graphfake.Fault{Status: 403, Code: "Authorization_RequestDenied"}, op == "users.assignLicense"
	})
}
