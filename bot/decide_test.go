package bot_test

import (
	"maps"
	"regexp"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/bot/connector/teamsfake"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// The director turned a request over a week ago, and the process was restarted many times since.
// When the subdirector decides, the director's card is updated.
func TestACardIsTrueAfterWeeks(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	o.decide(o.elena, provisioning.Director, cards.ApprovalApprove, nil)
	shown := func() string { return o.teams.Cards(o.channels[provisioning.Director], "")[0].Text() }
	before := shown()
	o.until("2022-09-14 10:00")
	if got := shown(); got != before {
		t.Errorf("the card changed while nothing happened:\n%s", got)
	}
	o.decide(o.ines, provisioning.Subdirector, cards.ApprovalReturn, map[string]string{"comment": "Falta el oficio."})
	if got := shown(); !strings.Contains(got, "Devuelta") || !strings.Contains(got, string(f)) {
		t.Errorf("the director's card after the return:\n%s", got)
	}
	if n := len(o.teams.Cards(o.channels[provisioning.Director], "")); n != 1 {
		t.Errorf("%d cards in the director's channel, want 1", n)
	}
}

// A card was decided two days ago. Another click, from a client that still shows its buttons, is
// answered with the present state and changes nothing.
func TestASecondClickAfterWeeks(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	stale := o.teams.NewestCard(o.channels[provisioning.Director], o.elena.ID, cards.ApprovalApprove)
	o.decide(o.elena, provisioning.Director, cards.ApprovalApprove, nil)
	o.until("2022-09-13 10:00")
	version := o.request(f).Version
	turn, err := o.teams.Click(t.Context(), o.elena.ID, stale.Toggle("Rechazar"), cards.ApprovalReject, map[string]string{"comment": "Siempre no."})
	if err != nil || turn.Card == nil {
		t.Fatalf("the second click: %v, %+v", err, turn)
	}
	if text := turn.Card.Text(); !strings.Contains(text, "Turnada") || turn.Card.Offers(cards.ApprovalReject) {
		t.Errorf("the second click shows:\n%s", text)
	}
	if r := o.request(f); r.Version != version || len(r.Decisions) != 1 {
		t.Errorf("the second click changed the request: %+v", r)
	}
}

// Saúl holds no office. He sends the data of a card's buttons, with input that a card does not
// allow (a return without a reason, an invalid address), from his personal chat and from the
// channels: he gets the reason of the refusal, and nothing of another person's request.
func TestWhoMayNotDecideSeesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	if _, err := o.teams.Install(t.Context(), o.saul.ID); err != nil {
		t.Fatal(err)
	}
	faulty := map[string]map[string]any{
		"nothing typed":   {},
		"a line left out": {"exclude": "1"},
		"too much typed":  {"comment": strings.Repeat("x", 10_000), "address": "no es una dirección"},
	}
	for place, id := range map[provisioning.StageName]string{
		"his own chat": o.teams.Chat(o.saul.ID), "a chat of three": "19:junta@thread.v2",
		provisioning.Director: o.channels[provisioning.Director], provisioning.Platform: o.channels[provisioning.Platform],
	} {
		for _, verb := range []string{
			cards.ApprovalApprove, cards.ApprovalReturn, cards.ApprovalReject, cards.AttentionRetry, cards.AttentionRetryAlike,
			cards.AttentionAdopt, cards.AttentionRename, cards.AttentionDrop, cards.AttentionRestore, cards.AttentionDisable,
		} {
			for name, inputs := range faulty {
				data := map[string]any{"folio": f, "mark": o.request(f).Mark, "stamp": provisioning.NewStamp(f, 1), "stage": place, "round": 1, "entry": "x"}
				maps.Copy(data, inputs)
				answer := o.forge(o.saul, id, verb, data)
				if !strings.Contains(answer, "activity.message") || strings.Contains(answer, string(f)) {
					t.Errorf("%s in %s, %s: %s", verb, place, name, answer)
				}
			}
		}
	}
	if r := o.request(f); len(r.Decisions) != 0 || r.State != provisioning.RequestState(provisioning.Director) {
		t.Errorf("something was decided: %+v", r)
	}
}

// A click fails by an internal error, here a missing directory. It is answered with a reference,
// since Teams shows no HTTP error; later clicks work.
func TestAClickThatBreaksIsAnswered(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	f := o.submit(1)
	o.decide(o.elena, provisioning.Director, cards.ApprovalApprove, nil)
	o.decide(o.ines, provisioning.Subdirector, cards.ApprovalApprove, nil)
	o.move(f, provisioning.AccountAttention)
	made := o.line(f)
	made.ObjectID = "made"
	o.update(func(tx provisioning.Tx) error { return tx.PutAccount(made) })
	data := map[string]any{"stamp": provisioning.NewStamp(f, 1), "mark": o.request(f).Mark}
	answer := o.forge(o.ines, o.channels[provisioning.Platform], cards.AttentionDisable, data)
	if !regexp.MustCompile(`referencia [A-Z2-7]{4}-[A-Z2-7]{4}`).MatchString(answer) {
		t.Errorf("answered: %s", answer)
	}
	if answer := o.forge(o.ines, o.channels[provisioning.Platform], cards.AttentionRetry, data); !strings.Contains(answer, "card.adaptive") {
		t.Errorf("the next click: %s", answer)
	}
}

// forge sends a click that no card of Altas sent, and returns the response.
func (o *office) forge(who teamsfake.Person, place, verb string, data map[string]any) string {
	o.t.Helper()
	kind := map[bool]string{true: "personal", false: "channel"}[place == o.teams.Chat(who.ID)]
	data["verb"] = verb
	turn, err := o.teams.DeliverActivity(o.t.Context(), map[string]any{
		"type": "invoke", "name": "adaptiveCard/action", "channelId": "msteams", "serviceUrl": o.teams.ServiceURL(),
		"from":         map[string]any{"id": who.TeamsID, "aadObjectId": who.ID, "name": who.Name},
		"recipient":    map[string]any{"id": o.teams.BotID(), "name": "Altas"},
		"conversation": map[string]any{"id": place, "conversationType": kind, "tenantId": officeTenant},
		"value":        map[string]any{"action": map[string]any{"type": "Action.Execute", "verb": verb, "data": data}, "trigger": "manual"},
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return string(turn.Body)
}
