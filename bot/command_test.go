package bot

import (
	"encoding/json"
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/creation"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

func TestParseCommand(t *testing.T) {
	t.Parallel()
	b := commandsOnly(t)
	for text, want := range map[string][2]string{
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
		"Hola, buen día, solicitar":         {"begin", ""},
		"buenos días, ¿cómo va mi trámite?": {"status", "mi trámite?"},
		"Hola, ¿qué tal?":                   {"hello", ""},
		"gracias por su ayuda":              {"thanks", "por su ayuda"},
		"¿qué pasó con la 2026-000123?":     {"status", "¿qué pasó con la 2026-000123?"},
		"autorizar 2026-000123":             {"authorize", "2026-000123"},
		"Turnar, por favor":                 {"turn", "por favor"},
		"Devolver: falta la CURP":           {"return", "falta la CURP"},
		"«sí, rechazar»":                    {"yes reject", ""},
		"Sí rechazar":                       {"yes reject", ""},
		"no turnar":                         {"", "no turnar"},
		"otra dirección ana.2@x.mx":         {"rename", "ana.2@x.mx"},
		"quitar suplente <at>Ana</at>":      {"unsubstitute", "<at>Ana</at>"},
		"quitar ya no labora":               {"drop", "ya no labora"},
		"botones":                           {"buttons", ""},
		"English":                           {"language", ""},
		"":                                  {},
	} {
		got := b.lexicon.Read(text)
		if got.Name != want[0] || got.Rest != want[1] {
			t.Errorf("Read(%q) = %+v, want %q", text, got, want)
		}
	}
}

func TestSubject(t *testing.T) {
	t.Parallel()
	for rest, want := range map[string]string{
		"":                                   "",
		"2026-000123":                        "2026-000123",
		"de la solicitud 2026-000123, porfa": "2026-000123",
		"de mi solicitud":                    "",
		"mi trámite?":                        "",
		"solicitud 12":                       "12",
		"5 cuentas":                          "5 cuentas",
		"la cuenta de Lucía":                 "cuenta de Lucía",
		"please":                             "",
	} {
		if got := words.Subject(rest); got != want {
			t.Errorf("subject(%q) = %q, want %q", rest, got, want)
		}
	}
}

// Every command offered by the help and by Teams' command list is read as that command.
func TestWhatIsOfferedIsUnderstood(t *testing.T) {
	t.Parallel()
	b := commandsOnly(t)
	for _, locale := range cards.Locales {
		for _, name := range slices.Concat(b.personalNames(), b.channelNames(""), stageCommands()) {
			typed := cards.In(locale).Command(name)
			if got := b.lexicon.Read(typed); got.Name != name || got.Rest != "" {
				t.Errorf("%s: %q is read as %+v, want %s", locale, typed, got, name)
			}
		}
	}
	for i, names := range [][]string{b.personalNames(), slices.Concat(b.channelNames(""), stageCommands())} {
		for _, typed := range offeredByTeams(t, i) {
			if got := b.lexicon.Read(typed); !slices.Contains(names, got.Name) || got.Rest != "" {
				t.Errorf("command list %d: %q is read as %+v", i, typed, got)
			}
		}
	}
}

// stageCommands are the commands of all stages.
func stageCommands() []string {
	return slices.Concat(cards.StageCommands(provisioning.Director), cards.StageCommands(provisioning.Subdirector), cards.StageCommands(provisioning.Platform))
}

// The full words that a confirmation asks for are read as that command.
func TestTheYesThatIsAskedForIsUnderstood(t *testing.T) {
	t.Parallel()
	b := commandsOnly(t)
	for _, locale := range cards.Locales {
		for _, act := range []string{"reject", "drop", "disable", "rename"} {
			typed := cards.In(locale).Say("typed.yes."+act, nil)
			if got := b.lexicon.Read(typed); got.Name != "yes "+act || got.Rest != "" {
				t.Errorf("%s: %q is read as %+v", locale, typed, got)
			}
		}
	}
}

// offeredByTeams returns the titles of a command list of the app package, in both languages. The
// manifest's own test compares the package with these texts.
func offeredByTeams(t *testing.T, list int) (titles []string) {
	t.Helper()
	var spanish struct {
		Bots []struct {
			CommandLists []struct{ Commands []struct{ Title string } }
		}
	}
	english := map[string]string{}
	for name, into := range map[string]any{"manifest.json": &spanish, "en.json": &english} {
		raw, err := os.ReadFile("../manifest/testdata/" + name)
		if err == nil {
			err = json.Unmarshal(raw, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for i, c := range spanish.Bots[0].CommandLists[list].Commands {
		titles = append(titles, c.Title, english[fmt.Sprintf("bots[0].commandLists[%d].commands[%d].title", list, i)])
	}
	return titles
}

func TestGuess(t *testing.T) {
	t.Parallel()
	b := commandsOnly(t)
	for text, want := range map[string]string{
		"solicitr":                     "begin",
		"quiero una cuenta, por favor": "begin",
		"me ayudas":                    "help",
		"estdo":                        "status",
		"cancelr 2026-000123":          "cancel",
		"¿cómo recupero mi contraseña": "recover",
		"pendintes":                    "pending",
		"¿cuánto tarda?":               "status",
		"corregir":                     "mine",
		"asdf qwerty":                  "",
		"esto y ello":                  "",
		"":                             "",
	} {
		if got := b.lexicon.Guess(text, b.personalNames()); got != want {
			t.Errorf("guess(%q) = %q, want %q", text, got, want)
		}
	}
	for text, want := range map[string][2]string{ // in the director's channel, and in the subdirector's
		"apruebo": {"turn", "authorize"}, "Aprobado.": {"turn", "authorize"}, "aceptar": {"turn", "authorize"}, "VoBo": {"turn", "authorize"}, "Vo.Bo.": {"turn", "authorize"},
		"visto bueno": {"turn", "authorize"}, "adelante": {"turn", "authorize"}, "sí procede": {"turn", "authorize"}, "turno": {"turn", "authorize"},
		"autorizo 2026-000123": {"turn", "authorize"}, "autorizada": {"turn", "authorize"},
		"no procede": {}, "no autorizo": {}, "aún no está autorizada": {}, "¿qué pasó con la 2026-000123?": {},
	} {
		for i, stage := range []provisioning.StageName{provisioning.Director, provisioning.Subdirector} {
			if got := b.lexicon.Guess(text, b.channelNames(stage)); got != want[i] {
				t.Errorf("guess(%q) at the %s = %q, want %q", text, stage, got, want[i])
			}
		}
	}
	if got := b.lexicon.Guess("pendintes", b.channelNames("")); got != "pending" {
		t.Errorf("guess in a channel = %q", got)
	}
}

// FuzzParseCommand checks that any text is read without a panic, and that nothing is added to
// it.
func FuzzParseCommand(f *testing.F) {
	b := commandsOnly(f)
	for _, seed := range []string{"solicitar", "estado 2026-000123", "¿?", "\u202e\x00", "mis solicitudes"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := b.lexicon.Read(text)
		if len(c.Rest) > len(text) {
			t.Errorf("rest %q is longer than %q", c.Rest, text)
		}
		b.lexicon.Guess(c.Rest, b.personalNames())
	})
}

// commandsOnly is a bot with its commands only.
func commandsOnly(t testing.TB) *Bot {
	t.Helper()
	b, err := assemble(Config{Rules: &provisioning.Rules{}, Workflow: &provisioning.Workflow{}, Creation: &creation.Creation{}, Recovery: &recovery.Recovery{}, Letters: &letter.Letters{}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// WordOfEach returns the first word of each command, by the command's name.
func WordOfEach(t testing.TB) map[string]string {
	t.Helper()
	words := map[string]string{}
	for name, c := range commandsOnly(t).commands {
		words[name] = c.Words[0]
	}
	return words
}

// Two rooms with the same verb, command name or word are an error.
func TestNothingIsAnsweredTwice(t *testing.T) {
	t.Parallel()
	verb := turn.Routes{Personal: map[string]turn.Verb{cards.HelpShow: commandsOnly(t).helpClick}}
	if err := new(Bot).join(verb, turn.Routes{Channel: verb.Personal}); err == nil {
		t.Error("one verb of two rooms is joined")
	}
	for what, twice := range map[string][2]turn.Command{
		"one name": {{Name: "a", Words: []string{"a"}}, {Name: "a", Words: []string{"b"}}},
		"one word": {{Name: "a", Words: []string{"a"}}, {Name: "b", Words: []string{"b", "a"}}},
	} {
		if err := new(Bot).join(turn.Routes{Commands: twice[:1]}, turn.Routes{Commands: twice[1:]}); err == nil {
			t.Errorf("%s of two commands is taken", what)
		}
	}
}
