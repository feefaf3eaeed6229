package service_test

import (
	"encoding/json"
	"errors"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/provisioningtest"
	"seducoahuila.gob.mx/altas/store/receipts"
)

// tells fails unless a card says all of some words, and nothing of others.
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

// row puts a row of the past into the receipts.
func (o *office) row(r provisioning.Receipt) {
	o.t.Helper()
	db, err := receipts.Open(receipts.Config{DSN: o.env["RECEIPTS_DSN"]})
	o.must(err)
	o.must(db.Put(o.within(), r))
	o.must(db.Close())
}

// listed is Lucía's row in the list kept before Altas.
func listed() provisioning.Receipt {
	return provisioning.Receipt{
		Stamp: "2020-000009-0001", Folio: "2020-000009", Address: "lnanez70@docentecoahuila.gob.mx", State: provisioning.ReceiptActive,
		Holder: provisioning.Holder{Type: provisioning.Teacher, Person: provisioning.Person{
			GivenNames: "Lucía", FirstSurname: "Ñáñez", SecondSurname: "Garza", CURP: provisioning.CURP(lucia["curp"]),
		}},
		Petition: provisioning.Petition{Medium: provisioning.MediumOficio}, RequestedAt: provisioningtest.Start, CreatedAt: provisioningtest.Start,
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

// The list kept before Altas knows Lucía's CURP, and the directory her account. She is told
// and not sent: neither alone, though a click of another version says so, nor beside Luis.
func TestOneWhoHasAnAccountByTheListIsNotSent(t *testing.T) {
	t.Parallel()
	o := withList(t)
	old := listed()
	o.says(o.silvia, "solicitar")
	started := o.card(o.chats[o.silvia.ID], o.silvia, "request.next", "Paso 1 de 3")
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
	o.told(o.silvia, folio, "Otra ya existía")
	o.stop()
	if n := len(o.stamped()); n != 1 {
		t.Errorf("%d accounts were made, want Luis's", n)
	}
}

// The form says that Lucía has an account, which is taken away before Silvia sends it. That
// is judged again: an account is made for her too.
func TestWhatTheFormSaysIsJudgedAgain(t *testing.T) {
	t.Parallel()
	o := withList(t)
	review := o.asks(o.silvia, luis, lucia)
	o.tells("the form", review, []string{"Ya tiene cuenta: " + string(listed().Address)})
	u, _ := o.tenant.User(string(listed().Address))
	o.purges(u.ID)
	folio := folioShape.FindString(o.shows(o.silvia, review, "request.submit", nil).Text())
	o.tells("the director's card", o.approval("director", folio), []string{luciaMail, "para 2 cuentas"}, "Ya tiene cuenta")
	o.authorises(folio)
	o.announced(o.silvia, luciaMail)
}

// purges takes an account out of the tenant, and out of its recycle bin.
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
