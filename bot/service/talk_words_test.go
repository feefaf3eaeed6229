package service_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/store"
)

// writes mentions Altas and types words, in a channel or a thread of one, waits for the answer that
// contains all of answer, and returns it.
func (o *office) writes(p teamsfake.Person, where, words string, answer ...string) string {
	o.t.Helper()
	channel, _, _ := strings.Cut(where, ";")
	before := len(o.teams.Messages(channel, p.ID))
	turn, err := o.teams.Say(o.within(), p.ID, where, "@Altas "+words)
	o.must(err)
	place, _ := turn.Activity["conversation"].(map[string]any)["id"].(string)
	said := ""
	o.waits("answer to "+words+" with "+strings.Join(answer, " and "), func() bool {
		for i, m := range o.teams.Messages(channel, p.ID) {
			text := m.Text
			if m.Card != nil {
				text = m.Card.Text()
			}
			if i > before && m.From == "" && m.Conversation == place && !slices.ContainsFunc(answer, func(w string) bool { return !strings.Contains(text, w) }) {
				said = text
				return true
			}
		}
		return false
	})
	return said
}

// thread is that of the card of a folio at a stage. People read a card before they reply, so that
// the bot has its id; a test has to wait.
func (o *office) thread(stage, folio string) string {
	o.t.Helper()
	card := o.approval(stage, folio)
	o.eventually("cards that are drawn", o.drawn)
	return card.Conversation
}

// drawn reports whether every card is up to date.
func (o *office) drawn() bool {
	_, text := o.metrics(nil)
	return strings.Contains(text, `altas_jobs_owed{kind="cards"} 0`)
}

// decided are the decisions in a folio's audit entries; the service must have been stopped.
func (o *office) decided(folio string) []string {
	o.t.Helper()
	return slices.DeleteFunc(o.acts(folio), func(act string) bool {
		return !strings.HasPrefix(act, "approval.") && !strings.HasPrefix(act, "attention.")
	})
}

// No button works on their phones: Rosa replies in the card's thread, Ernesto types the folio in
// his channel. Each decision is made once, however often it is typed, and the cards show it.
func TestTheMainJobInWords(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	thread := o.thread("director", folio)
	o.writes(o.rosa, thread, "turnar", folio, "Turnada por la Dirección General", o.rosa.Name, "en revisión de la Subdirección")
	o.thread("subdirector", folio)
	o.writes(o.rosa, thread, "turnar", "No cambió nada", "Turnada por la Dirección General")
	o.writes(o.rosa, thread, "devolver Falta la CURP", "No cambió nada", "Turnada por la Dirección General")
	o.writes(o.rosa, thread, "rechazar Falta la CURP", "No cambió nada", "Turnada por la Dirección General")
	o.waits("decided card", func() bool { return o.count(o.channels["director"], o.oscar, folio, "✓", "Turnada por") == 1 })
	year, number := folio[:4], folio[5:]
	o.writes(o.ernesto, o.channels["subdirector"], "autorizar la "+year+"\u2011"+number+", por favor", folio, "Autorizada por la Subdirección de Sistemas")
	o.announced(o.silvia, luciaMail)
	o.account(luciaMail, folio)
	o.stop()
	o.oneEach()
	if diff := cmp.Diff([]string{"approval.approve", "approval.approve"}, o.decided(folio)); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
}

