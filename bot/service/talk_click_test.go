package service_test

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// replacements are the bodies that messages of Teams were replaced by, by their id.
type replacements struct {
	mu     sync.Mutex
	bodies map[string][]string
}

// watching records what every message is replaced by.
func watching(r *replacements) func(*office, *tenantConfig) {
	return func(o *office, _ *tenantConfig) {
		r.bodies = make(map[string][]string)
		o.between = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if _, id, ok := strings.Cut(req.URL.Path, "/activities/"); ok && req.Method == http.MethodPut {
					body, _ := io.ReadAll(req.Body) // what is cut short is told to the service
					req.Body = io.NopCloser(bytes.NewReader(body))
					r.mu.Lock()
					r.bodies[id] = append(r.bodies[id], string(body))
					r.mu.Unlock()
				}
				h.ServeHTTP(w, req)
			})
		}
	}
}

// of returns what a message was replaced by.
func (r *replacements) of(message string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies[message]
}

// alike returns an activity like the one seen, of another person and on the message named.
func (o *office) alike(p teamsfake.Person, seen *teamsfake.Turn, message, id string) map[string]any {
	activity := maps.Clone(seen.Activity)
	delete(activity, "text")
	delete(activity, "name")
	activity["id"], activity["replyToId"] = id, message
	activity["from"] = map[string]any{"id": p.TeamsID, "name": p.Name, "aadObjectId": p.ID}
	return activity
}

// posts sends a click as a message, as clients without Action.Execute do: with the data
// and the message that the sender chooses.
func (o *office) posts(p teamsfake.Person, seen *teamsfake.Turn, message string, value map[string]any) {
	o.t.Helper()
	activity := o.alike(p, seen, message, fmt.Sprint("m-", p.Name, message, value))
	activity["type"], activity["value"] = "message", value
	_, err := o.teams.DeliverActivity(o.within(), activity)
	o.must(err)
}

// Óscar may read the director's channel, and Rosa decides in it. Whatever click they post
// as a message, and whichever card they name as the one that carried it: that card is
// replaced by no other.
func TestAPostedClickReplacesNobodysCard(t *testing.T) {
	t.Parallel()
	var replaced replacements
	o := openOffice(t, watching(&replaced))
	o.installs(o.oscar) // they are told in their own chats why not
	o.installs(o.rosa)
	folio, other := o.sends(o.silvia, lucia), o.sends(o.silvia, luis)
	card := o.approval("director", folio)
	its, others := o.markOf(card), o.markOf(o.approval("director", other))
	seen := o.presses(o.oscar, card, "approval.approve", nil)
	for _, p := range []teamsfake.Person{o.oscar, o.rosa} {
		for _, value := range []map[string]any{
			{"verb": "request.pending", "stage": "director"}, {"verb": "request.pending", "folio": "2026-000000"},
			{"verb": "request.find", "query": "Lucía"}, {"verb": "request.mine"}, {"verb": "help.show"},
			{"verb": "language.set", "locale": "en"}, {"verb": "of.another.version"},
			{"verb": "approval.reject", "folio": other, "mark": others, "stage": "director", "round": 1}, // without its reason
			{"verb": "approval.approve", "folio": other, "mark": others, "stage": "director", "round": 7},
			{"verb": "attention.retry", "stamp": folio + "-0001", "mark": its},
		} {
			o.posts(p, seen, card.Message, value)
		}
	}
	o.waits("a list, below", func() bool { return o.count(o.channels["director"], o.oscar, "Pendientes: ") > 0 }) // Teams takes no more in a second
	o.stop()
	for _, body := range replaced.of(card.Message) {
		if !strings.Contains(body, "approval.approve") || !strings.Contains(body, folio) || strings.Contains(body, other) {
			t.Errorf("the card of %s was replaced by\n%.600s", folio, body)
		}
	}
	o.approval("director", folio)
	o.approval("director", other)
}

// In Silvia's own chat the card that she names is not what a list, or another form, takes
// the place of; a click on her form as it stands is answered on it.
func TestAPostedClickInOnesOwnChat(t *testing.T) {
	t.Parallel()
	var replaced replacements
	o := openOffice(t, watching(&replaced))
	folio := o.sends(o.silvia, lucia)
	sent := o.card(o.chats[o.silvia.ID], o.silvia, "request.cancel", folio)
	seen, before := o.says(o.silvia, "ayuda"), len(replaced.of(sent.Message))
	for _, value := range []map[string]any{
		{"verb": "request.mine", "folio": "2026-999999"}, {"verb": "request.find", "query": "Lucía"},
		{"verb": "language.set", "locale": "es-MX"}, {"verb": "of.another.version"},
		{"verb": "request.next", "draft": "another", "step": "petition"}, {"verb": "password.hide", "stamp": folio + "-0001", "mark": o.markOf(sent)},
	} {
		o.posts(o.silvia, seen, sent.Message, value)
	}
	form := o.asks(o.silvia, luis)
	o.posts(o.silvia, seen, form.Message, form.Action("request.back").Raw["data"].(map[string]any))
	o.posts(o.silvia, seen, "", form.Action("request.back").Raw["data"].(map[string]any))
	o.told(o.silvia, "Se recibió. La tarjeta vigente muestra cómo quedó")
	o.waits("the first step, on the form", func() bool {
		return strings.Contains(strings.Join(replaced.of(form.Message), " "), "Paso 1 de 3")
	})
	o.stop()
	for _, body := range replaced.of(sent.Message)[before:] {
		if !strings.Contains(body, "request.status") || !strings.Contains(body, folio) {
			t.Errorf("the card of %s was replaced by\n%.600s", folio, body)
		}
	}
}
