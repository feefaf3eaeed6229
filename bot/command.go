package bot

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// command is what a person asked for by typing. rest is what followed its words.
type command struct{ name, rest string }

// The commands, each with the words that mean it, in both languages. Accents and
// capitals make no difference; the longest match wins. A new one is answered below,
// guessed in guess.go, and offered by cards' help and by the manifest.
var commandWords = map[string]string{
	"solicitar": "begin", "solicitud": "begin", "solicitar cuenta": "begin", "nueva solicitud": "begin", "alta": "begin",
	"request": "begin", "new request": "begin", "request account": "begin",
	"estado": "status", "status": "status", "estatus": "status", "folio": "status", "mi solicitud": "status", "my request": "status",
	"como va": "status", "en que va": "status", "how is": "status",
	"mis solicitudes": "mine", "solicitudes": "mine", "my requests": "mine", "requests": "mine",
	"buscar": "find", "busca": "find", "encontrar": "find", "find": "find", "search": "find",
	"cancelar": "cancel", "cancel": "cancel",
	"ayuda": "help", "help": "help", "?": "help", "menu": "help", "inicio": "help",
	"hola": "hello", "buenos dias": "hello", "buen dia": "hello", "buenas tardes": "hello", "buenas noches": "hello",
	"buenas": "hello", "saludos": "hello", "que tal": "hello", "hello": "hello", "hi": "hello", "hey": "hello",
	"por favor": "hello", "favor de": "hello", "please": "hello",
	"good morning": "hello", "good afternoon": "hello", "good evening": "hello",
	"gracias": "thanks", "muchas gracias": "thanks", "mil gracias": "thanks", "thanks": "thanks", "thank you": "thanks",
	"ok": "thanks", "okay": "thanks", "listo": "thanks", "perfecto": "thanks", "de acuerdo": "thanks",
	"enterada": "thanks", "enterado": "thanks", "entendido": "thanks", "muchisimas gracias": "thanks", "muy amable": "thanks",
	"excelente": "thanks", "muy bien": "thanks", "adios": "thanks", "hasta luego": "thanks", "bye": "thanks",
	"idioma": "language", "language": "language", "lang": "language", "espanol": "language", "ingles": "language", "english": "language",
	"botones": "buttons", "boton": "buttons", "buttons": "buttons",
	"lista": "list", "listas": "list", "excel": "list", "list": "list", "lists": "list",
	"recuperar": "recover", "contrasena": "recover", "olvide mi contrasena": "recover", "no puedo entrar": "recover",
	"recover": "recover", "password": "recover", "reset password": "recover", "forgot password": "recover",
	"pendientes": "pending", "pendiente": "pending", "pending": "pending",
	"turnar": "turn", "pass on": "turn", "turn over": "turn", "autorizar": "authorize", "authorise": "authorize", "authorize": "authorize",
	"aprobar": "approve", "approve": "approve", "devolver": "return", "return": "return", "rechazar": "reject", "reject": "reject",
	"excluir": "exclude", "leave out": "exclude", "exclude": "exclude",
	"reintentar": "retry", "intentar de nuevo": "retry", "try again": "retry", "retry": "retry",
	"adoptar": "adopt", "misma persona": "adopt", "same person": "adopt", "adopt": "adopt",
	"otra direccion": "rename", "otra cuenta": "rename", "crear otra cuenta": "rename", "another address": "rename", "another account": "rename",
	"restaurar": "restore", "restore": "restore", "inhabilitar": "disable", "disable": "disable",
	"quitar": "drop", "take out": "drop", "remove": "drop",
	"si rechazar": "yes reject", "si, rechazar": "yes reject", "yes reject": "yes reject", "yes, reject": "yes reject",
	"si quitar": "yes drop", "si, quitar": "yes drop", "yes take out": "yes drop", "yes, take out": "yes drop",
	"si otra direccion": "yes rename", "si, otra direccion": "yes rename", "si otra cuenta": "yes rename", "si, otra cuenta": "yes rename",
	"yes another address": "yes rename", "yes, another address": "yes rename", "yes another account": "yes rename", "yes, another account": "yes rename",
	"si inhabilitar": "yes disable", "si, inhabilitar": "yes disable", "yes disable": "yes disable", "yes, disable": "yes disable",
	"registrar": "register", "register": "register",
	"suplente": "substitute", "substitute": "substitute", "suplentes": "substitutes", "substitutes": "substitutes",
	"suplente quitar": "unsubstitute", "quitar suplente": "unsubstitute",
	"substitute remove": "unsubstitute", "remove substitute": "unsubstitute",
}

const longestCommand = 3 // words

// parseCommand reads what was typed: behind a greeting, what is asked for.
func parseCommand(text string) command {
	c := readCommand(text)
	for range longestCommand {
		asked := readCommand(c.rest)
		if c.name != "hello" && c.name != "thanks" || asked.name == "" {
			break
		}
		c = asked
	}
	return c
}

// readCommand reads what a text begins with. What is no command has no name. A folio
// among words that are none asks for its state; a picture alone is a nod.
func readCommand(text string) command {
	typed := strings.Fields(text)
	for n := min(longestCommand, len(typed)); n > 0; n-- {
		name, ok := commandWords[words.Plain(strings.Join(typed[:n], " "))]
		rest := strings.Join(typed[n:], " ")
		if ok && name == "begin" && words.IsFolio(words.Subject(rest)) {
			name = "status"
		}
		if ok {
			return command{name, rest}
		}
	}
	all := strings.Join(typed, " ")
	switch {
	case words.NamesFolio(all):
		return command{"status", all}
	case all != "" && !strings.ContainsFunc(all, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }):
		return command{name: "thanks"}
	}
	return command{rest: all}
}

