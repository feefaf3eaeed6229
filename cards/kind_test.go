package cards

import (
	"strings"
	"testing"
	"testing/fstest"

	"seducoahuila.gob.mx/altas/provisioning"
)

// A text of a kind replaces the common one for requests of that kind, with arguments or without;
// the others stay.
func TestTextsOfAKind(t *testing.T) {
	t.Parallel()
	all, err := load(fstest.MapFS{"texts/a.es-MX.yaml": {Data: []byte(`
made: Se crea
made@renewal: Se renueva
title: "Cuenta de {{.name}}"
title@renewal: Contraseña
place: Turno
place@renewal: "Turno de {{.name}}"
lines:
  one: Una cuenta
  other: "{{.count}} cuentas"
lines@renewal:
  one: Una contraseña
  other: "{{.count}} contraseñas"
rest: Igual
`)}, "texts/a.en.yaml": {Data: []byte("rest: Same")}})
	if err != nil {
		t.Fatal(err)
	}
	told := func(texts *Texts) string {
		return strings.Join([]string{
			texts.fixed["made"], texts.md("made"), texts.md("title", "name", "Ana"), texts.md("place", "name", "Ana"),
			texts.count("lines", 2), texts.fixed["rest"],
		}, "|")
	}
	for kind, want := range map[provisioning.RequestKind]string{
		"":        "Se crea|Se crea|Cuenta de Ana|Turno|2 cuentas|Igual",
		"another": "Se crea|Se crea|Cuenta de Ana|Turno|2 cuentas|Igual",
		"renewal": "Se renueva|Se renueva|Contraseña|Turno de Ana|2 contraseñas|Igual",
	} {
		if got := told(all[Spanish].about(kind)); got != want {
			t.Errorf("of %q: %s, want %s", kind, got, want)
		}
	}
	if got := told(all[Spanish].about("renewal").about("")); !strings.HasPrefix(got, "Se crea|") {
		t.Errorf("of the usual kind again: %s", got)
	}
}

// Every text of a kind replaces a common one, with the same plural forms.
func TestTextsOfAKindHaveAUsualOne(t *testing.T) {
	t.Parallel()
	keys := catalogue(t, Spanish)
	for key, own := range keys {
		usual, _, ofKind := strings.Cut(key, "@")
		if base, ok := keys[usual]; ofKind && (!ok || len(base) != len(own)) {
			t.Errorf("%s takes the place of no text, or of one with other plural forms", key)
		}
	}
}
