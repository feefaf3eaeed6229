package letter

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// Routes returns the command and action verbs about letters.
func (ls *Letters) Routes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{cards.LetterLink: ls.linkClick},
		Channel: map[string]turn.Verb{
			cards.LetterFile: ls.fileClick, cards.LetterSent: ls.act, cards.LetterAnnul: ls.act,
			cards.LetterNumber: ls.act, cards.LetterRange: ls.act,
		},
		Commands: []turn.Command{{
			Name: "letter", Offered: true, Sentence: true,
			Words:    []string{"oficio", "letter", "oficio de respuesta", "respuesta", "letter of reply"},
			Personal: ls.asked, Channel: ls.askedInChannel,
		}, {
			Name: "yes annul", Decides: true, Confirms: true,
			Words: []string{"si anular", "si, anular", "yes annul", "yes, annul"},
			Channel: func(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
				return ls.Questions.Confirm(ctx, t, cards.LetterAnnul, c.Rest)
			},
		}},
	}
}
