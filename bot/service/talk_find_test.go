package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
)

// aTeacher is a teacher as a secretary types them; n determines the CURP.
func aTeacher(given, first, second string, n int) teamsfake.Inputs {
	return teamsfake.Inputs{
		"type": "docente", "givenNames": given, "firstSurname": first, "secondSurname": second,
		"curp": string(provisioningtest.CURP(n)), "cct": "05DPR0221C",
	}
}

// finds types a search and returns the card in the answer that contains want.
func (o *office) finds(p teamsfake.Person, words, want string) *teamsfake.Card {
	o.t.Helper()
	before := len(o.teams.Messages(o.chats[p.ID], p.ID))
	o.says(p, words)
	var found *teamsfake.Card
	o.waits("answer to "+words+" with "+want, func() bool {
		for _, m := range o.teams.Messages(o.chats[p.ID], p.ID)[before:] {
			if m.Card != nil && m.From == "" && strings.Contains(m.Card.Text(), want) {
				found = m.Card
			}
		}
		return found != nil
	})
	return found
}

// Gabriela, an administrator, finds everybody's requests by any of their data; Silvia and Martha
// find their own, and not each other's.
func TestSearch(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	hers := o.sends(o.silvia, lucia)
	other := o.sends(o.martha, aTeacher("Luis", "Ibarra", "Peña", 21))
	o.acknowledges(o.gabriela) // she will type a CURP
	for words, want := range map[string]string{
		"buscar ñañez lucía":                          hers,
		"Buscar " + string(provisioningtest.CURP(11)): hers,
		"estado " + luciaMail:                         hers,
		"find luis IBARRA":                            other,
		"estado " + other:                             other,
	} {
		o.finds(o.gabriela, words, want)
	}
	both := o.finds(o.gabriela, "buscar 05DPR0221C", hers)
	if text := both.Text(); !strings.Contains(text, other) || !strings.Contains(text, o.martha.Name) || strings.Contains(text, string(provisioningtest.CURP(11))) {
		t.Errorf("both requests, with who asked for them and masked CURPs:\n%s", text)
	}
	own := o.finds(o.silvia, "buscar 05DPR0221C", hers)
	if strings.Contains(own.Text(), other) {
		t.Errorf("Silvia finds Martha's request:\n%s", own.Text())
	}
	o.finds(o.silvia, "buscar Ibarra", "Sin resultados")
	o.says(o.silvia, "estado "+other)
	o.told(o.silvia, "No encontramos")
	o.says(o.silvia, "buscar")
	o.told(o.silvia, "Escriba también qué buscar")
}

// Martha requests Rita, with the CURP of Lucía's account: its address is masked for her, and she
// cannot confirm a guess of it by a search.
func TestAMaskedAddressIsNotFound(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.authorises(o.sends(o.silvia, lucia))
	o.announced(o.silvia, luciaMail)
	folio := o.sends(o.martha, luis, named(lucia, "Rita", "Ñáñez", "Soto"))
	o.finds(o.martha, "buscar rita", folio)
	o.finds(o.martha, "buscar otra.persona@docentecoahuila.gob.mx", "Sin resultados")
	o.finds(o.martha, "buscar "+luciaMail, "Sin resultados")
	o.installs(o.gabriela)
	o.finds(o.gabriela, "buscar "+luciaMail, folio)
}

// An administrator cannot cancel a request that she opened.
func TestSearchOpensWithoutButtons(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.gabriela)
	folio := o.sends(o.silvia, lucia)
	list := o.finds(o.gabriela, "buscar Ñáñez", folio)
	if turn := o.presses(o.gabriela, list, cards.RequestStatus, nil); turn.Text != cards.In("es-MX").Say("answer.below", nil) {
		t.Errorf("told %q of what is below", turn.Text)
	}
	var card *teamsfake.Card
	o.waits("the request", func() bool {
		all := o.teams.Cards(o.chats[o.gabriela.ID], o.gabriela.ID)
		card = all[len(all)-1]
		return strings.Contains(card.Text(), "Seguimiento")
	})
	if len(card.Verbs()) > 0 || !strings.Contains(card.Text(), o.silvia.Name) {
		t.Errorf("an administrator is offered %v on:\n%s", card.Verbs(), card.Text())
	}
}

// A search with more than one page has buttons to the next one and back to the newest.
func TestSearchTurnsPages(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	var folios []string
	for i := range cards.PageSize + 1 {
		folios = append(folios, o.sends(o.silvia, aTeacher("Ana", "Olvera", "Cruz", 40+i)))
	}
	first := o.finds(o.silvia, "buscar Olvera", folios[1])
	if strings.Contains(first.Text(), folios[0]) {
		t.Fatalf("the oldest stands on the first page:\n%s", first.Text())
	}
	older := o.shows(o.silvia, first, "Ver anteriores", nil)
	if text := older.Text(); !strings.Contains(text, folios[0]) || strings.Contains(text, folios[1]) {
		t.Errorf("the second page:\n%s", text)
	}
	newest := o.shows(o.silvia, older, "Ver las más recientes", nil)
	if newest.Text() != first.Text() {
		t.Errorf("back on the first page:\n%s", newest.Text())
	}
}
