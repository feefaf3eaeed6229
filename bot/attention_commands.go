package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// attentionCommands are those that settle a line in attention.
func (b *Bot) attentionCommands() []turn.Command {
	return []turn.Command{
		{
			Name: "retry", Decides: true,
			Words:   []string{"reintentar", "intentar de nuevo", "try again", "retry"},
			Channel: b.remedyTyped,
		},
		{
			Name: "adopt", Decides: true,
			Words:   []string{"adoptar", "misma persona", "same person", "adopt"},
			Channel: b.remedyTyped,
		},
		{
			Name: "rename", Decides: true,
			Words:   []string{"otra direccion", "otra cuenta", "crear otra cuenta", "another address", "another account"},
			Channel: b.remedyTyped,
		},
		{
			Name: "restore", Decides: true,
			Words:   []string{"restaurar", "restore"},
			Channel: b.remedyTyped,
		},
		{
			Name: "disable", Decides: true,
			Words:   []string{"inhabilitar", "disable"},
			Channel: b.remedyTyped,
		},
		{
			Name: "drop", Decides: true,
			Words:   []string{"quitar", "take out", "remove"},
			Channel: b.remedyTyped,
		},
		{
			Name: "yes drop", Decides: true,
			Words: []string{"si quitar", "si, quitar", "yes take out", "yes, take out"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return b.questions.Confirm(ctx, t, cards.AttentionDrop, c.Rest)
			},
		},
		{
			Name: "yes rename", Decides: true,
			Words: []string{
				"si otra direccion", "si, otra direccion", "si otra cuenta", "si, otra cuenta", "yes another address",
				"yes, another address", "yes another account", "yes, another account",
			},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return b.questions.Confirm(ctx, t, cards.AttentionRename, c.Rest)
			},
		},
		{
			Name: "yes disable", Decides: true,
			Words: []string{"si inhabilitar", "si, inhabilitar", "yes disable", "yes, disable"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return b.questions.Confirm(ctx, t, cards.AttentionDisable, c.Rest)
			},
		},
	}
}

// attentionRoutes are the platform's.
func (b *Bot) attentionRoutes() turn.Routes {
	verbs := make(map[string]turn.Verb)
	for _, verb := range []string{
		cards.AttentionRetry, cards.AttentionRetryAlike, cards.AttentionAdopt, cards.AttentionRename, cards.AttentionDrop,
		cards.AttentionRestore, cards.AttentionDisable,
	} {
		verbs[verb] = b.attend
	}
	return turn.Routes{Channel: verbs, Commands: b.attentionCommands()}
}