func (b *Bot) personalCommand(ctx context.Context, t turn.Context, c command) error {
	switch c.name {
	case "begin":
		return b.turns.Explain(ctx, t, b.begin(ctx, t, 0))
	case "status", "find":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.look(ctx, t, c) })
	case "mine":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.mine(ctx, t, "") })
	case "cancel":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.cancelTyped(ctx, t, c.rest) })
	case "language":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.language(ctx, t, c.rest) })
	case "buttons":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.buttons(ctx, t, c.rest) })
	case "pending", "register", "substitute", "substitutes", "unsubstitute",
		"turn", "authorize", "approve", "return", "reject", "exclude", "retry", "adopt", "rename", "restore", "disable", "drop":
		b.turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("command.channel_only", nil)})
	case "hello":
		b.turns.Say(ctx, t, cards.Message{Card: t.Texts.Welcome()})
	case "thanks":
		b.turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("answer.thanks", nil)})
	case "recover":
		b.turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("answer.recover", nil)})
	case "list":
		most := strconv.Itoa(min(b.Rules.Limits.People, cards.MaxPeople))
		b.turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("answer.list", map[string]string{"most": most})})
	default:
		if t.Brings() && c.name == "" {
			b.turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("command.attachment", nil)})
			return nil
		}
		b.turns.Say(ctx, t, cards.Message{Card: t.Texts.Help(b.guideURL(), unread(t.Texts, c, personalNames))})
	}
	return nil
}

func (b *Bot) channelCommand(ctx context.Context, t turn.Context, c command) error {
	if act, ok := b.decisive(c); ok {
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return act(ctx, t) })
	}
	if said, ok, err := b.questions.Answered(ctx, t); ok || err != nil {
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return said, err })
	}
	switch c.name {
	case "register":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.register(ctx, t, c.rest) })
	case "pending":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.pending(ctx, t, t.Stage, "") })
	case "substitute":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.substitute(ctx, t, c.rest) })
	case "unsubstitute":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.unsubstitute(ctx, t, c.rest) })
	case "substitutes":
		return b.turns.Answer(ctx, t, func() (cards.Message, error) { return b.listSubstitutes(ctx, t) })
	case "status", "find":
		b.turns.Say(ctx, t, lookedForHere(t, c))
	case "begin", "mine", "cancel", "language", "buttons", "list", "recover":
		b.turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("command.personal_only", nil)})
	case "thanks":
		b.turns.Say(ctx, t, cards.Message{Text: t.Texts.Say("answer.thanks", nil)})
	default:
		b.turns.Say(ctx, t, cards.Message{Card: t.Texts.HelpChannel(t.Stage, unread(t.Texts, c, namesIn(t.Stage)))})
	}
	return nil
}

// lookedForHere answers whoever asks in a channel for what is told in private: in a stage's,
// where most of it is. A folio behind a word that may have been to decide is no search.
func lookedForHere(t turn.Context, c command) cards.Message {
	if t.Stage == "" {
		return cards.Message{Text: t.Texts.Say("command.personal_only", nil)}
	}
	if near := guess(c.rest, cards.StageCommands(t.Stage)); c.name == "status" && near != "" {
		return cards.Message{Card: t.Texts.HelpChannel(t.Stage, cards.Unread{Said: c.rest, Guess: t.Texts.Command(near)})}
	}
	return cards.Message{Text: t.Texts.Say("command.in_stage", nil)}
}

// decisive returns what a command of those that decide does.
func (b *Bot) decisive(c command) (act func(context.Context, turn.Context) (cards.Message, error), ok bool) {
	if verb, ok := confirmWords[c.name]; ok {
		return func(ctx context.Context, t turn.Context) (cards.Message, error) {
			return b.questions.Confirm(ctx, t, verb, c.rest)
		}, true
	}
	if _, ok := decisionWords[c.name]; ok {
		return func(ctx context.Context, t turn.Context) (cards.Message, error) { return b.decideTyped(ctx, t, c) }, true
	}
	if _, ok := remedyWords[c.name]; ok {
		return func(ctx context.Context, t turn.Context) (cards.Message, error) { return b.remedyTyped(ctx, t, c) }, true
	}
	return nil, false
}

// language shows the languages, or takes the one named.
func (b *Bot) language(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	chosen := map[string]string{"es": "es-MX", "espanol": "es-MX", "spanish": "es-MX", "en": "en", "ingles": "en", "english": "en"}[words.Plain(rest)]
	if chosen == "" {
		return cards.Message{Card: t.Texts.Language()}, nil
	}
	texts, err := b.speak(ctx, t, chosen)
	return cards.Message{Text: texts.Say("language.set", nil)}, err
}

// speak keeps the language that a person chose.
func (b *Bot) speak(ctx context.Context, t turn.Context, locale string) (*cards.Texts, error) {
	t.Person.Chosen = locale
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		return b.recipients.Change(tx, t.By.ID, func(c *recipient.Person) { c.Chosen = locale })
	})
	return b.recipients.Texts(t.Person), err
}
