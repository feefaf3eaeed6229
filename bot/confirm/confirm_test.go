package confirm

import (
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

func TestAPlainYesOrNo(t *testing.T) {
	t.Parallel()
	for said, want := range map[string][2]bool{
		"sí": {true, false}, "Sí.": {true, false}, "confirmo": {true, false}, "sí, rechazarla": {true, false}, "si rechazo": {true, false}, "De acuerdo": {true, false},
		"no": {false, true}, "mejor no": {false, true}, "no rechazar": {false, true}, "Cancelar.": {false, true}, "no, gracias": {false, true}, "no, ya no la rechace": {false, true},
		"siempre sí": {}, "no entiendo": {}, "cancelar 2026-000123": {}, "no 2026-000123": {}, "siga": {}, "": {},
	} {
		words := words.Of(said)
		if got := [2]bool{affirmed.MatchString(words), declined.MatchString(words)}; got != want {
			t.Errorf("%q is a yes, a no: %v, want %v", said, got, want)
		}
	}
}

// A question that a later version asked has no act here: it is not open, whatever is answered.
func TestAQuestionOfALaterVersionIsNotOpen(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 9, 14, 10, 0, 0, 0, time.UTC)
	qs := &Questions{Config: Config{Now: func() time.Time { return now }}}
	qs.Register(cards.ApprovalReject, Act{})
	for verb, want := range map[string]bool{cards.ApprovalReject: true, "approval.other": false, "": false} {
		if got := qs.open(Question{Verb: verb, At: now}); got != want {
			t.Errorf("a question about %q is open: %v", verb, got)
		}
	}
	if err := qs.Err(); err != nil {
		t.Errorf("one act for each verb: %v", err)
	}
	if qs.Register(cards.ApprovalReject, Act{}); qs.Err() == nil {
		t.Error("two rooms claim one button")
	}
}
