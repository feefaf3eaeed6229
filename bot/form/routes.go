package form

import (
	"cmp"
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

func (fs *Forms) commands() []turn.Command {
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
				return cards.Message{}, cmp.Or(fs.begin(ctx, t, 0), turn.ErrNoReply)
			},
		},
	}
}

// Routes returns the form's commands and action verbs.
func (fs *Forms) Routes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{
			cards.RequestBegin: fs.beginClick, cards.RequestCorrect: fs.correctClick,
			cards.RequestNext: fs.formClick, cards.RequestBack: fs.formClick, cards.RequestAdd: fs.formClick, cards.RequestEdit: fs.formClick,
			cards.RequestRemove: fs.formClick, cards.RequestDiscard: fs.formClick, cards.RequestSubmit: fs.formClick,
		},
		Commands: fs.commands(),
	}
}
