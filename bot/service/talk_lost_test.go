package service_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// turnsOld presses a button of a card whose request was lost, and opens it, and fails unless both
// get the answer for an unknown card, without the words.
func (o *office) turnsOld(p teamsfake.Person, old *teamsfake.Card, button string, inputs teamsfake.Inputs, secrets ...string) {
	o.t.Helper()
	looked, err := o.teams.LookAt(o.within(), p.ID, old)
	o.must(err)
	if looked != nil && len(looked.Body) != 0 {
		o.t.Fatalf("%s looks at the card with %s and is answered %+v", p.Name, button, looked)
	}
	turn := o.presses(p, old, button, inputs)
	said := turn.Text
	if turn.Card != nil {
		said = turn.Card.Text()
	}
	if !strings.Contains(said, "Esta tarjeta ya no está vigente") {
		o.t.Fatalf("%s presses %s and is told: %s", p.Name, button, said)
	}
	for _, secret := range secrets {
		if strings.Contains(string(turn.Body), secret) {
			o.t.Fatalf("%s presses %s and is told of %s:\n%s", p.Name, button, secret, turn.Body)
		}
	}
}

// The store is restored from a backup from before Silvia's request for Lucía, and the folio is
// given again: to Martha's for Luis, or to one of Silvia's own. The cards of the lost request
// decide nothing about the new one, show nothing of it, and are not adopted as its posts.
func TestTheCardsOfALostRequest(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		again func(*office) teamsfake.Person
	}{
		"the folio is Martha's now": {again: func(o *office) teamsfake.Person { return o.martha }},
		"the folio is hers again":   {again: func(o *office) teamsfake.Person { return o.silvia }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := openOffice(t)
			o.stop()
			before := o.files("altas.db")
			o.start()
			lost := o.sends(o.silvia, lucia)
			old := o.approval("director", lost)
			own := o.card(o.chats[o.silvia.ID], o.silvia, "request.cancel", lost)
			status := o.finds(o.silvia, "estado "+lost, "Lucía")
			list := o.finds(o.silvia, "mis solicitudes", "Lucía")
			o.eventually("cards that are drawn", o.drawn)
			o.stop()
			o.putBack(before)
			o.start()
			folio := o.sends(c.again(o), luis)
			if folio != lost {
				t.Fatalf("the folio is %s, after %s was given", folio, lost)
			}
			o.waits("the second card", func() bool { return o.count(o.channels["director"], o.oscar, folio) == 2 })
			secrets := []string{"Luis", "Ibarra", "Martha"}
			o.turnsOld(o.rosa, old, "approval.approve", nil, secrets...)
			o.turnsOld(o.rosa, old.Toggle("Rechazar"), "approval.reject", teamsfake.Inputs{"comment": "No procede."}, secrets...)
			o.turnsOld(o.silvia, own, "request.status", nil, secrets...)
			o.turnsOld(o.silvia, own, "request.cancel", nil, secrets...)
			o.turnsOld(o.silvia, status, "request.cancel", nil, secrets...)
			if turn := o.presses(o.silvia, list, opens(list, lost), nil); strings.Contains(string(turn.Body), "Luis") {
				t.Errorf("the list of before tells %s", turn.Body)
			}
			o.approves(o.rosa, "director", folio)
			o.approval("subdirector", folio)
			o.stop()
			if acts := o.acts(folio); slices.Contains(acts, "request.cancel") || slices.Contains(acts, "approval.reject") {
				t.Errorf("of %s there was done: %q", folio, acts)
			}
			if n := o.count(o.channels["director"], o.oscar, "Luis"); n != 1 {
				t.Errorf("%d cards of the channel show the new request, want its own alone:\n%s", n, o.conversations())
			}
		})
	}
}

// The lost request was in attention, and so is the one with its folio: the old card settles nothing
// of it.
func TestTheLineOfALostRequest(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.seeds(map[string]any{"userPrincipalName": luciaMail, "displayName": "Lucía Ñáñez Garza"})
	o.stop()
	before := o.files("altas.db", "receipts.db")
	o.start()
	lost := o.sends(o.silvia, lucia)
	o.authorises(lost)
	o.caseOf(lost)
	old := o.card(o.channels["platform"], o.oscar, "attention.drop", lost)
	o.stop()
	o.putBack(before)
	o.start()
	folio := o.sends(o.martha, lucia)
	o.waits("the director's card", func() bool { return o.count(o.channels["director"], o.oscar, folio, "Martha") == 1 })
	o.authorises(folio)
	o.waits("the second card", func() bool { return o.count(o.channels["platform"], o.oscar, folio) == 2 })
	o.turnsOld(o.gabriela, old, "attention.drop", teamsfake.Inputs{"comment": "Ya no labora."}, "Martha")
	o.stop()
	if acts := o.decided(folio); slices.Contains(acts, "attention.drop") {
		t.Errorf("of %s there was decided: %q", folio, acts)
	}
}

// The store is restored to a returned request, and its correction is lost; Silvia corrects it
// differently. The card of the lost correction does not decide the new one, which has other people.
func TestTheCardOfALostCorrection(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis)
	o.returns(o.rosa, "director", folio, "Uno va en otro oficio.")
	o.corrects(o.silvia, folio, "Luis Ibarra")
	o.eventually("cards that are drawn", o.drawn)
	o.stop()
	before := o.files("altas.db")
	o.start()
	takesOut := func(number string) *teamsfake.Card {
		review := o.shows(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.remove", folio), "request.remove", teamsfake.Inputs{"number": number})
		o.shows(o.silvia, review, "request.submit", nil)
		return o.approval("director", folio)
	}
	lost := takesOut("1")
	o.eventually("cards that are drawn", o.drawn)
	o.stop()
	o.putBack(before)
	o.ahead = time.Hour
	o.start()
	o.presses(o.silvia, o.finds(o.silvia, "estado "+folio, "Uno va en otro oficio"), "request.correct", nil)
	takesOut("2")
	o.waits("the second card", func() bool {
		return o.count(o.channels["director"], o.oscar, "Se corrigió") == 2
	})
	o.turnsOld(o.rosa, lost, "approval.approve", nil, "Lucía")
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.stop()
	if made := o.stamped(); len(made) != 1 {
		t.Errorf("accounts: %+v", made)
	}
}

// opens is the title of what opens a folio's request on a list.
func opens(list *teamsfake.Card, folio string) string {
	for _, a := range list.Actions() {
		if strings.HasPrefix(a.Title, "Abrir: ") && strings.Contains(a.Title, folio) {
			return a.Title
		}
	}
	return ""
}
