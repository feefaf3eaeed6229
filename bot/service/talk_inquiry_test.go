package service_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// named is a person's form with another name.
func named(h teamsfake.Inputs, given, first, second string) teamsfake.Inputs {
	other := maps.Clone(h)
	other["givenNames"], other["firstSurname"], other["secondSurname"] = given, first, second
	return other
}

// tells fails unless a card contains all of the words, and none of the others.
func (o *office) tells(what string, card *teamsfake.Card, words []string, not ...string) {
	o.t.Helper()
	text := card.Text()
	for _, w := range words {
		if !strings.Contains(text, w) {
			o.t.Errorf("%s does not tell %q:\n%s", what, w, text)
		}
	}
	for _, w := range not {
		if strings.Contains(text, w) {
			o.t.Errorf("%s tells %q:\n%s", what, w, text)
		}
	}
}

// discards discards a form.
func (o *office) discards(p teamsfake.Person, form *teamsfake.Card) {
	o.t.Helper()
	o.shows(p, form, "request.discard", nil)
}

const luciaMasked = "l····@docentecoahuila.gob.mx"

// Lucía's CURP is typed by somebody who does not know her. While she is requested they learn that,
// but not who requested her; once she has an account, they learn that it exists, but neither her
// name nor her address. Whoever types her name too sees the address. No request is sent for her in
// any case; and each inquiry is recorded.
func TestWhatACURPTellsAStranger(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	folio := o.sends(o.silvia, lucia)
	mine := o.asks(o.silvia, lucia)
	o.tells("her own requester's form", mine, []string{"Ya se solicitó con el folio " + folio})
	o.discards(o.silvia, mine)
	asked := o.asks(o.martha, lucia)
	o.tells("a form while she is asked for", asked, []string{"Ya la solicitó otra persona"}, folio)
	o.discards(o.martha, asked)
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
	for what, typed := range map[string]teamsfake.Inputs{
		"of no word of her name": named(lucia, "Rosa", "Cantú", "Lara"),
		"of a guess at her name": named(lucia, "Lucía", "Pérez", "Soto"),
	} {
		form := o.asks(o.martha, typed)
		o.tells("a form "+what, form, nil, luciaMail, "lucia.nanez", "Ñáñez", folio)
		o.discards(o.martha, form)
	}
	guessed := o.asks(o.martha, named(lucia, "Lucía", "Pérez", "Soto"))
	o.tells("a guess at her name", guessed, []string{"Ya hay una cuenta con esta CURP", luciaMasked})
	if guessed.Offers("request.submit") {
		t.Error("a form of hers alone is offered to be sent")
	}
	o.discards(o.martha, guessed)
	known := o.asks(o.martha, named(lucia, "Lucía", "Ñáñez", ""))
	o.tells("a form with her name", known, []string{luciaMail})
	o.discards(o.martha, known)
	o.stop()
	if told := o.toldOf(o.martha); len(told) != 4 {
		t.Errorf("written down of what Martha was told: %v", told)
	}
	if told := o.toldOf(o.silvia); len(told) != 1 {
		t.Errorf("written down of what Silvia was told: %v", told)
	}
}

// toldOf are the audit entries of a person's inquiries; the service must have been stopped. None
// contains a CURP.
func (o *office) toldOf(p teamsfake.Person) (all []provisioning.Entered) {
	o.t.Helper()
	o.ledger(func(tx provisioning.Tx) error {
		for e, err := range tx.Entries("") {
			if err != nil {
				return err
			}
			for _, v := range e.Detail {
				if curpInLog.MatchString(v) {
					o.t.Errorf("the audit has a whole CURP: %v", e)
				}
			}
			if strings.HasPrefix(e.Act, "inquiry.") && e.By.ID == p.ID {
				all = append(all, e)
			}
		}
		return nil
	})
	return all
}

