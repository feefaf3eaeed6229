package attention

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// In the thread of a line's card: with one or two accounts found; with a refused address; with
// other lines that have the same trouble.
func TestReadRemedy(t *testing.T) {
	t.Parallel()
	line := func(reason string, entries ...provisioning.Entry) cards.Attention {
		return cards.Attention{Account: provisioning.Account{Trouble: &provisioning.Trouble{Reason: reason, Entries: entries}}, Alike: 2}
	}
	first, second := provisioning.Entry{ID: "1", Address: "ana@x.mx"}, provisioning.Entry{ID: "2", Address: "ana.2@x.mx"}
	one, two := line("trouble.homonym", first), line("trouble.homonym", first, second)
	refused, denied := line("trouble.addresses"), line("directory.no_permission")
	var lexicon words.Lexicon
	for _, c := range new(Lines).commands() {
		if err := lexicon.Add(c.Name, c.Words, c.Hints); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range []struct {
		said string
		view cards.Attention
		want remedy
	}{
		{"adoptar", one, remedy{entry: "1"}},
		{"adoptar, gracias", one, remedy{entry: "1"}},
		{"adoptar 1 por favor", two, remedy{entry: "1"}},
		{"adoptar #2", two, remedy{entry: "2"}},
		{"adoptar la cuenta", one, remedy{entry: "1"}},
		{"adoptar la 2", two, remedy{entry: "2"}},
		{"adoptar la cuenta ana.2@x.mx", two, remedy{entry: "2"}},
		{"adoptar la cuenta", two, remedy{unclear: "typed.entry"}},
		{"adoptar Ana.2@X.mx.", two, remedy{entry: "2"}},
		{"adoptar", two, remedy{unclear: "typed.entry"}},
		{"adoptar 3", two, remedy{unclear: "typed.entry"}},
		{"adoptar 0", one, remedy{unclear: "typed.entry"}},
		{"adoptar la de Ana", two, remedy{unclear: "typed.only"}},
		{"adoptar 1 no, espera", two, remedy{unclear: "typed.only"}},
		{"adoptar 1?", two, remedy{unclear: "typed.only"}},
		{"restaurar no", one, remedy{unclear: "typed.only"}},
		{"reintentar", denied, remedy{}},
		{"reintentar todas, por favor", denied, remedy{verb: cards.AttentionRetryAlike}},
		{"reintentar todas no", denied, remedy{unclear: "typed.only"}},
		{"reintentar y 2", denied, remedy{unclear: "typed.only"}},
		{"reintentar…", denied, remedy{unclear: "typed.only"}},
		{"inhabilitar", denied, remedy{}},
		{"inhabilitar no, espera", denied, remedy{unclear: "typed.only"}},
		{"quitar ya tiene otra", denied, remedy{comment: "ya tiene otra"}},
		{"quitar por favor", denied, remedy{}},
		{"quitar y 2 no es ella", denied, remedy{comment: "y 2 no es ella", unclear: "typed.only_reason"}},
		{"otra dirección", one, remedy{}},
		{"otra dirección, gracias.", one, remedy{}},
		{"otra dirección «ana.3@x.mx», gracias", one, remedy{address: "ana.3@x.mx"}},
		{"otra dirección ana.3", refused, remedy{address: "ana.3"}},
		{"otra dirección", refused, remedy{unclear: "typed.address"}},
		{"otra dirección 2", one, remedy{unclear: "typed.address"}},
		{"otra dirección nueva", one, remedy{unclear: "typed.address"}},
		{"otra dirección ana.3 no", one, remedy{address: "ana.3", unclear: "typed.address"}},
		{"otra dirección ana.3 ana.4", one, remedy{address: "ana.3", unclear: "typed.address"}},
	} {
		command := lexicon.Read(c.said)
		if c.want.verb == "" {
			c.want.verb = remedyWords[command.Name]
		}
		if diff := cmp.Diff(c.want, readRemedy(c.said, command, command.Rest, c.view), cmp.AllowUnexported(remedy{})); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.said, diff)
		}
	}
}
