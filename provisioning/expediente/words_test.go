package expediente

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// A state, a stage and a type are called as on the cards.
func TestWordsAreThoseOfTheCards(t *testing.T) {
	t.Parallel()
	texts := cards.In("es-MX")
	for s, word := range requestStates {
		if want := texts.RequestState(s); word != want {
			t.Errorf("state %s: %q, on the cards %q", s, word, want)
		}
	}
	for s, word := range accountStates {
		if want := texts.AccountState(s); word != want {
			t.Errorf("line's state %s: %q, on the cards %q", s, word, want)
		}
	}
	for s, word := range stages {
		if want := texts.Stage(s); word != want {
			t.Errorf("stage %s: %q, on the cards %q", s, word, want)
		}
	}
	for a, word := range types {
		if want := texts.Type(a); word != want || pluralTypes[a] == "" {
			t.Errorf("type %s: %q and %q, on the cards %q", a, word, pluralTypes[a], want)
		}
	}
}

// Those that the cards have no function for are compared with the catalogue.
func TestWordsAreThoseOfTheCatalogue(t *testing.T) {
	t.Parallel()
	keys := catalogue(t, "words", "recovery", "errors")
	for m, word := range media {
		if want := keys["medium."+string(m)]; word != want {
			t.Errorf("medium %s: %q, on the cards %q", m, word, want)
		}
	}
	for m, word := range identityMedia {
		want := keys["medium."+string(m)+"@recovery"]
		if want == "" {
			want = keys["medium."+string(m)]
		}
		if word != want {
			t.Errorf("medium of an identity %s: %q, on the cards %q", m, word, want)
		}
	}
	for s, word := range theStages {
		if want := keys["stage."+string(s)+".the"]; word != want {
			t.Errorf("stage %s: %q, on the cards %q", s, word, want)
		}
	}
	for s, word := range renewalStates {
		if want := keys["state."+s+"@recovery"] + keys["account."+s+"@recovery"]; word != want {
			t.Errorf("state %s of a renewal: %q, on the cards %q", s, word, want)
		}
	}
	for key := range keys {
		if reason, of := strings.CutPrefix(key, "error."); of && strings.HasPrefix(reason, "trouble.") && reasons[reason] == "" {
			t.Errorf("a line may be in attention by %s, which has no words", reason)
		}
	}
}

// catalogue returns the texts of one line, by key.
func catalogue(t *testing.T, names ...string) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, name := range names {
		text, err := os.ReadFile("../../cards/texts/" + name + ".es-MX.yaml")
		if err != nil {
			t.Fatal(err)
		}
		for _, line := range regexp.MustCompile(`(?m)^([\w.@]+): (.+)$`).FindAllStringSubmatch(string(text), -1) {
			all[line[1]] = line[2]
		}
	}
	if len(all) < 100 {
		t.Fatalf("%d texts: the test looks in the wrong place", len(all))
	}
	return all
}

func TestTyped(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "  Ana\n\tPeña ": "Ana Peña", "a\x00b\u202ec": "abc", "su CURP es XAGL910703MCLXRC00.": "su CURP es XAGL············00.",
	} {
		if got := typed(text); got != want {
			t.Errorf("typed(%q) = %q, want %q", text, got, want)
		}
	}
	if got := quoted("El «sello» falta"); got != "«El “sello” falta»" {
		t.Errorf("quoted = %s", got)
	}
}

func TestActsInWords(t *testing.T) {
	t.Parallel()
	for want, e := range map[string]provisioning.Entered{
		"Envió la solicitud":                      {Act: "request.submit", After: "director"},
		"Corrigió y envió de nuevo la solicitud":  {Act: "request.submit", Before: "returned", After: "director"},
		"Turnó la solicitud a la etapa siguiente": {Act: "approval.approve", Before: "director", After: "subdirector"},
		"Autorizó la solicitud":                   {Act: "approval.approve", Before: "subdirector", After: "provisioning"},
		"Aprobó la solicitud":                     {Act: "approval.approve"},
		"some.act":                                {Act: "some.act"},
	} {
		if got := Act(e); got != want {
			t.Errorf("%s of %q to %q: %q, want %q", e.Act, e.Before, e.After, got, want)
		}
	}
}

func TestStatesInWords(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		e     provisioning.Entered
		kind  provisioning.RequestKind
		state string
		want  string
	}{
		"of a request":          {provisioning.Entered{Act: "request.cancel"}, "", "cancelled", "Cancelada"},
		"of a line":             {provisioning.Entered{Act: "account.created", Stamp: "2026-000001-0001"}, "", "attention", "Requiere atención"},
		"of a request, alike":   {provisioning.Entered{Act: "x"}, "", "attention", "En revisión de la Plataforma Office 365"},
		"of a letter":           {provisioning.Entered{Act: "letter.send"}, "", "sent", "Enviado"},
		"of a renewal":          {provisioning.Entered{Act: "account.recovered", Stamp: "2026-000001-0001"}, "recovery", "announced", "Contraseña renovada"},
		"unknown":               {provisioning.Entered{Act: "x"}, "", "later", "later"},
		"none":                  {provisioning.Entered{Act: "x"}, "", "", ""},
		"a letter of a renewal": {provisioning.Entered{Act: "letter.annul"}, "recovery", "annulled", "Anulado"},
	} {
		if got := stateOf(c.e, c.kind, c.state); got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

func TestDetailsInWords(t *testing.T) {
	t.Parallel()
	for want, detail := range map[string]map[string]string{
		"": nil,
		"en calidad de: suplente; etapa: Dirección General; comentario: Procede; sin más.": {"comment": "Procede;\nsin más.", "stage": "director", "as": "substitute"},
		"motivo: no hay licencias libres; referencia en el registro: A1":                   {"reason": "trouble.no_seats", "ref": "A1"},
		"desde: En revisión de la Subdirección de Sistemas":                                {"from": "subdirector"},
		"desde: 7; hasta: 9":             {"from": "7", "to": "9"},
		"other: 1":                       {"other": "1", "objectId": " "},
		"motivo: directory.refused":      {"reason": "directory.refused"},
		"sesiones abiertas: se cerraron": {"sessions": "revoked"},
	} {
		if got := detailsOf(provisioning.Entered{Detail: detail}); got != want {
			t.Errorf("%v: %q, want %q", detail, got, want)
		}
	}
}
