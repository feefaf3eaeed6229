package bot_test

import (
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// The director turned a request over a week ago, and the process started anew many
// times since. The minute the subdirector decides, the director's card says so.
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

// The day before yesterday's card was decided; clicking it again, wherever it still
// shows its buttons, shows what is true and changes nothing.
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
