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

// replacements are the bodies of the updates of Teams' messages, by their id.
type replacements struct {
	mu     sync.Mutex
	bodies map[string][]string
}

// watching records the updates of all messages.
func watching(r *replacements) func(*office, *tenantConfig) {
	return func(o *office, _ *tenantConfig) {
		r.bodies = make(map[string][]string)
		o.between = func(h http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
				if _, id, ok := strings.Cut(req.URL.Path, "/activities/"); ok && req.Method == http.MethodPut {
					body, _ := io.ReadAll(req.Body) // a body that was cut off is an error for the service
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

// of returns the updates of a message.
func (r *replacements) of(message string) []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.bodies[message]
}

// alike returns an activity like the given one, from another person and on the given message.
func (o *office) alike(p teamsfake.Person, seen *teamsfake.Turn, message, id string) map[string]any {
	activity := maps.Clone(seen.Activity)
	delete(activity, "text")
	delete(activity, "name")
	activity["id"], activity["replyToId"] = id, message
	activity["from"] = map[string]any{"id": p.TeamsID, "name": p.Name, "aadObjectId": p.ID}
	return activity
}

// posts sends a click as a message, as clients without Action.Execute do, with the data and the
// message id that the sender chooses.
func (o *office) posts(p teamsfake.Person, seen *teamsfake.Turn, message string, value map[string]any) {
	o.t.Helper()
	activity := o.alike(p, seen, message, fmt.Sprint("m-", p.Name, message, value))
	activity["type"], activity["value"] = "message", value
	_, err := o.teams.DeliverActivity(o.within(), activity)
	o.must(err)
}

// Óscar may read the director's channel, and Rosa decides in it. Whatever click they send as a
// message, with whichever card's id: that card is not replaced by another.
func TestAPostedClickReplacesNobodysCard(t *testing.T) {
	t.Parallel()
	var replaced replacements
	o := openOffice(t, watching(&replaced))
	o.installs(o.oscar) // refusals are sent to their own chats
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
			{"verb": "approval.reject", "folio": other, "mark": others, "stage": "director", "round": 1}, // without a reason
			{"verb": "approval.approve", "folio": other, "mark": others, "stage": "director", "round": 7},
			{"verb": "attention.retry", "stamp": folio + "-0001", "mark": its},
		} {
			o.posts(p, seen, card.Message, value)
		}
	}
	o.waits("a list, below", func() bool { return o.count(o.channels["director"], o.oscar, "Pendientes: ") > 0 }) // Teams accepts no more in a second
	o.stop()
	for _, body := range replaced.of(card.Message) {
		if !strings.Contains(body, "approval.approve") || !strings.Contains(body, folio) || strings.Contains(body, other) {
			t.Errorf("the card of %s was replaced by\n%.600s", folio, body)
		}
	}
	o.approval("director", folio)
	o.approval("director", other)
}

// In Silvia's own chat the card whose id she sends is not replaced by a list or another form; a
// click on her current form updates it.
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
