package privacy

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
	"seducoahuila.gob.mx/altas/store/storetest"
)

var monday = time.Date(2026, time.July, 13, 15, 0, 0, 0, time.UTC)

// opened notes which forms were opened, and within which interval not again.
type opened struct {
	forms     []cards.Data
	intervals []time.Duration
	err       error
}

func (o *opened) open(_ context.Context, _ turn.Context, c cards.Click, interval time.Duration) error {
	o.forms, o.intervals = append(o.forms, c.Data), append(o.intervals, interval)
	return o.err
}

// room is the room with version 2 of the notice in force, and Silvia in her chat.
func room(t *testing.T) (*Notices, *opened, turn.Context) {
	t.Helper()
	db, o := storetest.Open(t), &opened{}
	register := &privacy.Register{Store: db, Notice: privacy.Notice{Version: "2"}, Now: func() time.Time { return monday }}
	ns := &Notices{Config: Config{Store: db, Register: register, Open: o.open}}
	chat := &connector.Activity{Type: connector.TypeInvoke, Conversation: connector.Conversation{Type: connector.Personal}}
	return ns, o, turn.Context{Activity: chat, By: provisioning.Actor{ID: "silvia", Name: "Silvia Treviño"}, Texts: cards.In(cards.Spanish).At(monday)}
}

// press presses the notice's button.
func press(t *testing.T, ns *Notices, who turn.Context, d cards.Data) (turn.Answer, error) {
	t.Helper()
	d.Verb = cards.PrivacyAcknowledge
	return ns.Routes().Personal[d.Verb](t.Context(), who, cards.Click{Data: d})
}

func acknowledged(t *testing.T, ns *Notices, who turn.Context) bool {
	t.Helper()
	_, found, err := ns.Register.Has(t.Context(), who.By.ID)
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// A card of another version, or a forged one without any, acknowledges nothing and opens nothing.
func TestOnlyTheVersionShownIsAcknowledged(t *testing.T) {
	t.Parallel()
	ns, o, silvia := room(t)
	for _, version := range []string{"1", "", "2 ", "22"} {
		s, err := press(t, ns, silvia, cards.Data{Notice: version, Kind: provisioning.Create})
		if err != nil || !strings.Contains(s.Card.Summary, "oprima «Enterado»") {
			t.Errorf("version %q is answered %q, %v", version, s.Card.Summary, err)
		}
		if acknowledged(t, ns, silvia) || len(o.forms) > 0 {
			t.Fatalf("version %q counts; opened %v", version, o.forms)
		}
	}
}

// The first click opens the form at once; a repeated one not within a minute. Without a form nothing
// is opened.
func TestTheButtonOpensTheForm(t *testing.T) {
	t.Parallel()
	ns, o, silvia := room(t)
	for i, tt := range []struct {
		opens    cards.Data
		interval time.Duration
	}{
		{cards.Data{Folio: "2026-000001", Mark: "K3VQ7M2PXA"}, 0},
		{cards.Data{Kind: "recovery"}, time.Minute},
	} {
		d := tt.opens
		d.Notice = "2"
		if _, err := press(t, ns, silvia, d); err != nil {
			t.Fatal(err)
		}
		if len(o.forms) != i+1 || o.intervals[i] != tt.interval || o.forms[i].Folio != d.Folio || o.forms[i].Kind != d.Kind {
			t.Errorf("opened %+v within %v", o.forms, o.intervals)
		}
	}
	if s, err := press(t, ns, silvia, cards.Data{Notice: "2"}); err != nil || len(o.forms) != 2 || s.Card.None() {
		t.Errorf("without a form: %+v, %v; opened %v", s, err, o.forms)
	}
}

// A form that cannot be opened any more does not undo the acknowledgement.
func TestAFormThatIsGone(t *testing.T) {
	t.Parallel()
	ns, o, silvia := room(t)
	o.err = errors.New("gone")
	if _, err := press(t, ns, silvia, cards.Data{Notice: "2", Folio: "2026-000001"}); !errors.Is(err, o.err) {
		t.Errorf("err = %v", err)
	}
	if !acknowledged(t, ns, silvia) {
		t.Error("the acknowledgement is lost")
	}
}

// To a click that came as a message the form is the reply: Silvia gets no second message.
func TestAClickThatIsAMessage(t *testing.T) {
	t.Parallel()
	ns, o, silvia := room(t)
	silvia.Type = connector.TypeMessage
	s, err := press(t, ns, silvia, cards.Data{Notice: "2", Kind: provisioning.Create})
	if err != nil || !s.Card.None() || s.Text != "" || len(o.forms) != 1 {
		t.Errorf("answered %+v, %v; opened %v", s, err, o.forms)
	}
	if s, err := press(t, ns, silvia, cards.Data{Notice: "2"}); err != nil || s.Card.None() {
		t.Errorf("without a form: %+v, %v", s, err)
	}
}

func TestATextWithACURP(t *testing.T) {
	t.Parallel()
	ns, _, silvia := room(t)
	silvia.Type = connector.TypeMessage
	for text, want := range map[string]bool{
		"buscar XAGL910703MCLXRC00": true, "xagl910703mclxrc00": true, "XAGL 910703 MCLXRC00": true, "X.A.G.L.910703-MCL-XRC-00": true,
		"buscar Lucía Ñáñez": false, "estado 2026-000123": false, "buscar 05DPR0221C": false, "solicitar": false, "": false,
	} {
		m, due, err := ns.Instead(t.Context(), silvia, text)
		if err != nil || due != want || due == m.Card.None() {
			t.Errorf("%q: the notice is due: %v, %v", text, due, err)
		}
	}
	channel := silvia
	channel.Activity = &connector.Activity{Type: connector.TypeMessage, Conversation: connector.Conversation{Type: "channel"}}
	if _, due, err := ns.Instead(t.Context(), channel, "XAGL910703MCLXRC00"); due || err != nil {
		t.Errorf("in a channel: %v, %v", due, err)
	}
	if _, err := press(t, ns, silvia, cards.Data{Notice: "2"}); err != nil {
		t.Fatal(err)
	}
	if _, due, err := ns.Instead(t.Context(), silvia, "XAGL910703MCLXRC00"); due || err != nil {
		t.Errorf("after the notice: %v, %v", due, err)
	}
}

func TestTheCommandShowsWhenItWasAcknowledged(t *testing.T) {
	t.Parallel()
	ns, _, silvia := room(t)
	shown := func() string {
		t.Helper()
		m, err := ns.Routes().Commands[0].Personal(t.Context(), silvia, words.Asked{})
		if err != nil {
			t.Fatal(err)
		}
		return m.Card.Summary
	}
	if got := shown(); !strings.Contains(got, "oprima «Enterado»") {
		t.Errorf("before: %s", got)
	}
	if _, err := press(t, ns, silvia, cards.Data{Notice: "2"}); err != nil {
		t.Fatal(err)
	}
	if got := shown(); strings.Contains(got, "Enterado") {
		t.Errorf("after: %s", got)
	}
}
