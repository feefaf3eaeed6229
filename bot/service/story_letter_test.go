package service_test

import (
	"bytes"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// letterCard waits for the card of a folio's letter in the subdirector's channel that offers a verb.
func (o *office) letterCard(folio, verb string) *teamsfake.Card {
	o.t.Helper()
	return o.card(o.channels["subdirector"], o.oscar, verb, folio)
}

// receives accepts the newest file that was offered in the person's chat, and returns what arrived.
func (o *office) receives(p teamsfake.Person) []byte {
	o.t.Helper()
	var offer teamsfake.Message
	o.waits("file offered to "+p.Name, func() bool {
		for _, m := range slices.Backward(o.teams.Messages(o.chats[p.ID], p.ID)) {
			if offersFile(m) {
				offer = m
				return true
			}
		}
		return false
	})
	_, id, err := o.teams.AnswerFileConsent(o.within(), p.ID, offer, true)
	if err != nil {
		o.t.Fatalf("%s accepts the file: %v", p.Name, err)
	}
	var data []byte
	o.eventually("the file of "+p.Name, func() bool {
		_, data = o.teams.File(id)
		return len(data) > 0
	})
	o.waits("the offer taken back from "+p.Name, func() bool {
		return !slices.ContainsFunc(o.teams.Messages(o.chats[p.ID], p.ID), func(m teamsfake.Message) bool { return m.ID == offer.ID && offersFile(m) })
	})
	return data
}

func offersFile(m teamsfake.Message) bool {
	return slices.ContainsFunc(m.Attachments, func(a map[string]any) bool {
		return a["contentType"] == "application/vnd.microsoft.teams.card.file.consent"
	})
}

// page gets one of the service's pages.
func (o *office) page(path string) (status int, body string) {
	o.t.Helper()
	r, err := http.NewRequestWithContext(o.within(), http.MethodGet, "http://"+o.listens()+path, nil)
	if err != nil {
		o.t.Fatal(err)
	}
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		o.t.Fatal(err)
	}
	defer answer.Body.Close()
	data, err := io.ReadAll(answer.Body)
	if err != nil {
		o.t.Fatal(err)
	}
	return answer.StatusCode, string(data)
}

// lettersOf are the letters of a folio; the service must have been stopped.
func (o *office) lettersOf(folio string) (all []letter.Letter) {
	o.t.Helper()
	o.ledger(func(tx provisioning.Tx) (err error) {
		all, err = letter.Of(tx, provisioning.Folio(folio))
		return err
	})
	return all
}

// The request is answered: the office receives the letter, sends it and says so; Silvia receives
// the same bytes, whenever she asks. The code on it leads to a page without names.
func TestTheLetterOfReply(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.installs(o.ernesto)
	folio := o.sends(o.silvia, lucia, luis)
	o.authorises(folio)
	toSend := o.letterCard(folio, "letter.sent")
	if !strings.Contains(toSend.Text(), "SEDU/DGTI/0001/2026") {
		t.Errorf("the card has no number:\n%s", toSend.Text())
	}
	o.presses(o.ernesto, toSend, "letter.file", nil)
	printed := o.receives(o.ernesto)
	if !bytes.HasPrefix(printed, []byte("%PDF-")) {
		t.Errorf("the file begins with %q", printed[:min(len(printed), 20)])
	}
	sent := o.shows(o.ernesto, o.letterCard(folio, "letter.sent"), "letter.sent", nil)
	if sent.Offers("letter.sent") || !strings.Contains(sent.Text(), o.ernesto.Name) {
		t.Errorf("after it was sent:\n%s", sent.Text())
	}
	notice := o.card(o.chats[o.silvia.ID], o.silvia, "letter.file", folio)
	o.presses(o.silvia, notice, "letter.file", nil)
	if !bytes.Equal(o.receives(o.silvia), printed) {
		t.Error("Silvia received other bytes")
	}
	o.says(o.silvia, "oficio "+folio)
	if !bytes.Equal(o.receives(o.silvia), printed) {
		t.Error("asked for again, it has other bytes")
	}
	o.restart()
	o.says(o.silvia, "oficio "+folio)
	if !bytes.Equal(o.receives(o.silvia), printed) {
		t.Error("after a restart it has other bytes")
	}
	o.stop()
	all := o.lettersOf(folio)
	if len(all) != 1 || all[0].SentBy.ID != o.ernesto.ID || all[0].Lines != 2 {
		t.Fatalf("letters %+v", all)
	}
	o.start()
	status, body := o.page("/oficio/" + strings.ToLower(strings.ReplaceAll(all[0].Code, "-", "")))
	if status != http.StatusOK || !strings.Contains(body, "Válido") || !strings.Contains(body, folio) || !strings.Contains(body, "<dd>2</dd>") {
		t.Errorf("page %d:\n%s", status, body)
	}
	for _, name := range []string{"Lucía", "Ñáñez", "Luis", "Silvia", "Ernesto", "Rosa", "@docente"} {
		if strings.Contains(body, name) {
			t.Errorf("the page names %s", name)
		}
	}
	if status, body = o.page("/oficio/AAAA-BBBB-CCCC-DDDD"); status != http.StatusNotFound || strings.Contains(body, "Válido") {
		t.Errorf("an unknown code: %d\n%s", status, body)
	}
}

