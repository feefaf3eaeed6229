package bot

import (
	"regexp"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// The commands that may be meant, each where it is answered.
var (
	personalNames = []string{"begin", "status", "mine", "find", "cancel", "language", "buttons", "list", "recover", "help"}
	channelNames  = []string{"pending", "substitute", "substitutes", "register", "help"}
)

// namesIn returns the commands that are answered in a stage's channel.
func namesIn(stage provisioning.StageName) []string {
	return slices.Concat(cards.StageCommands(stage), channelNames)
}

// hints are words that are no command and tell what somebody is after.
var hints = map[string]string{
	"cuenta": "begin", "cuentas": "begin", "correo": "begin", "formulario": "begin", "account": "begin", "accounts": "begin",
	"docente": "begin", "maestro": "begin", "maestra": "begin", "alumno": "begin", "empezar": "begin", "iniciar": "begin", "start": "begin",
	"cuanto": "status", "tarda": "status", "tramite": "status", "corregir": "mine", "correct": "mine",
	"borrar": "cancel", "eliminar": "cancel", "delete": "cancel",
}

// approving are words by which people say that they approve: in each stage, its command.
var approving = strings.Fields("apruebo aprobado aprobada aceptar acepto aceptado aceptada vobo visto adelante procede proceda turno turnado turnada " +
	"autorizo autorizado autorizada approved accept accepted proceed authorised authorized")

// hintsOf are the words of approving as hints of a command.
func hintsOf(command string) map[string]string {
	words := make(map[string]string, len(approving))
	for _, word := range approving {
		words[word] = command
	}
	return words
}

var turnHints, authorizeHints = hintsOf("turn"), hintsOf("authorize")

// unread says what was typed that is no command, and which of those named comes
// nearest to it.
func unread(texts *cards.Texts, c command, names []string) cards.Unread {
	if c.name != "" || c.rest == "" {
		return cards.Unread{}
	}
	return cards.Unread{Said: c.rest, Guess: texts.Command(guess(c.rest, names))}
}

// guess returns the command one of whose words stands in the text, or nearly; "" where
// none does.
func guess(text string, names []string) string {
	best, least := "", words.MaxWrong+1
	if denial.MatchString(text) {
		names = slices.DeleteFunc(slices.Clone(names), func(name string) bool { return name == "turn" || name == "authorize" })
	}
	for typed := range strings.FieldsSeq(words.Clip(text, maxQuery)) {
		for _, known := range []map[string]string{commandWords, hints, turnHints, authorizeHints} {
			for word, name := range known {
				wrong := words.Mistyped(words.Plain(typed), word)
				nearer := wrong < least || wrong == least && name < best // the order of a map is none
				if nearer && slices.Contains(names, name) {
					best, least = name, wrong
				}
			}
		}
	}
	return best
}

// denial is of a text that says no: what approves is not what it comes near to.
var denial = regexp.MustCompile(`(?i)\b(?:no|not|nunca|tampoco)\b`)
