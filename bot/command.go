package bot

import (
	"context"
	"slices"
	"strconv"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// ownCommands are the commands that belong to no room.
func (b *Bot) ownCommands() []turn.Command {
	return []turn.Command{
		{
			Name: "help", Offered: true, Sentence: true,
			Words: []string{"ayuda", "help", "?", "menu", "inicio"},
			Personal: func(_ context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return b.help.personal(t, cards.Unread{}), nil
			},
			Channel: b.help.inChannel,
		},
		{
			Name: "hello", Sentence: true,
			Words: []string{
				"hola", "buenos dias", "buen dia", "buenas tardes", "buenas noches", "buenas", "saludos", "que tal", "hello", "hi", "hey",
				"por favor", "favor de", "please", "good morning", "good afternoon", "good evening",
			},
			Personal: func(_ context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return cards.Message{Card: t.Texts.Welcome()}, nil
			},
			Channel: b.help.inChannel,
		},
		{
			Name: "thanks", Sentence: true,
			Words: []string{
				"gracias", "muchas gracias", "mil gracias", "thanks", "thank you", "ok", "okay", "listo", "perfecto", "de acuerdo",
				"enterada", "enterado", "entendido", "muchisimas gracias", "muy amable", "excelente", "muy bien", "adios", "hasta luego",
				"bye",
			},
			Personal: says("answer.thanks"),
			Channel:  says("answer.thanks"),
		},
		{
			Name: "list", Offered: true, Sentence: true,
			Words: []string{"lista", "listas", "excel", "list", "lists"},
			Personal: func(_ context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				most := strconv.Itoa(min(b.rules.Limits.People, cards.MaxPeople))
				return cards.Message{Text: t.Texts.Say("answer.list", map[string]string{"most": most})}, nil
			},
		},
	}
}

// says answers with a text.
func says(key string) func(context.Context, turn.Context, words.Asked) (cards.Message, error) {
	return func(_ context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
		return cards.Message{Text: t.Texts.Say(key, nil)}, nil
	}
}

// inChannel answers a request for help in a channel.
func (h help) inChannel(_ context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
	return h.channel(t, cards.Unread{}), nil
}

// runCommand answers a typed text.
func (b *Bot) runCommand(ctx context.Context, t turn.Context) error {
	c := b.lexicon.Read(t.Said)
	return b.turns.Answer(ctx, t, func() (cards.Message, error) {
		if t.Personal() {
			return b.personalCommand(ctx, t, c)
		}
		return b.channelCommand(ctx, t, c)
	})
}

// personalCommand answers a text typed in a personal chat. One with a CURP is answered with the
// privacy notice until the person has acknowledged it.
func (b *Bot) personalCommand(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	if notice, due, err := b.privacy.Instead(ctx, t, t.Said); due || err != nil {
		return notice, err
	}
	command, known := b.commands[c.Name]
	if intent := meant(b.commands, t, c); intent != "" && !t.HasAttachments() {
		return b.answerIntent(ctx, t, intent)
	}
	switch {
	case command.Personal != nil:
		return command.Personal(ctx, t, c)
	case known && !command.Confirms:
		return cards.Message{Text: t.Texts.Say("command.channel_only", nil)}, nil
	case t.HasAttachments() && !known:
		return cards.Message{Text: t.Texts.Say("command.attachment", nil)}, nil
	}
	return b.help.personal(t, b.unread(t, c, b.personalNames())), nil
}

// channelCommand answers a text typed in a channel. A plain yes or no answers the open question
// there, unless the text is a command that decides.
func (b *Bot) channelCommand(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	command, known := b.commands[c.Name]
	if command.Decides {
		return command.Channel(ctx, t, c)
	}
	if said, ok, err := b.questions.Answered(ctx, t); ok || err != nil {
		return said, err
	}
	if intent := meant(b.commands, t, c); intent != "" {
		return b.answerIntent(ctx, t, intent)
	}
	switch near := b.misspeltDecision(t, c); {
	case near != "":
		return b.help.channel(t, cards.Unread{Said: c.Rest, Guess: t.Texts.Command(near)}), nil
	case command.Channel != nil:
		return command.Channel(ctx, t, c)
	case known:
		return cards.Message{Text: t.Texts.Say("command.personal_only", nil)}, nil
	}
	return b.help.channel(t, b.unread(t, c, b.channelNames(t.Stage))), nil
}

// misspeltDecision returns the decision of the stage that a text seems to mean which is read as a
// question about a folio, as "turna 2026-000123" is; "" for none.
func (b *Bot) misspeltDecision(t turn.Context, c words.Asked) string {
	if c.Name != "status" || t.Stage == "" {
		return ""
	}
	return b.lexicon.Guess(c.Rest, cards.StageCommands(t.Stage))
}

// unread returns what was typed that is no command, and the nearest of the named commands.
func (b *Bot) unread(t turn.Context, c words.Asked, names []string) cards.Unread {
	if c.Name != "" || c.Rest == "" {
		return cards.Unread{}
	}
	return cards.Unread{Said: c.Rest, Guess: t.Texts.Command(b.lexicon.Guess(c.Rest, names))}
}

// personalNames are the commands that are suggested in a personal chat.
func (b *Bot) personalNames() (names []string) {
	for name, c := range b.commands {
		if c.Offered && c.Personal != nil {
			names = append(names, name)
		}
	}
	return names
}

// channelNames are the commands that are suggested in the channel of a stage; "" for any other.
func (b *Bot) channelNames(stage provisioning.StageName) []string {
	names := slices.Clone(cards.StageCommands(stage))
	for name, c := range b.commands {
		if c.Offered && c.Channel != nil {
			names = append(names, name)
		}
	}
	return names
}
