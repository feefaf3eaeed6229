package bot

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestParseCommand(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]command{
		"solicitar":                         {"begin", ""},
		"  SOLICITAR  ":                     {"begin", ""},
		"Solicitar cuenta":                  {"begin", ""},
		"request":                           {"begin", ""},
		"estado 2026-000123":                {"status", "2026-000123"},
		"Estado":                            {"status", ""},
		"mis solicitudes":                   {"mine", ""},
		"Mis  Solicitudes, por favor":       {"mine", "por favor"},
		"?":                                 {"help", ""},
		"my requests":                       {"mine", ""},
		"cancelar 123":                      {"cancel", "123"},
		"¿ayuda?":                           {"help", ""},
		"Ayuda.":                            {"help", ""},
		"idioma inglés":                     {"language", "inglés"},
		"¡Hola!":                            {"hello", ""},
		"pendientes":                        {"pending", ""},
		"registrar director":                {"register", "director"},
		"suplente <at>Ana</at> al 1/1/2027": {"substitute", "<at>Ana</at> al 1/1/2027"},
		"Suplente quitar <at>Ana</at>":      {"unsubstitute", "<at>Ana</at>"},
		"substitutes":                       {"substitutes", ""},
		"quiero una cuenta":                 {"", "quiero una cuenta"},
		"solicitud 2026-000123":             {"status", "2026-000123"},
		"2026-000123":                       {"status", "2026-000123"},
		"123":                               {"", "123"},
		"Buenas noches":                     {"hello", ""},
		"¡Gracias!":                         {"thanks", ""},
		"👍🏽":                                {"thanks", ""},
		"Olvidé mi contraseña":              {"recover", ""},
		"lista":                             {"list", ""},
		"":                                  {},
	} {
		if diff := cmp.Diff(want, parseCommand(text), cmp.AllowUnexported(command{})); diff != "" {
			t.Errorf("parseCommand(%q) (-want +got):\n%s", text, diff)
		}
	}
}

func TestGuess(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"solicitr":                     "begin",
		"quiero una cuenta, por favor": "begin",
		"me ayudas":                    "help",
		"estdo":                        "status",
		"cancelr 2026-000123":          "cancel",
		"¿cómo recupero mi contraseña": "recover",
		"pendintes":                    "", // asked for in a channel
		"asdf qwerty":                  "",
		"esto y ello":                  "",
		"":                             "",
	} {
		if got := guess(text, personalNames); got != want {
			t.Errorf("guess(%q) = %q, want %q", text, got, want)
		}
	}
	if got := guess("pendintes", channelNames); got != "pending" {
		t.Errorf("guess in a channel = %q", got)
	}
}

// FuzzParseCommand holds that whatever is typed is read without harm.
func FuzzParseCommand(f *testing.F) {
	for _, seed := range []string{"solicitar", "estado 2026-000123", "¿?", "\u202e\x00", "mis solicitudes"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := parseCommand(text)
		if len(c.rest) > len(text) {
			t.Errorf("rest %q is longer than %q", c.rest, text)
		}
		guess(c.rest, personalNames)
	})
}
