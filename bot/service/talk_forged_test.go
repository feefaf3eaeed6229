package service_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
)

// Teams posts the director's card of Martha's request, and the response is lost. Rosa, who may
// decide it, sends its click as a message, or opens it, with the id of the card of Silvia's
// request: that card stays Silvia's, for everybody and for commands in its thread.
func TestACardIsNoOthersOnceItIsKnown(t *testing.T) {
	t.Parallel()
	for name, forges := range map[string]func(*office, *teamsfake.Turn, *teamsfake.Card, map[string]any){
		"posted": func(o *office, seen *teamsfake.Turn, named *teamsfake.Card, data map[string]any) {
			o.posts(o.rosa, seen, named.Message, data)
		},
		"clicked": func(o *office, seen *teamsfake.Turn, named *teamsfake.Card, data map[string]any) {
			o.claims(o.rosa, seen, named.Message, "manual", data)
		},
		"opened": func(o *office, seen *teamsfake.Turn, named *teamsfake.Card, data map[string]any) {
			data["verb"] = "card.refresh"
			o.claims(o.rosa, seen, named.Message, "automatic", data)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var replaced replacements
			o := openOffice(t, watching(&replaced))
			o.installs(o.rosa)
			other := o.sends(o.silvia, luis)
			named := o.approval("director", other)
			o.eventually("cards that are drawn", o.drawn)
			o.teams.Inject(teamsfake.Fault{Method: "POST", Suffix: "/v3/conversations", After: true, Status: 500})
			folio := o.sends(o.martha, lucia)
			o.waits("two cards of one request", func() bool { return o.count(o.channels["director"], o.oscar, folio) == 2 })
			o.eventually("cards that are drawn", o.drawn)
			mark := o.markOf(o.approval("director", folio))
			seen := o.presses(o.oscar, named, "approval.approve", nil)
			forges(o, seen, named, map[string]any{"verb": "approval.approve", "folio": folio, "mark": mark, "stage": "director", "round": 1})
			o.eventually("cards that are drawn", o.drawn)
			said := o.writes(o.rosa, named.Conversation, "turnar")
			if !strings.Contains(said, other) || strings.Contains(said, folio) {
				t.Fatalf("below the card of %s Rosa is answered %s", other, said)
			}
			o.approval("subdirector", other)
			o.stop()
			for _, body := range replaced.of(named.Message) {
				if strings.Contains(body, folio) {
					t.Errorf("the card of %s was replaced by\n%.300s", other, body)
				}
			}
		})
	}
}

// claims sends a click, or a refresh, with the message id that the sender chooses.
func (o *office) claims(p teamsfake.Person, seen *teamsfake.Turn, message, trigger string, data map[string]any) {
	o.t.Helper()
	activity := o.alike(p, seen, message, "f:"+trigger+message)
	activity["type"], activity["name"] = "invoke", "adaptiveCard/action"
	activity["value"] = map[string]any{"trigger": trigger, "action": map[string]any{"type": "Action.Execute", "verb": data["verb"], "data": data}}
	_, err := o.teams.DeliverActivity(o.within(), activity)
	o.must(err)
}
