package attention

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

func (ls *Lines) commands() []turn.Command {
	return []turn.Command{
		{
			Name: "retry", Decides: true,
			Words:   []string{"reintentar", "intentar de nuevo", "try again", "retry"},
			Channel: ls.remedyTyped,
		},
		{
			Name: "adopt", Decides: true,
			Words:   []string{"adoptar", "misma persona", "same person", "adopt"},
			Channel: ls.remedyTyped,
		},
		{
			Name: "rename", Decides: true,
			Words:   []string{"otra direccion", "otra cuenta", "crear otra cuenta", "another address", "another account"},
			Channel: ls.remedyTyped,
		},
		{
			Name: "restore", Decides: true,
			Words:   []string{"restaurar", "restore"},
			Channel: ls.remedyTyped,
		},
		{
			Name: "disable", Decides: true,
			Words:   []string{"inhabilitar", "disable"},
			Channel: ls.remedyTyped,
		},
		{
			Name: "drop", Decides: true,
			Words:   []string{"quitar", "take out", "remove"},
			Channel: ls.remedyTyped,
		},
		{
			Name: "yes drop", Decides: true, Confirms: true,
			Words: []string{"si quitar", "si, quitar", "yes take out", "yes, take out", "yes remove", "yes, remove"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return ls.Questions.Confirm(ctx, t, cards.AttentionDrop, c.Rest)
			},
		},
		{
			Name: "yes rename", Decides: true, Confirms: true,
			Words: []string{
				"si otra direccion", "si, otra direccion", "si otra cuenta", "si, otra cuenta", "yes another address",
				"yes, another address", "yes another account", "yes, another account",
			},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return ls.Questions.Confirm(ctx, t, cards.AttentionRename, c.Rest)
			},
		},
		{
			Name: "yes disable", Decides: true, Confirms: true,
			Words: []string{"si inhabilitar", "si, inhabilitar", "yes disable", "yes, disable"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return ls.Questions.Confirm(ctx, t, cards.AttentionDisable, c.Rest)
			},
		},
	}
}

// Routes returns the commands and action verbs of the platform channel.
func (ls *Lines) Routes() turn.Routes {
	verbs := make(map[string]turn.Verb)
	for _, verb := range []string{
		cards.AttentionRetry, cards.AttentionRetryAlike, cards.AttentionAdopt, cards.AttentionRename, cards.AttentionDrop,
		cards.AttentionRestore, cards.AttentionDisable,
	} {
		verbs[verb] = ls.attend
	}
	return turn.Routes{Channel: verbs, Commands: ls.commands()}
}
