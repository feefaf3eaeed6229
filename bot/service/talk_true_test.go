package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
)

// offers returns the cards of a person's chat that still offer the verb.
func (o *office) offers(p teamsfake.Person, verb, about string) (all []*teamsfake.Card) {
	for _, c := range o.teams.Cards(o.chats[p.ID], o.martha.ID) { // the message itself, without p's own view
		if c.Offers(verb) && strings.Contains(c.Text(), about) {
			all = append(all, c)
		}
	}
	return all
}

// A request is returned, corrected and completed. The earlier cards in the chat, the first form and
// the notice of the return, have no buttons any more and show nothing of the earlier state.
func TestNothingOldStaysInTheChat(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.returns(o.rosa, "director", folio, "Falta un apellido.")
	o.waits("two cards to correct it by", func() bool { return len(o.offers(o.silvia, "request.correct", folio)) == 2 })
	o.says(o.silvia, "estado "+folio)
	o.waits("the state, asked for", func() bool { return len(o.offers(o.silvia, "request.correct", folio)) == 3 })
	o.shows(o.silvia, o.corrects(o.silvia, folio, "Lucía"), "request.submit", nil)
	o.waits("no card to correct it by", func() bool { return len(o.offers(o.silvia, "request.correct", folio)) == 0 })
	o.waits("passed cards", func() bool {
		return o.count(o.chats[o.silvia.ID], o.martha, folio, "Hay una tarjeta más reciente") >= 2
	})
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.waits("the card of the request, true", func() bool { return o.count(o.chats[o.silvia.ID], o.martha, folio, "Se avisó a quien solicita") >= 1 })
	if n := o.count(o.chats[o.silvia.ID], o.martha, "Devuelta para corregir"); n != 0 {
		t.Errorf("%d cards say that it is returned:\n%s", n, o.conversations())
	}
	o.stop()
	if n := o.kept("own/" + folio + "/"); n != 0 {
		t.Errorf("%d posts are kept of what cannot change any more", n)
	}
}

// It is returned and cancelled: the notice of the return says so, and so does the status card.
func TestWhatWasReturnedAndCancelled(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.returns(o.rosa, "director", folio, "Falta un apellido.")
	o.waits("two cards to correct it by", func() bool { return len(o.offers(o.silvia, "request.correct", folio)) == 2 })
	for range 2 { // the second replaces the first
		before := len(o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID))
		o.says(o.silvia, "estado "+folio)
		o.waits("the state", func() bool { return len(o.teams.Cards(o.chats[o.silvia.ID], o.silvia.ID)) == before+1 })
	}
	o.waits("the first state, passed", func() bool {
		return o.count(o.chats[o.silvia.ID], o.martha, folio, "Hay una tarjeta más reciente") == 1
	})
	o.presses(o.silvia, o.offers(o.silvia, "request.cancel", folio)[0], "request.cancel", nil)
	o.waits("three cards that say so", func() bool { return o.count(o.chats[o.silvia.ID], o.martha, folio, "Cancelada") == 3 })
	if n := len(o.offers(o.silvia, "request.correct", folio)); n != 0 {
		t.Errorf("%d cards still offer to correct it", n)
	}
}

// Silvia types the command for her form again: the older one says that there is a newer one.
func TestAFormAboveThePresentOne(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first := o.asks(o.silvia, lucia)
	o.says(o.silvia, "solicitar")
	o.waits("the form above, passed", func() bool {
		return len(o.offers(o.silvia, "request.submit", "Lucía")) == 1 && o.count(o.chats[o.silvia.ID], o.martha, "Esta tarjeta ya no está vigente") == 1
	})
	if now := o.offers(o.silvia, "request.submit", "Lucía")[0]; now.Message == first.Message {
		t.Error("the form stands where it stood")
	}
}

// opens has a person open a card, and returns what they see then.
func (o *office) opens(p teamsfake.Person, card *teamsfake.Card) *teamsfake.Card {
	o.t.Helper()
	turn, err := o.teams.LookAt(o.within(), p.ID, card)
	o.must(err)
	if turn == nil || turn.Card == nil {
		return card
	}
	return turn.Card
}

// lost stops the service and returns how many messages of a post may exist whose id is unknown;
// then it starts it again.
func (o *office) lost(key string) int {
	o.t.Helper()
	o.stop()
	var p struct{ Lost int }
	o.ledger(func(tx provisioning.Tx) error {
		_, err := tx.Load("post", key, &p)
		return err
	})
	o.start()
	return p.Lost
}