// Martha sends Luis, and with him Lucía's CURP with a guessed name. All that she sees later has the
// address masked, until both stages have authorised it; the approvers see it in full.
func TestAnAccountThatIsNotTheirsStaysMasked(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	o.authorises(o.sends(o.silvia, lucia))
	o.announced(o.silvia, luciaMail)
	folio := o.sends(o.martha, luis, named(lucia, "Lucía", "Pérez", "Soto"))
	masked := []string{luciaMasked, "luis.ibarra@"}
	o.tells("what was sent", o.card(o.chats[o.martha.ID], o.martha, "request.cancel", folio), masked, luciaMail)
	o.tells("estado", o.finds(o.martha, "estado "+folio, "Seguimiento"), masked, luciaMail)
	o.tells("buscar", o.finds(o.martha, "buscar Pérez", folio), masked[:1], luciaMail)
	o.tells("the director's card", o.approval("director", folio), []string{luciaMail})
	o.returns(o.rosa, "director", folio, "Falta el oficio.")
	o.tells("the returned one", o.card(o.chats[o.martha.ID], o.martha, "request.correct", folio), masked, luciaMail)
	review := o.corrects(o.martha, folio, "Luis")
	o.tells("the correction", review, masked, luciaMail)
	o.tells("what was sent again", o.shows(o.martha, review, "request.submit", nil), masked, luciaMail)
	o.authorises(folio)
	o.announced(o.martha, "luis.ibarra@docentecoahuila.gob.mx")
	o.tells("estado, once it is authorised", o.finds(o.martha, "estado "+folio, "Concluida"), []string{luciaMail})
}

// Martha sends Luis, and Lucía, whom Silvia requested before: her cards say that somebody did, and
// only the director's says in which request.
func TestAnothersFolioIsNotTold(t *testing.T) {
	t.Parallel()
	o := openOffice(t)
	before := o.sends(o.silvia, lucia)
	folio := o.sends(o.martha, luis, lucia)
	told := []string{"Ya la solicitó otra persona"}
	o.tells("what was sent", o.card(o.chats[o.martha.ID], o.martha, "request.cancel", folio), told, before)
	o.tells("estado", o.finds(o.martha, "estado "+folio, "Seguimiento"), told, before)
	o.tells("the director's card", o.approval("director", folio), []string{"Ya se solicitó con el folio " + before})
}

// A namesake of Luis has an account that nothing links to his CURP: the form says that somebody
// will decide whose it is, but not which account it is.
func TestANamesakesAddressIsMasked(t *testing.T) {
	t.Parallel()
	o := raise(t)
	o.seeds(map[string]any{"userPrincipalName": "libarra70@docentecoahuila.gob.mx", "displayName": "Luis Ibarra Peña"})
	o.start()
	o.installs(o.silvia)
	review := o.asks(o.silvia, luis)
	o.tells("the form", review, []string{"Ya hay una cuenta con este nombre (l····@docentecoahuila.gob.mx)"}, "libarra70")
	folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text())
	o.tells("the director's card", o.approval("director", folio), []string{"libarra70@docentecoahuila.gob.mx"})
	o.returns(o.rosa, "director", folio, "Falta el oficio.")
	o.tells("the correction", o.corrects(o.silvia, folio, "Luis"), []string{"l····@"}, "libarra70")
}

// The rules allow inquiries about three people a day. The fourth is not looked up, what was typed
// is kept, and the platform gets one notice; a restart does not reset the count. The next day it
// works again.
func TestAskingIsCountedByDay(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.rules(officeRules + "\nlimits: {inquiries: 3}\n") })
	folio := o.sends(o.martha, lucia)
	people := []teamsfake.Inputs{lucia, luis, aTeacher("Ana", "Olvera", "Cruz", 40), aTeacher("Íñigo", "Solís", "Rey", 41)}
	form := o.shows(o.silvia, o.asks(o.silvia, people[:3]...), "request.add", nil)
	for range 2 {
		if form = o.shows(o.silvia, form, "request.next", without(people[3], "type")); form.Input("givenNames") == nil || form.Input("givenNames").Value != "Íñigo" {
			t.Fatalf("the fourth is looked up, or gone:\n%s", form.Text())
		}
		o.tells("the fourth", form, []string{"Hoy ya consultó 3 personas o folios", "Lo que escribió se conserva"})
		o.restart()
	}
	o.waits("word in the platform channel", func() bool {
		return o.count(o.channels["platform"], o.gabriela, o.silvia.Name, "consultó hoy 3 personas") == 1
	})
	o.says(o.silvia, "estado "+folio)
	o.told(o.silvia, "Hoy ya consultó")
	back := o.shows(o.silvia, form, "request.back", nil)
	again := o.shows(o.silvia, o.shows(o.silvia, back, "request.edit", teamsfake.Inputs{"number": "2"}), "request.next", nil)
	if !again.Offers("request.submit") {
		t.Errorf("who was asked about today is not looked up again:\n%s", again.Text())
	}
	o.later(1)
	form = o.shows(o.silvia, o.shows(o.silvia, again, "request.add", nil), "request.next", without(people[3], "type"))
	o.tells("the next day", form, []string{"inigo.solis@"})
	o.stop()
	if n := o.count(o.channels["platform"], o.gabriela, o.silvia.Name, "consultó hoy"); n != 1 {
		t.Errorf("the platform is told %d times", n)
	}
	for key := range o.documents("inquiry") {
		if !strings.HasSuffix(key, time.Now().Add(o.ahead).In(saltillo(t)).Format("2006-01-02")) {
			t.Errorf("%s is kept, of a day that is over", key)
		}
	}
}

