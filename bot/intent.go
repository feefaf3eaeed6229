package bot

import (
	"context"
	"strings"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// alike are the commands that answer an intent of another name.
var alike = map[string]words.Intent{"begin": words.Account, "recover": words.Recover}

// meant returns what a typed text asks for if it is no command, or begins like one that may begin a
// sentence about something else: "gracias, pero no me llega la contraseña". It is "" for a command
// that is to be carried out as typed.
func meant(commands map[string]turn.Command, t turn.Context, c words.Asked) words.Intent {
	command, known := commands[c.Name]
	answers := t.Personal() && command.Personal != nil || !t.Personal() && command.Channel != nil
	said := words.Clip(t.Said, words.LongestSentence)
	switch {
	case words.NamesFolio(said), known && (words.Polite(c.Rest) || words.IsFolio(words.Subject(c.Rest))), command.Decides && !t.Personal():
		return ""
	case c.Name == "letter" && !t.Personal() && c.Rest != "":
		return "" // what follows is an act on the letter, in words of its own
	case c.Name == "status" && words.SentByMe(c.Rest):
		return "status"
	case answers && !command.Sentence:
		return ""
	}
	intent := words.IntentOf(said)
	other, isCommand := commands[intent.Command()]
	elsewhere := isCommand && (t.Personal() && other.Personal == nil || !t.Personal() && other.Channel == nil)
	if known && (string(intent) == c.Name || alike[c.Name] == intent || elsewhere || intent == words.Topic || !answers && !words.OfAccounts(intent)) {
		return ""
	}
	return intent
}

// language is the language that a text of a few words asks for: "en inglés, por favor". A longer sentence
// may only speak of a language, so that it is answered with the choice: "".
func language(said string, intent words.Intent) string {
	if len(strings.Fields(said)) > 4 {
		return ""
	}
	return string(intent)
}

// answerIntent answers what a sentence asks for: by a command that only reads, without an argument, or
// by a text.
func (b *Bot) answerIntent(ctx context.Context, t turn.Context, intent words.Intent) (cards.Message, error) {
	again := b.personalCommand
	if !t.Personal() {
		again = b.channelCommand
	}
	switch intent {
	case words.EnglishNow, words.SpanishNow:
		return again(ctx, t, words.Asked{Name: "language", Rest: language(t.Said, intent)})
	case words.Seats:
		m, err := b.reports.Asked(ctx, t)
		if problem.CodeOf(err) == problem.CodeForbidden {
			return b.sentences.Answer(ctx, t, intent)
		}
		return m, err
	}
	if name := intent.Command(); name != "" {
		return again(ctx, t, words.Asked{Name: name})
	}
	return b.sentences.Answer(ctx, t, intent)
}