// Teams posts the director's card and the response is lost, so that another is posted and decided.
// Whoever opens the first one sees the present state; when Rosa does, who may decide it, it is
// updated for everybody. Óscar, who only reads the channel, changes nothing by it.
func TestALostCardIsTrueOnceOpened(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Suffix: "/v3/conversations", After: true, Status: 500})
	folio := o.sends(o.silvia, lucia)
	open := func() (all []*teamsfake.Card) {
		for _, c := range o.teams.Cards(o.channels["director"], o.martha.ID) {
			if c.Offers("approval.approve") {
				all = append(all, c)
			}
		}
		return all
	}
	o.waits("two cards", func() bool { return len(open()) == 2 })
	lost := open()[0]
	o.presses(o.rosa, open()[1], "approval.approve", nil)
	o.waits("the second decided", func() bool { return len(open()) == 1 })
	if seen := o.opens(o.oscar, lost); seen.Offers("approval.approve") || !strings.Contains(seen.Text(), "Turnada") {
		t.Errorf("Óscar opens:\n%s", seen.Text())
	}
	if n := o.lost("request/" + folio + "/director/1"); n != 1 || len(open()) != 1 {
		t.Error("who only reads the channel made it another card for everybody")
	}
	if seen := o.opens(o.rosa, lost); seen.Offers("approval.approve") {
		t.Errorf("Rosa opens:\n%s", seen.Text())
	}
	o.waits("the first true for everybody", func() bool { return len(open()) == 0 })
	o.approves(o.ernesto, "subdirector", folio)
	o.waits("both kept true", func() bool { return o.count(o.channels["director"], o.martha, folio, "Concluida") == 2 })
}

// Teams posts the card of an account twice, and responds only for the second, with which the
// password is shown and handed over. When Silvia opens the first, it is closed too.
func TestALostAccountsCardIsTrueOnceOpened(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.teams.Inject(teamsfake.Fault{Method: "POST", Path: o.chats[o.silvia.ID] + "/activities", Body: "password.reveal", After: true, Status: 500})
	o.authorises(folio)
	ready := func() []*teamsfake.Card { return o.offers(o.silvia, "password.reveal", luciaMail) }
	o.waits("two cards of the account", func() bool { return len(ready()) == 2 })
	lost, known := ready()[0], ready()[1]
	o.shows(o.silvia, o.shows(o.silvia, known, "password.reveal", nil), "password.done", nil)
	o.waits("the known one closed", func() bool { return len(ready()) == 1 })
	if seen := o.opens(o.silvia, lost); seen.Offers("password.reveal") {
		t.Errorf("Silvia opens:\n%s", seen.Text())
	}
	o.waits("the lost one closed", func() bool { return len(ready()) == 0 })
}

// A client sends a refresh for cards that its person may not see, for other verbs, or while a
// password is shown: nothing is shown and nothing is done.
func TestWhatOpeningDoesNotDo(t *testing.T) {
	t.Parallel()
	var replaced replacements
	o := openOffice(t, watching(&replaced))
	folio := o.sends(o.silvia, lucia)
	card := o.approval("director", folio)
	inChannel := o.presses(o.oscar, card, "approval.approve", nil)
	asked := func(p teamsfake.Person, seen *teamsfake.Turn, message string, data map[string]any) string {
		t.Helper()
		activity := o.alike(p, seen, message, strings.Join([]string{"f", p.Name, message, data["verb"].(string), folioShape.FindString(card.Text())}, "-"))
		data["mark"] = o.markOf(card)
		activity["type"], activity["name"] = "invoke", "adaptiveCard/action"
		activity["value"] = map[string]any{"trigger": "automatic", "action": map[string]any{"type": "Action.Execute", "verb": data["verb"], "data": data}}
		turn, err := o.teams.DeliverActivity(o.within(), activity)
		o.must(err)
		return string(turn.Body)
	}
	for name, answer := range map[string]string{
		"decides":                   asked(o.rosa, inChannel, card.Message, map[string]any{"verb": "approval.approve", "folio": folio, "stage": "director", "round": 1}),
		"of another stage":          asked(o.oscar, inChannel, "1", map[string]any{"verb": "card.refresh", "folio": folio, "stage": "subdirector", "round": 1}),
		"of a round to come":        asked(o.oscar, inChannel, "2", map[string]any{"verb": "card.refresh", "folio": folio, "stage": "director", "round": 2}),
		"one's own, in a channel":   asked(o.silvia, inChannel, "6", map[string]any{"verb": "card.refresh", "folio": folio}),
		"a requester's, in channel": asked(o.oscar, inChannel, "3", map[string]any{"verb": "card.refresh", "folio": folio}),
		"another's request":         asked(o.martha, o.says(o.martha, "ayuda"), "4", map[string]any{"verb": "card.refresh", "folio": folio}),
		"another's account":         asked(o.martha, o.says(o.martha, "ayuda"), "5", map[string]any{"verb": "card.refresh", "stamp": folio + "-0001"}),
	} {
		if answer != "" {
			t.Errorf("%s: answered %.300s", name, answer)
		}
	}
	o.undecided(folio)
	o.authorises(folio)
	ready := o.announced(o.silvia, luciaMail)
	elsewhere := map[string]any{"verb": "card.refresh", "folio": folio, "stage": "subdirector", "round": 1}
	if answer := asked(o.oscar, inChannel, "7", elsewhere); answer != "" {
		t.Errorf("the subdirector's card in the director's channel: answered %.300s", answer)
	}
	o.reveals(o.silvia, luciaMail)
	before := len(replaced.of(ready.Message))
	if turn, err := o.teams.LookAt(o.within(), o.silvia.ID, ready); err != nil || turn == nil || len(turn.Body) != 0 {
		t.Errorf("while the password is read: %+v %v", turn, err)
	}
	o.stop()
	if n := len(replaced.of(ready.Message)); n != before {
		t.Errorf("the message with the password's view was replaced %d times", n-before)
	}
}
