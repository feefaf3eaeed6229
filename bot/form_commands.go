package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// formCommands are those of the form.
func (b *Bot) formCommands() []turn.Command {
	return []turn.Command{
		{
			Name: "begin", Offered: true,
			Words: []string{
				"solicitar", "solicitud", "solicitar cuenta", "nueva solicitud", "alta", "request", "new request", "request account",
			},
			Hints: []string{
				"cuenta", "cuentas", "correo", "formulario", "account", "accounts", "docente", "maestro", "maestra", "alumno", "empezar",
				"iniciar", "start",
			},
			Personal: func(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
				return cards.Message{}, b.begin(ctx, t, 0)
			},
		},
	}
}

// formRoutes are the form's.
func (b *Bot) formRoutes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{
			cards.RequestBegin: b.beginClick, cards.RequestCorrect: b.correctClick,
			cards.RequestNext: b.formClick, cards.RequestBack: b.formClick, cards.RequestAdd: b.formClick, cards.RequestEdit: b.formClick,
			cards.RequestRemove: b.formClick, cards.RequestDiscard: b.formClick, cards.RequestSubmit: b.formClick,
		},
		Commands: b.formCommands(),
	}
}
