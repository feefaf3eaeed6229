package bot

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
	"seducoahuila.gob.mx/altas/provisioning/secret"
	"seducoahuila.gob.mx/altas/store/storetest"
)

const (
	silviasFolio provisioning.Folio = "2026-000001"
	luciasLine   provisioning.Stamp = "2026-000001-0001"
)

var silvia = provisioning.Actor{ID: "silvia", Name: "Silvia Treviño"}

// directory has Lucía's account, created a moment ago, and counts the passwords set.
type directory struct {
	now  time.Time
	sets int
}

func (d *directory) Entry(context.Context, string) (provisioning.Entry, error) {
	made := d.now.Add(-10 * time.Second)
	return provisioning.Entry{ID: "lucia", Created: made, PasswordSetAt: made, AsOf: d.now}, nil
}

func (d *directory) SetPassword(context.Context, string, secret.Password) (time.Time, error) {
	d.sets++
	return d.now, nil
}

// openMarked returns a bot without Teams, with Silvia's request of that mark and its account.
func openMarked(t *testing.T, mark string) (*Bot, *directory) {
	t.Helper()
	now := time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	db, rules, d := storetest.Open(t), &provisioning.Rules{Limits: provisioning.DefaultLimits()}, &directory{now: now}
	b, err := assemble(Config{
		Store: db, Now: clock, Log: slog.New(slog.DiscardHandler), Rules: rules, Location: time.UTC, Locale: "es-MX",
		Workflow: &provisioning.Workflow{Rules: rules, Now: clock}, Creation: &creation.Creation{}, Recovery: &recovery.Recovery{}, Letters: &letter.Letters{},
		TemporaryPasswords: &provisioning.TemporaryPasswords{Store: db, Credentials: d, Rules: rules, Now: clock},
	})
	if err != nil {
		t.Fatal(err)
	}
	r := provisioning.Request{Folio: silviasFolio, Mark: mark, Requester: silvia, State: provisioning.StateCompleted, Lines: 1, Round: 1}
	a := provisioning.Account{
		Stamp: luciasLine, Number: 1, State: provisioning.AccountAnnounced, Address: "lucia@docentecoahuila.gob.mx", ObjectID: "lucia",
		Holder:    identity.Holder{Type: identity.Teacher, Person: identity.Person{GivenNames: "Lucía", FirstSurname: "Ñáñez", CURP: "XEXX100101HNEXXXA3"}},
		CreatedAt: now.Add(-9 * time.Second), AnnouncedAt: now.Add(-5 * time.Second),
	}
	err = db.Update(t.Context(), func(tx provisioning.Tx) error {
		_, err := tx.NextFolio(2026)
		return errors.Join(err, tx.PutRequest(r), tx.PutAccount(a))
	})
	if err != nil {
		t.Fatal(err)
	}
	return b, d
}

// silviaPresses is the turn of Silvia's click in her chat.
func silviaPresses(b *Bot, activity string, message int) turn.Context {
	return turn.Context{
		Activity: &connector.Activity{Type: connector.TypeInvoke, ID: activity, ReplyToID: strconv.Itoa(message), Conversation: connector.Conversation{ID: "chat-silvia", Type: connector.Personal}},
		By:       silvia, Texts: b.recipients.TextsIn("es-MX"),
	}
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

// A card of a request that a restore lost names the folio or stamp of Silvia's. Whatever its
// verb, it is answered as unknown, shows nothing of her request, and its message is not adopted
// by her posts.
func TestACardOfAnotherRequest(t *testing.T) {
	t.Parallel()
	folio := silviasFolio
	all, _ := openMarked(t, "")
	verbs := slices.Concat(slices.Collect(maps.Keys(all.verbs.Channel)), slices.Collect(maps.Keys(all.verbs.Personal)))
	verbs = slices.DeleteFunc(verbs, func(v string) bool { return slices.Contains(pageVerbs, v) })
	kept, lost := provisioning.Document[map[string]any]{Kind: "post"}, map[string]any{"sentAt": "2026-09-14T10:00:00Z", "lost": 1.0}
	keys := []string{post.OfAccount(luciasLine), post.OfAttention(luciasLine), post.OfStatus(folio, silvia.ID)}
	for its, others := range map[string][]string{"HERS": {"LOST", ""}, "": {"LOST"}} {
		b, d := openMarked(t, its)
		for _, key := range keys {
			if err := b.store.Update(t.Context(), func(tx provisioning.Tx) error { return kept.Put(tx, key, lost) }); err != nil {
				t.Fatal(err)
			}
		}
		for _, verb := range verbs {
			for _, mark := range others {
				for what, data := range map[string]cards.Data{
					"folio": {Folio: folio}, "stamp": {Stamp: luciasLine}, "neither known": {Folio: "2026-000002"},
					"a line of it": {Folio: folio, Stamp: luciasLine, Stage: provisioning.Platform, Round: 1},
				} {
					data.Verb, data.Mark = verb, mark
					got, err := b.click(t.Context(), silviaPresses(b, "lost", 7), sent(t, data))
					if p := pictured(t, got); err != nil || got.Post != "" || !strings.Contains(p, "Esta tarjeta ya no está vigente") || strings.Contains(p, "Lucía") {
						t.Errorf("%s by %s: %s, %v", verb, what, p, err)
					}
					data.Verb = cards.CardRefresh
					if answer, err := b.opened(t.Context(), silviaPresses(b, "lost", len(verb)), sent(t, data)); answer != nil || err != nil {
						t.Errorf("opened by %s: %v, %v", what, answer, err)
					}
				}
			}
		}
		if line, _, err := b.view.Account(t.Context(), luciasLine); d.sets != 0 || err != nil || line.Handover != (provisioning.Handover{}) {
			t.Errorf("%d passwords were set, and the line says %+v, %v", d.sets, line.Handover, err)
		}
		for _, key := range keys {
			if p, err := kept.Read(t.Context(), b.store, key); err != nil || p["ids"] != nil || p["lost"] != 1.0 {
				t.Errorf("%s: %+v, %v", key, p, err)
			}
		}
		got, err := b.click(t.Context(), silviaPresses(b, "hers", 8), sent(t, cards.Data{Verb: cards.PasswordReveal, Stamp: luciasLine, Mark: its}))
		if p := pictured(t, got); err != nil || !strings.Contains(p, "Lucía") || d.sets != 1 || !bears(p, its) {
			t.Errorf("by her own card she is shown %s, %v", p, err)
		}
	}
}

// bears reports whether the buttons of a card have the mark.
func bears(card, mark string) bool { return mark == "" || strings.Contains(card, `"mark":"`+mark+`"`) }

func pictured(t *testing.T, a turn.Answer) string {
	t.Helper()
	raw, err := json.Marshal(a.Card)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}