// Commands decide nothing where a button would not, or where they are ambiguous.
func TestWordsThatDecideNothing(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withRules(`approvers: ["{rosa}"]`, `approvers: ["{rosa}", "{silvia}"]`))
	folio, other := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	director, subdirector := o.channels["director"], o.channels["subdirector"]
	thread := o.thread("director", folio)
	short := strings.TrimLeft(folio[5:], "0")
	for _, c := range []struct {
		who          teamsfake.Person
		where, words string
		answer       string
	}{
		{o.oscar, thread, "turnar", "Usted no está entre quienes deciden aquí"},
		{o.oscar, thread, "rechazar No procede", "Usted no está entre quienes deciden aquí"},
		{o.oscar, director, "turnar " + folio, "Usted no está entre quienes deciden aquí"},
		{o.ernesto, thread, "turnar", "Usted no está entre quienes deciden aquí"},
		{o.silvia, thread, "turnar", "Usted envió esta solicitud"},
		{o.rosa, subdirector, "autorizar " + folio, "no hay una tarjeta del folio"},
		{o.rosa, o.channels["other"], "turnar " + folio, "Eso se decide en otro canal"},
		{o.rosa, o.channels["platform"], "turnar " + folio, "Eso se decide en otro canal"},
		{o.rosa, director, "turnar", "Pendientes"},
		{o.rosa, director, "turnar " + short, "Si lo es, escríbalo completo: turnar " + folio},
		{o.rosa, thread, "turnar " + short, "Si lo es, escríbalo completo: turnar " + folio},
		{o.rosa, director, "turnar 999", "no hay una tarjeta del folio 999"},
		{o.rosa, director, "turnar 2019-000001", "no hay una tarjeta del folio 2019-000001"},
		{o.rosa, director, "devolver Falta la CURP", "Falta saber de qué solicitud"},
		{o.rosa, thread, "turnar " + other, "Contesta a la tarjeta de " + folio},
		{o.rosa, thread, "autorizar", "En esta etapa se escribe «turnar»"},
		{o.rosa, thread, "turnar hasta que llegue el oficio", "turnar con indicaciones"},
		{o.rosa, thread, "no turnar", "No entendimos"},
		{o.rosa, thread, "devolver", "Escriba el motivo"},
		{o.rosa, thread, "rechazar", "Escriba el motivo"},
		{o.rosa, thread, "excluir 1", "Escriba el motivo"},
		{o.rosa, thread, "excluir 1: No labora ahí", "Deje al menos a una persona"},
		{o.rosa, thread, "excluir 7: No labora ahí", "no hay a quién excluir con el número 7"},
		{o.rosa, thread, "excluir a Lucía", "No quedó claro a quién dejar fuera"},
		{o.rosa, thread, "sí, rechazar", "No hay nada por confirmar"},
		{o.rosa, thread, "reintentar", "Eso se decide en otro canal"},
	} {
		o.writes(c.who, c.where, c.words, c.answer)
	}
	if _, err := o.teams.Say(o.within(), o.rosa.ID, thread, "turnar"); err == nil {
		t.Error("Teams passes on what does not mention Altas")
	}
	o.approval("director", folio) // can still be decided
	o.approval("director", other) // can still be decided
	o.stop()
	if got := append(o.decided(folio), o.decided(other)...); len(got) > 0 {
		t.Errorf("decided: %q", got)
	}
}

// A rejection needs a confirmation, by the same person, in the same thread, and in time.
func TestARejectionInWordsIsAsked(t *testing.T) {
	t.Parallel()
	o := openOffice(t, withRules(`approvers: ["{rosa}"]`, `approvers: ["{rosa}", "{gabriela}"]`))
	folio, other := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	thread, elsewhere := o.thread("director", folio), o.thread("director", other)
	asked := []string{"¿Rechaza el folio " + folio, "Lucía", "Es definitivo", "sí, rechazar"}
	o.writes(o.rosa, thread, "rechazar No labora en el plantel", asked...)
	o.writes(o.gabriela, thread, "sí, rechazar", "No hay nada por confirmar")
	o.writes(o.rosa, elsewhere, "sí, rechazar", "No hay nada por confirmar")
	o.approval("director", folio) // can still be decided
	o.stop()
	o.ahead = 16 * time.Minute
	o.start()
	o.writes(o.rosa, thread, "sí, rechazar", "No hay nada por confirmar")
	o.approval("director", folio) // can still be decided
	o.writes(o.rosa, o.channels["director"], "rechazar "+folio+" No labora en el plantel", asked...)
	o.restart()
	o.writes(o.rosa, o.channels["director"], "«Sí, rechazar»", "Rechazada por la Dirección General", "Rechazada")
	o.told(o.silvia, folio, "fue rechazada", "No labora en el plantel")
	o.writes(o.rosa, thread, "sí, rechazar", "No hay nada por confirmar")
	o.approval("director", other) // can still be decided
	o.stop()
	if diff := cmp.Diff([]string{"approval.reject"}, o.decided(folio)); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
}

