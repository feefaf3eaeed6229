package cards

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/provisioning"
)

// A card mentions each person once, at most MaxMentioned, by a text that stands in it exactly; an
// update of it names them and mentions nobody.
func TestMentions(t *testing.T) {
	t.Parallel()
	people := []provisioning.Actor{{ID: "a", Name: "Ana <b>*Ruiz*"}, {ID: "a", Name: "Ana otra vez"}, {Name: "Sin id"}, {ID: "c"}}
	for i := range MaxMentioned {
		people = append(people, provisioning.Actor{ID: fmt.Sprint("p", i), Name: fmt.Sprint("Persona ", i)})
	}
	card := In(Spanish).Mentioning(Card{body: []any{band(styleEmphasis, heading("x")), small("y")}}, people...)
	var rung, quiet struct {
		Body  []struct{ Text string }
		Teams struct{ Entities []mention } `json:"msteams"`
	}
	for c, into := range map[*Card]any{&card: &quiet, ringing(card): &rung} {
		raw, err := json.Marshal(*c)
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if n := len(rung.Teams.Entities); n != MaxMentioned {
		t.Errorf("%d are mentioned", n)
	}
	for _, m := range rung.Teams.Entities {
		if !strings.Contains(rung.Body[1].Text, m.Text) {
			t.Errorf("the card has no %s: %s", m.Text, rung.Body[1].Text)
		}
	}
	if m := rung.Teams.Entities[0]; m.Text != "<at>Ana bRuiz</at>" || m.Mentioned.ID != "a" {
		t.Errorf("mentions %+v", m)
	}
	if len(quiet.Teams.Entities) != 0 || strings.Contains(quiet.Body[1].Text, "<at>") || !strings.Contains(quiet.Body[1].Text, "Ana bRuiz") {
		t.Errorf("an update mentions: %+v", quiet)
	}
}

func ringing(c Card) *Card {
	c = c.Ringing()
	return &c
}
