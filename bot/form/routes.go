package form

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
)

func (fs *Forms) commands() (all []turn.Command) {
	for _, k := range fs.kinds {
		all = append(all, k.command(func(ctx context.Context, t turn.Context) (cards.Message, error) { return fs.beginTyped(ctx, t, k) }))
	}
	return all
}

// Routes returns the form's commands and action verbs, which a person uses after the privacy notice.
func (fs *Forms) Routes() turn.Routes {
	verbs := map[string]turn.Verb{
		cards.RequestBegin: fs.beginClick, cards.RequestCorrect: fs.correctClick, cards.RequestAgain: fs.againClick,
		cards.RequestNext: fs.formClick, cards.RequestBack: fs.formClick, cards.RequestAdd: fs.formClick, cards.RequestAnother: fs.formClick, cards.RequestPaste: fs.formClick, cards.RequestEdit: fs.formClick,
		cards.RequestRemove: fs.formClick, cards.RequestDiscard: fs.formClick, cards.RequestSubmit: fs.formClick,
	}
	for verb, do := range verbs {
		verbs[verb] = fs.noticed(do)
	}
	return turn.Routes{Personal: verbs, Commands: fs.commands()}
}
