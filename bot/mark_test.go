package bot

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// marked gives Silvia's request a mark.
func (c *counter) marked(mark string) {
	c.t.Helper()
	c.update(func(tx provisioning.Tx) error {
		r, err := tx.Request(luciasLine.Folio())
		if err != nil {
			return err
		}
		r.Mark = mark
		return tx.PutRequest(r)
	})
}

// sent is the click of a button with the data.
func sent(t *testing.T, d cards.Data) connector.Click {
	t.Helper()
	raw, err := json.Marshal(d)
	if err != nil {
		t.Fatal(err)
	}
	return connector.Click{Verb: d.Verb, Data: raw, Invoke: true}
}

// A card of a request that was lost names the folio, or the stamp, of Silvia's. Whatever
// its button says, it is answered as a card that is not known, tells nothing of hers, and
// its message is not taken for one of hers.
func TestACardOfAnotherRequest(t *testing.T) {
	t.Parallel()
	folio := luciasLine.Folio()
	verbs := slices.Concat(slices.Collect(maps.Keys(channelVerbs)), slices.Collect(maps.Keys(personalVerbs)))
	verbs = slices.DeleteFunc(verbs, func(v string) bool { return slices.Contains(pageVerbs, v) })
	kept, lost := provisioning.Document[map[string]any]{Kind: "post"}, map[string]any{"sentAt": "2026-09-14T10:00:00Z", "lost": 1.0}
	keys := []string{post.OfAccount(luciasLine), post.OfAttention(luciasLine), post.OfStatus(folio, silvia.ID)}
	for its, others := range map[string][]string{"HERS": {"LOST", ""}, "": {"LOST"}} {
		c := openCounter(t)
		c.opens = turn.NewDedupe(openedAgain, c.Now)
		c.marked(its)
		for _, key := range keys {
			c.update(func(tx provisioning.Tx) error { return kept.Put(tx, key, lost) })
		}
		for _, verb := range verbs {
			for _, mark := range others {
				for what, d := range map[string]cards.Data{
					"folio": {Folio: folio}, "stamp": {Stamp: luciasLine}, "neither known": {Folio: "2026-000002"},
					"a line of it": {Folio: folio, Stamp: luciasLine, Stage: provisioning.Platform, Round: 1},
				} {
					d.Verb, d.Mark = verb, mark
					got, err := c.click(t.Context(), c.clicks(silvia, "lost", 7), sent(t, d))
					if p := picture(t, got); err != nil || got.Post != "" || !strings.Contains(p, "Esta tarjeta ya no está vigente") || strings.Contains(p, "Lucía") {
						t.Errorf("%s by %s: %s, %v", verb, what, p, err)
					}
					d.Verb = cards.CardRefresh
					if answer, err := c.opened(t.Context(), c.clicks(silvia, "lost", len(verb)), sent(t, d)); answer != nil || err != nil {
						t.Errorf("opened by %s: %v, %v", what, answer, err)
					}
				}
			}
		}
		if c.vault.sets != 0 || c.line().Handover != (provisioning.Handover{}) {
			t.Errorf("%d passwords were set, and the line says %+v", c.vault.sets, c.line().Handover)
		}
		for _, key := range keys {
			if p, err := kept.Read(t.Context(), c.Store, key); err != nil || p["ids"] != nil || p["lost"] != 1.0 {
				t.Errorf("%s: %+v, %v", key, p, err)
			}
		}
		got, err := c.click(t.Context(), c.clicks(silvia, "hers", 8), sent(t, cards.Data{Verb: cards.PasswordReveal, Stamp: luciasLine, Mark: its}))
		if p := picture(t, got); err != nil || !strings.Contains(p, "Lucía") || c.vault.sets != 1 || !bears(p, its) {
			t.Errorf("by her own card she is shown %s, %v", p, err)
		}
	}
}

// bears reports whether the buttons of a card bear the mark.
func bears(card, mark string) bool { return mark == "" || strings.Contains(card, `"mark":"`+mark+`"`) }
