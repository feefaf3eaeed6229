package form

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
)

func (fs *Forms) commands() (all []turn.Command) {
	for _, k := range fs.kinds {
		all = append(all, k.command(func(ctx context.Context, t turn.Context) error { return fs.begin(ctx, t, k, 0) }))
	}
	return all
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