// A letter is the office's to send, and its people's to read.
func TestWhoHasTheLetter(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	for _, p := range []teamsfake.Person{o.rosa, o.ernesto, o.gabriela, o.oscar} {
		o.installs(p)
	}
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	card := o.letterCard(folio, "letter.sent")
	o.refused(o.presses(o.oscar, card, "letter.sent", nil), "letter.office")
	o.refused(o.presses(o.oscar, card, "letter.annul", teamsfake.Inputs{"comment": "porque sí"}), "letter.office")
	o.refused(o.presses(o.rosa, card, "letter.sent", nil), "letter.office")
	for _, p := range []teamsfake.Person{o.silvia, o.rosa, o.ernesto, o.gabriela} {
		o.says(p, "oficio "+folio)
		if data := o.receives(p); !bytes.HasPrefix(data, []byte("%PDF-")) {
			t.Errorf("%s received %q", p.Name, data)
		}
	}
	for _, p := range []teamsfake.Person{o.martha, o.oscar} {
		o.says(p, "oficio "+folio)
		o.told(p, "No encontramos una solicitud suya con ese folio")
		if slices.ContainsFunc(o.teams.Messages(o.chats[p.ID], p.ID), offersFile) {
			t.Errorf("%s was offered the letter", p.Name)
		}
	}
	if got := o.presses(o.oscar, card, "letter.file", nil); got.Card != nil || !strings.Contains(got.Text, "vigente") {
		t.Errorf("whoever may not read it presses the button: %q", got.Text)
	}
}

// What was offered to Silvia, another cannot accept; nor can the offer be accepted twice.
func TestAnOfferedLetterIsForOnePerson(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	o.letterCard(folio, "letter.sent")
	o.says(o.silvia, "oficio "+folio)
	var offer teamsfake.Message
	o.waits("offer", func() bool {
		for _, m := range o.teams.Messages(o.chats[o.silvia.ID], o.silvia.ID) {
			if offersFile(m) {
				offer = m
			}
		}
		return offer.ID != ""
	})
	theirs := offer
	theirs.Conversation = o.chats[o.martha.ID]
	_, id, err := o.teams.AnswerFileConsent(o.within(), o.martha.ID, theirs, true)
	if err == nil {
		o.told(o.martha, "de otra persona")
		if _, data := o.teams.File(id); len(data) > 0 {
			t.Error("Martha received Silvia's letter")
		}
	}
	if data := o.receives(o.silvia); len(data) == 0 {
		t.Error("Silvia received nothing after Martha tried")
	}
	o.stop()
	if n := strings.Count(strings.Join(o.acts(folio), " "), "letter.fetch"); n != 1 {
		t.Errorf("%d entries of who fetched it", n)
	}
}

// The office numbers its letters itself: the card asks, and takes no number twice.
func TestTheOfficeNumbersItsLetters(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) {
		o.rules(officeRules + "\nletter: {numbering: {source: oficina}, senders: [\"{silvia}\"]}\n")
	})
	first, second := o.sends(o.silvia, lucia), o.sends(o.silvia, luis)
	o.authorises(first)
	o.authorises(second)
	o.letterCard(first, "letter.number")
	o.says(o.silvia, "oficio "+first)
	o.told(o.silvia, "espera el número")
	card := o.shows(o.ernesto, o.letterCard(first, "letter.number"), "letter.number", teamsfake.Inputs{"oficio": "SS/12/2026"})
	if !strings.Contains(card.Text(), "SS/12/2026") {
		t.Errorf("after the number:\n%s", card.Text())
	}
	o.letterCard(first, "letter.sent")
	card = o.shows(o.ernesto, o.letterCard(second, "letter.number"), "letter.number", teamsfake.Inputs{"oficio": "ss/12/2026"})
	if in := card.Input("oficio"); in == nil || in.Value != "ss/12/2026" || !strings.Contains(card.Text(), "ya lo lleva el oficio del folio "+first) {
		t.Errorf("the same number again:\n%s", card.Text())
	}
	o.shows(o.ernesto, card, "letter.number", teamsfake.Inputs{"oficio": "SS/13/2026"})
	o.letterCard(second, "letter.sent")
}