func saltillo(t *testing.T) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation("America/Monterrey")
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// Martha tries consecutive folios. The answer is the same for existing and other folios; which of
// Silvia's she typed is recorded. Her own are not counted, nor an administrator's inquiries.
func TestCountingFoliosUp(t *testing.T) {
	t.Parallel()
	o := openOffice(t, func(o *office, _ *tenantConfig) { o.rules(officeRules + "\nlimits: {inquiries: 4}\n") })
	first, hers := o.sends(o.silvia, lucia), o.sends(o.martha, luis) // her form for Luis was one inquiry
	o.told(o.martha, "Solicitud enviada", hers)
	answer := func(p teamsfake.Person, words string) string {
		before := len(o.teams.Messages(o.chats[p.ID], p.ID))
		o.says(p, words)
		var text string
		o.waits("answer to "+words, func() bool {
			for _, m := range o.teams.Messages(o.chats[p.ID], p.ID)[before:] {
				if m.From == "" && m.Card == nil {
					text = m.Text
				}
			}
			return text != ""
		})
		return text
	}
	none := strings.Replace(first, "-000001", "-000777", 1)
	if there, not := answer(o.martha, "estado "+first), answer(o.martha, "estado "+none); strings.ReplaceAll(there, first, none) != not {
		t.Errorf("told of one that there is:\n%s\nof one that there is not:\n%s", there, not)
	}
	answer(o.martha, "cancelar "+first)
	answer(o.martha, "estado 778")
	for range 3 {
		o.finds(o.martha, "estado "+hers, "Seguimiento")
	}
	if said := answer(o.martha, "estado 775"); !strings.Contains(said, "Hoy ya consultó 4") || strings.Contains(said, "se conserva") {
		t.Errorf("after four she is told %q", said)
	}
	o.installs(o.gabriela)
	for _, number := range []string{"770", "771", "772", "773", "774"} {
		if said := answer(o.gabriela, "estado "+number); !strings.Contains(said, "No encontramos") {
			t.Errorf("an administrator is told %q", said)
		}
	}
	o.stop()
	told := o.toldOf(o.martha)
	if len(told) != 1 || told[0].Folio != provisioning.Folio(first) {
		t.Errorf("written down: %v, want %s once", told, first)
	}
}

// row writes a row from before Altas to the receipts.
func (o *office) row(r provisioning.Receipt) {
	o.t.Helper()
	db, err := receipts.Open(receipts.Config{DSN: o.env["RECEIPTS_DSN"]})
	o.must(err)
	o.must(db.Put(o.within(), r))
	o.must(db.Close())
}

// listed is Lucía's row in the list from before Altas.
func listed() provisioning.Receipt {
	return provisioning.Receipt{
		Stamp: "2020-000009-0001", Folio: "2020-000009", Address: "lnanez70@docentecoahuila.gob.mx", State: provisioning.ReceiptActive,
		Holder: identity.Holder{Type: identity.Teacher, Person: identity.Person{
			GivenNames: "Lucía", FirstSurname: "Ñáñez", SecondSurname: "Garza", CURP: identity.CURP(lucia["curp"]),
		}},
		Petition: provisioning.Petition{Medium: input.MediumOficio}, RequestedAt: provisioningtest.Start, CreatedAt: provisioningtest.Start,
	}
}

