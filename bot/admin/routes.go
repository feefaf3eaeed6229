package admin

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

func (cs *Commands) commands() []turn.Command {
	return []turn.Command{
		{
			Name: "register", Offered: true,
			Words: []string{"registrar", "register"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return cs.register(ctx, t, c.Rest)
			},
		},
		{
			Name: "substitute", Offered: true,
			Words: []string{"suplente", "substitute"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return cs.substitute(ctx, t, c.Rest)
			},
		},
		{
			Name: "substitutes", Offered: true,
			Words: []string{"suplentes", "substitutes"},
			Channel: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return cs.listSubstitutes(ctx, t)
			},
		},
		{
			Name:  "unsubstitute",
			Words: []string{"suplente quitar", "quitar suplente", "substitute remove", "remove substitute"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return cs.unsubstitute(ctx, t, c.Rest)
			},
		},
	}
}

// Routes returns the commands of administrators and office holders.
func (cs *Commands) Routes() turn.Routes { return turn.Routes{Commands: cs.commands()} }
