package bot_test

import (
	"strings"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/bot"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// A word of each command is typed in a personal chat and in a channel. Each has its own answer,
// or is told where the command works; only the help command is answered by the help.
func TestEveryCommandIsAnswered(t *testing.T) {
	t.Parallel()
	o := newOffice(t, "2022-09-05 09:00")
	texts := cards.In(cards.Spanish)
	chat, channel := texts.Say("help.summary", nil), texts.Say("help.channel.summary", nil)
	for name, word := range bot.WordOfEach(t) {
		if name == "help" {
			continue
		}
		said := o.answers(func() { o.write(word) })
		if asked := strings.HasPrefix(name, "yes "); len(said) == 0 || !asked && strings.Contains(strings.Join(said, "\n"), chat) { // confirmations are asked for only in channels
			t.Errorf("%s, as %q in a chat, is answered %q", name, word, said)
		}
		if name == "hello" { // in a channel it is answered by the help
			continue
		}
		if asked := strings.HasPrefix(name, "yes "); asked != strings.Contains(strings.Join(said, "\n"), chat) {
			t.Errorf("%s, as %q in a chat, shows the help: %v", name, word, !asked)
		}
		said = o.answers(func() { o.say(o.ines, provisioning.Platform, word) })
		if len(said) == 0 || strings.Contains(strings.Join(said, "\n"), channel) {
			t.Errorf("%s, as %q in a channel, is answered %q", name, word, said)
		}
	}
}

// write types a text in Rosa's chat.
func (o *office) write(words string) {
	o.t.Helper()
	o.advance(o.Now().Add(time.Second)) // people type slower than Teams' limits
	if _, err := o.teams.Say(o.t.Context(), o.rosa.ID, o.teams.Chat(o.rosa.ID), words); err != nil {
		o.t.Fatal(err)
	}
	o.settle()
}

// answers returns the messages sent because of an act.
func (o *office) answers(act func()) []string {
	o.t.Helper()
	o.settle()
	before := len(o.log)
	act()
	o.settle()
	return o.log[before:]
}
