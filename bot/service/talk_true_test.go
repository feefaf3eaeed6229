package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// offers returns the cards of a person's chat that can still be used for something.
func (o *office) offers(p teamsfake.Person, verb, about string) (all []*teamsfake.Card) {
	for _, c := range o.teams.Cards(o.chats[p.ID], o.martha.ID) { // as the message is, without p's own views
		if c.Offers(verb) && strings.Contains(c.Text(), about) {
			all = append(all, c)
		}
	}
	return all
}

// A request is returned, corrected and completed. What the chat showed of it on the way,
// the first form and the notice of its return, offers nothing any more and shows nothing of
// how it was.
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
	o.waits("the card of the request, true", func() bool { return o.count(o.chats[o.silvia.ID], o.martha, folio, "Respuesta entregada") >= 1 })
	if n := o.count(o.chats[o.silvia.ID], o.martha, "Devuelta para corregir"); n != 0 {
		t.Errorf("%d cards say that it is returned:\n%s", n, o.conversations())
	}
	o.stop()
	if n := o.kept("own/" + folio + "/"); n != 0 {
		t.Errorf("%d posts are kept of what cannot change any more", n)
	}
}

// It is returned and cancelled: the notice of the return says so, and so does the state
// that was asked for.
func TestWhatWasReturnedAndCancelled(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.returns(o.rosa, "director", folio, "Falta un apellido.")
	o.waits("two cards to correct it by", func() bool { return len(o.offers(o.silvia, "request.correct", folio)) == 2 })
	for range 2 { // the second takes the place of the first
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

// Silvia asks for her form again: the one above says that there is a newer one.
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
