package confirm

import (
	"testing"

	"seducoahuila.gob.mx/altas/bot/words"
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
