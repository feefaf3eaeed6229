package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// statusCommands are those by which people ask about requests.
func (b *Bot) statusCommands() []turn.Command {
	return []turn.Command{
		{
			Name: "status", Offered: true,
			Words: []string{
				"estado", "status", "estatus", "folio", "mi solicitud", "my request", "como va", "en que va", "how is",
			},
			Hints:    []string{"cuanto", "tarda", "tramite"},
			Personal: b.look,
		},
		{
			Name: "find", Offered: true,
			Words:    []string{"buscar", "busca", "encontrar", "find", "search"},
			Personal: b.look,
		},
		{
			Name: "mine", Offered: true,
			Words: []string{"mis solicitudes", "solicitudes", "my requests", "requests"},
			Hints: []string{"corregir", "correct"},
			Personal: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return b.mine(ctx, t, "")
			},
		},
		{
			Name: "cancel", Offered: true,
			Words: []string{"cancelar", "cancel"},
			Hints: []string{"borrar", "eliminar", "delete"},
			Personal: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return b.cancelTyped(ctx, t, c.Rest)
			},
		},
	}
}

// statusRoutes are what people ask about requests.
func (b *Bot) statusRoutes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{
			cards.RequestStatus: b.statusClick, cards.RequestMine: b.mineClick, cards.RequestFind: b.findClick, cards.RequestCancel: b.cancelClick,
		},
		Commands: b.statusCommands(),
	}
}
