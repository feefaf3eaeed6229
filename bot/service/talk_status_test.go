package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// statusOf are the texts of the cards about a request in a person's chat.
func (o *office) statusOf(p teamsfake.Person, folio string) (texts []string) {
	for _, m := range o.teams.Messages(o.chats[p.ID], p.ID) {
		if m.Card != nil && m.From == "" && strings.Contains(m.Card.Text(), folio) {
			texts = append(texts, m.Card.Text())
		}
	}
	return texts
}

// Gabriela looked up Silvia's request as an administrator, and is none any more. At the next change
// her card says that it is out of date, and nothing about the request; then it is no post of the
// request any more. The card of Ernesto, who is an administrator now, is kept up to date.
func TestWhoIsAnAdministratorNoLonger(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	o.installs(o.ernesto)
	folio := o.sends(o.silvia, lucia)
	o.finds(o.gabriela, "estado "+folio, "Silvia")
	o.eventually("cards that are drawn", o.drawn)
	o.stop()
	if n := o.kept("own/" + folio + "/status/"); n != 1 {
		t.Fatalf("%d posts of what was asked for, want hers", n)
	}
	o.rules(strings.Replace(officeRules, `administrators: ["{gabriela}"]`, `administrators: ["{ernesto}"]`, 1))
	o.start()
	o.finds(o.ernesto, "estado "+folio, "Silvia")
	o.approves(o.rosa, "director", folio)
	o.eventually("her card, out of date", func() bool {
		return len(o.statusOf(o.gabriela, folio)) == 0 && o.count(o.chats[o.gabriela.ID], o.gabriela, "Esta tarjeta ya no está vigente") == 1
	})
	o.waits("his card, true", func() bool { return o.count(o.chats[o.ernesto.ID], o.ernesto, folio, "Turnada") == 1 })
	o.eventually("cards that are drawn", o.drawn)
	o.stop()
	if n := o.kept("own/" + folio + "/status/"); n != 1 {
		t.Errorf("%d posts of what was asked for are kept, want his alone", n)
	}
}

// Gabriela looks at a returned request; so does Silvia, who corrects it. Silvia's card is replaced
// by the form, and Gabriela's shows the request until it ends.
func TestAnAdministratorsStatusOfACorrection(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	folio := o.sends(o.silvia, lucia)
	o.returns(o.rosa, "director", folio, "Falta el oficio.")
	o.finds(o.gabriela, "estado "+folio, "Falta el oficio")
	o.finds(o.silvia, "estado "+folio, "Falta el oficio")
	o.eventually("cards that are drawn", o.drawn)
	o.shows(o.silvia, o.corrects(o.silvia, folio, "Lucía"), "request.submit", nil)
	o.approval("director", folio)
	o.waits("what was Silvia's, passed", func() bool {
		return o.count(o.chats[o.silvia.ID], o.silvia, folio, "Hay una tarjeta más reciente") == 3
	})
	o.eventually("Gabriela's card, with the correction", func() bool {
		return o.count(o.chats[o.gabriela.ID], o.gabriela, folio, "En revisión de la Dirección") == 1
	})
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	o.eventually("Gabriela's card, at the end", func() bool {
		return o.count(o.chats[o.gabriela.ID], o.gabriela, folio, luciaMail, "Se avisó a quien solicita") == 1
	})
	if n := o.count(o.chats[o.gabriela.ID], o.gabriela, "Hay una tarjeta más reciente"); n != 0 {
		t.Errorf("%d cards tell Gabriela of a newer one:\n%s", n, o.conversations())
	}
}