// A returned and corrected request has a new card for the new round; commands in the thread of the
// old one decide nothing any more.
func TestWordsBelowTheCardOfAnEarlierRound(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	first := o.thread("director", folio)
	o.writes(o.rosa, first, "devolver: la CURP es de <at>otra</at> persona", "Devuelta por la Dirección General")
	o.told(o.silvia, folio, "la CURP es de otra persona")
	o.writes(o.rosa, o.channels["director"], "turnar "+folio, "No cambió nada", "Devuelta")
	form := o.presses(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.correct", folio), "request.correct", nil)
	if form.Text == "" {
		t.Fatal("nothing is said of the form")
	}
	o.shows(o.silvia, o.card(o.chats[o.silvia.ID], o.silvia, "request.submit", "Lucía"), "request.submit", nil)
	second := o.thread("director", folio)
	if second == first {
		t.Fatal("the new round has no card of its own")
	}
	o.writes(o.rosa, first, "turnar", "No cambió nada", "en revisión de la Dirección General")
	o.approval("director", folio) // can still be decided
	o.writes(o.rosa, second, "turnar con indicaciones: urge para el lunes", "Turnada por la Dirección General")
	if text := o.approval("subdirector", folio).Text(); !strings.Contains(text, "urge para el lunes") {
		t.Errorf("the subdirector does not read what is to be heeded:\n%s", text)
	}
	o.stop()
	if diff := cmp.Diff([]string{"approval.return", "approval.approve"}, o.decided(folio)); diff != "" {
		t.Errorf("decided (-want +got):\n%s", diff)
	}
}

// Of three lines, two are excluded by their numbers, with a reason; the third continues.
func TestLeavingOutInWords(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40))
	thread := o.thread("director", folio)
	o.writes(o.rosa, thread, "excluir 2 3 ya no laboran ahí", "No quedó claro a quién dejar fuera")
	o.approval("director", folio) // can still be decided
	o.writes(o.rosa, thread, "excluir 3: está de permiso", "Turnada por", "Ana Olvera Cruz quedó fuera")
	o.thread("subdirector", folio)
	o.writes(o.ernesto, o.channels["subdirector"], "excluir "+folio+" 2-3 ya no laboran ahí", "no hay a quién excluir con el número 3")
	o.writes(o.ernesto, o.channels["subdirector"], "excluir "+folio+" 2 ya no labora ahí", "Autorizada por", "Luis Ibarra Peña quedó fuera")
	o.announced(o.silvia, luciaMail)
	o.told(o.silvia, "Ana Olvera Cruz", "está de permiso")
	o.told(o.silvia, "Luis Ibarra Peña", "ya no labora ahí")
	o.stop()
	o.oneEach()
	if made := o.stamped(); len(made) != 1 || made[0].UserPrincipalName != luciaMail {
		t.Errorf("accounts made: %+v", made)
	}
}

// The director's office works in a group chat, which has no threads: Rosa quotes the card. Of two
// pending requests, the quoted one is turned over.
func TestAQuotedCardInWords(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) {
		o.channels["director"] = o.teams.AddGroupChat("Dirección", o.rosa.ID, o.oscar.ID)
		o.teams.InstallSilently(o.channels["director"])
		o.rules(officeRules)
	})
	folio, other := o.sends(o.silvia, lucia), o.sends(o.martha, luis)
	chat := o.thread("director", other)
	quote := func(folio string) string {
		return `<quoted messageId="` + o.approval("director", folio).Message + `"/> `
	}
	o.writes(o.rosa, chat, "turnar", "Pendientes")
	o.writes(o.rosa, chat, `turnar <quoted messageId="17"/>`, "Pendientes")
	o.writes(o.oscar, chat, quote(folio)+"turnar", "Usted no está entre quienes deciden aquí")
	o.writes(o.rosa, chat, quote(folio)+"turnar "+other, "Contesta a la tarjeta de "+folio)
	o.writes(o.rosa, chat, quote(folio)+"turnar", folio, "Turnada por la Dirección General")
	o.approval("subdirector", folio)
	o.approval("director", other) // can still be decided
	o.stop()
	if got := o.decided(other); len(got) > 0 {
		t.Errorf("decided: %q", got)
	}
}

// The cards were posted by the previous release, which stored no threads: commands below one that
// can still be decided are accepted.
func TestWordsBelowACardOfTheReleaseBefore(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.sends(o.martha, luis)
	thread := o.thread("director", folio)
	o.stop()
	db, err := store.Open(o.env["STORE_PATH"], store.Options{})
	o.must(err)
	dropped := 0
	o.must(db.Update(t.Context(), func(tx provisioning.Tx) error {
		var failed []error
		for key, err := range tx.Keys("thread", "") {
			failed = append(failed, err, tx.Drop("thread", key))
			dropped++
		}
		return errors.Join(failed...)
	}))
	o.must(db.Close())
	if dropped == 0 {
		t.Fatal("no threads were kept")
	}
	o.start()
	o.writes(o.rosa, thread, "turnar", folio, "Turnada por la Dirección General")
	o.approval("subdirector", folio)
}