// withList opens an office whose directory and receipts have Lucía from before Altas.
func withList(t *testing.T) *office {
	t.Helper()
	o := raise(t)
	o.seeds(map[string]any{"userPrincipalName": string(listed().Address), "displayName": "ÑÁÑEZ GARZA LUCÍA"})
	o.start()
	o.installs(o.silvia)
	o.row(listed())
	return o
}

// The list from before Altas has Lucía's CURP, and the directory her account. She is reported and
// not sent: neither alone, even by a click of another version, nor together with Luis.
func TestOneWhoHasAnAccountByTheListIsNotSent(t *testing.T) {
	t.Parallel()
	o := withList(t)
	old := listed()
	started := o.begins(o.silvia, "solicitar")
	typed := maps.Clone(petitionTyped)
	typed["type"] = "docente"
	click := o.presses(o.silvia, o.shows(o.silvia, started, "request.next", typed), "request.next", without(lucia, "type"))
	review := click.Card
	o.tells("the form", review, []string{"Ya tiene cuenta: " + string(old.Address), "No hay nada nuevo que enviar"})
	if review.Offers("request.submit") || review.Action("request.add").Raw["style"] != "positive" {
		t.Errorf("what is offered: %v", review.Verbs())
	}
	data := maps.Clone(review.Action("request.add").Raw["data"].(map[string]any))
	data["verb"] = "request.submit"
	if _, said := o.reclicks(click, map[string]any{"type": "Action.Execute", "verb": "request.submit", "data": data}); folioShape.MatchString(said) || !strings.Contains(said, "No hay nada nuevo que enviar") {
		t.Errorf("sent by a click of another version: %s", said)
	}
	both := o.shows(o.silvia, o.shows(o.silvia, o.newest(o.silvia, "request.add"), "request.add", nil), "request.next", without(luis, "type"))
	folio := folioShape.FindString(o.shows(o.silvia, both, "request.submit", nil).Text())
	o.tells("the director's card", o.approval("director", folio), []string{"Ya tiene cuenta: " + string(old.Address), "luis.ibarra@"})
	o.authorises(folio)
	o.announced(o.silvia, "luis.ibarra@docentecoahuila.gob.mx")
	o.told(o.silvia, folio, "Ya tenía cuenta Lucía")
	o.stop()
	if n := len(o.stamped()); n != 1 {
		t.Errorf("%d accounts were made, want Luis's", n)
	}
}

// The form says that Lucía has an account, which is deleted before Silvia sends it. This is checked
// again: an account is created for her too.
func TestWhatTheFormSaysIsJudgedAgain(t *testing.T) {
	t.Parallel()
	o := withList(t)
	review := o.asks(o.silvia, luis, lucia)
	o.tells("the form", review, []string{"Ya tiene cuenta: " + string(listed().Address)})
	u, _ := o.tenant.User(string(listed().Address))
	o.purges(u.ID)
	folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text())
	o.tells("the director's card", o.approval("director", folio), []string{luciaMail, "y una más"}, "Ya tiene cuenta")
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
}

// purges deletes an account from the tenant and its recycle bin.
func (o *office) purges(id string) {
	o.t.Helper()
	answer, err := http.PostForm(o.urls.graph+"/"+officeTenant+"/oauth2/v2.0/token", url.Values{
		"grant_type": {"client_credentials"}, "scope": {"x/.default"}, "client_id": {officeMaker}, "client_secret": {"maker-s3cret"}})
	o.must(err)
	var token struct {
		Access string `json:"access_token"`
	}
	o.must(errors.Join(json.NewDecoder(answer.Body).Decode(&token), answer.Body.Close()))
	for _, path := range []string{"/users/", "/directory/deletedItems/"} {
		request, err := http.NewRequestWithContext(o.within(), http.MethodDelete, o.urls.graph+"/v1.0"+path+id, nil)
		o.must(err)
		request.Header.Set("Authorization", "Bearer "+token.Access)
		answer, err := http.DefaultClient.Do(request)
		o.must(err)
		if o.must(answer.Body.Close()); answer.StatusCode != http.StatusNoContent {
			o.t.Fatalf("DELETE %s: %s", path, answer.Status)
		}
	}
}
