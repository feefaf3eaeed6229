package status

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

func (rq *Requests) commands() []turn.Command {
	return []turn.Command{
		{
			Name: "status", Offered: true,
			Words: []string{
				"estado", "status", "estatus", "folio", "mi solicitud", "my request", "como va", "en que va", "how is",
			},
			Hints:    []string{"cuanto", "tarda", "tramite"},
			Personal: rq.statusOrFind,
			Channel:  rq.statusOrFindHere,
		},
		{
			Name: "find", Offered: true,
			Words:    []string{"buscar", "busca", "encontrar", "find", "search"},
			Personal: rq.statusOrFind,
			Channel:  rq.statusOrFindHere,
		},
		{
			Name: "mine", Offered: true, Sentence: true,
			Words: []string{"mis solicitudes", "solicitudes", "my requests", "requests"},
			Hints: []string{"corregir", "correct"},
			Personal: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return rq.mine(ctx, t, "")
			},
		},
		{
			Name: "cancel", Offered: true, Sentence: true,
			Words: []string{"cancelar", "cancel"},
			Hints: []string{"borrar", "eliminar", "delete"},
			Personal: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return rq.cancelTyped(ctx, t, c.Rest)
			},
		},
	}
}

// Routes returns the commands and action verbs about requests.
func (rq *Requests) Routes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{
			cards.RequestStatus: rq.statusClick, cards.RequestMine: rq.mineClick, cards.RequestFind: rq.findClick, cards.RequestCancel: rq.cancelClick,
			cards.RequestWaiting: rq.waitingClick,
		},
		Channel:  map[string]turn.Verb{cards.StageStatus: rq.statusHereClick},
		Commands: rq.commands(),
	}
}