// In words, as on a phone: in the thread of the card, or with the folio.
func TestLettersInWords(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.rules(officeRules + "\nletter: {numbering: {source: rango}}\n") })
	o.installs(o.ernesto)
	folio := o.sends(o.silvia, lucia)
	o.authorises(folio)
	waiting := o.letterCard(folio, "letter.range")
	office := o.channels["subdirector"]
	o.writes(o.ernesto, office, "oficio rango de 181 a 240", "Se reservaron los números 181 a 240")
	card := o.letterCard(folio, "letter.sent")
	if !strings.Contains(card.Text(), "SEDU/DGTI/0181/2026") || card.Message != waiting.Message {
		t.Errorf("after the range:\n%s", card.Text())
	}
	o.writes(o.oscar, office, "oficio "+folio+" enviado", "Solo lo hace quien autoriza")
	for _, unclear := range []string{" anular?", " anular ¿se puede?", " anular no, mejor no"} {
		o.writes(o.ernesto, office, "oficio "+folio+unclear, "No quedó claro qué hacer con el oficio")
	}
	o.writes(o.ernesto, office, "oficio "+folio+" anular", "Escriba por qué se anula el oficio")
	o.writes(o.ernesto, office, "oficio "+folio+" anular el nombre está mal", "¿Anula el oficio SEDU/DGTI/0181/2026", "sí, anular")
	o.writes(o.ernesto, office, "sí", "Para confirmar escriba: sí, anular")
	o.writes(o.ernesto, office, "sí, anular", "quedó anulado")
	o.writes(o.ernesto, office, "sí, anular", "No hay nada por confirmar")
	next := o.card(office, o.oscar, "letter.sent", "SEDU/DGTI/0182/2026")
	o.waits("annulled card", func() bool { return o.count(office, o.oscar, "SEDU/DGTI/0181/2026", "Lo anuló "+o.ernesto.Name) == 1 })
	o.eventually("cards that are drawn", o.drawn)
	o.writes(o.ernesto, next.Conversation, "oficio enviado", "SEDU/DGTI/0182/2026", "quedó como enviado")
	o.writes(o.ernesto, next.Conversation, "turnar", "Nada pendiente")
	o.writes(o.ernesto, office, "oficio "+folio+" ¿y si mejor mañana?", "No quedó claro qué hacer con el oficio")
	o.writes(o.ernesto, office, "oficio "+folio, "El archivo está en su chat")
	if data := o.receives(o.ernesto); !bytes.HasPrefix(data, []byte("%PDF-")) {
		t.Errorf("received %q", data)
	}
	o.stop()
	all := o.lettersOf(folio)
	if len(all) != 2 || all[0].Valid() || all[0].Reason != "el nombre está mal" || !all[1].Valid() || all[1].SentAt.IsZero() {
		t.Fatalf("letters %+v", all)
	}
	o.start()
	if _, body := o.page("/oficio/" + all[0].Code); !strings.Contains(body, "Anulado") || strings.Contains(body, "nombre") {
		t.Errorf("the page of the annulled letter:\n%s", body)
	}
}

// A rejection is answered too; a request that nobody decided on is answered if somebody asks.
func TestWhichRequestsAreAnswered(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	rejected := o.sends(o.silvia, luis)
	o.rejects(o.rosa, "director", rejected, "Ya no labora en la escuela.")
	o.letterCard(rejected, "letter.sent")
	made := o.sends(o.silvia, lucia)
	o.authorises(made)
	o.letterCard(made, "letter.sent")
	recovered := o.sendsRecovery(o.silvia, byAddress(luciaMail)) // her own of this week: nobody decides
	o.renewed(o.silvia, luciaMail)
	o.says(o.silvia, "oficio "+recovered)
	o.told(o.silvia, "El oficio del folio "+recovered+" se está preparando")
	o.letterCard(recovered, "letter.sent")
	o.says(o.silvia, "oficio "+recovered)
	o.receives(o.silvia)
	open := o.sends(o.martha, iker)
	o.says(o.martha, "oficio "+open)
	o.told(o.martha, "El folio "+open+" sigue en trámite")
}

// After the store was restored from a backup, the number of a letter that was given out since is
// not given again.
func TestARestoreGivesNoNumberAgain(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	first := o.sends(o.silvia, lucia)
	o.stop()
	backup := o.files("altas.db")
	o.start()
	o.authorises(first)
	o.letterCard(first, "letter.sent")
	o.stop()
	lost := o.lettersOf(first)
	o.putBack(backup)
	o.start()
	second := o.sends(o.martha, luis)
	o.authorises(second)
	o.card(o.channels["subdirector"], o.oscar, "letter.sent", "SEDU/DGTI/0002/2026")
	o.stop()
	if now := o.lettersOf(second); len(lost) != 1 || len(now) != 1 || now[0].Number == lost[0].Number {
		t.Errorf("before the restore %+v, after it %+v", lost, now)
	}
}
