package letter

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/letter"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// act applies what a person of the office clicked, and answers with the card as it then is.
func (ls *Letters) act(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	err := ls.apply(ctx, t, c)
	wrong, atInput := turn.AtInput(err)
	switch {
	case atInput:
		return ls.answer(ctx, t, c, map[string]error{wrong.Field: wrong})
	case problem.CodeOf(err) == problem.CodeConflict, err == nil:
		return ls.answer(ctx, t, c, nil)
	}
	return turn.Answer{}, err
}

// apply applies a verb with its inputs, clicked or typed.
func (ls *Letters) apply(ctx context.Context, t turn.Context, c cards.Click) error {
	proven, err := ls.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return err
	}
	act := letter.Act{Folio: c.Folio, Serial: c.Number, Click: proven}
	if c.Verb == cards.LetterNumber {
		return ls.Letters.Number(ctx, ls.authority, act, c.Inputs["oficio"])
	}
	return ls.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := ls.authority(tx)
		if err != nil {
			return err
		}
		switch c.Verb {
		case cards.LetterSent:
			err = ls.Letters.Sent(tx, auth, act)
		case cards.LetterAnnul:
			err = ls.Letters.Annul(tx, auth, act, c.Inputs["comment"])
		default:
			err = ls.reserve(tx, auth, act, c.Inputs)
		}
		if err != nil || c.Number == 0 {
			return err
		}
		return ls.Posts.Adopt(tx, post.OfLetter(c.Folio, c.Number), t.Source())
	})
}

// reserve adds a range of numbers. Permission comes before what was typed.
func (ls *Letters) reserve(tx provisioning.Tx, auth letter.Authority, act letter.Act, typed map[string]string) error {
	if err := auth.MaySend(act.Click); err != nil {
		return err
	}
	reserved, err := letter.ParseRange(typed["rangeFrom"], typed["rangeTo"])
	if err != nil {
		return err
	}
	return ls.Letters.Reserve(tx, auth, act, reserved)
}

// answer is the card of the letter that was clicked, with the errors at its inputs.
func (ls *Letters) answer(ctx context.Context, t turn.Context, c cards.Click, faults map[string]error) (turn.Answer, error) {
	var v cards.LetterView
	var found bool
	err := ls.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		v, found, err = ls.View.LetterIn(tx, c.Folio, c.Number)
		return err
	})
	if err == nil && !found {
		return t.Outdated(), nil
	}
	if len(faults) > 0 {
		v.Errors, v.Values = faults, c.Inputs
	}
	return turn.Answer{Card: t.Texts.Letter(v), Post: post.OfLetter(c.Folio, v.Letter.Serial)}, errors.Join(err)
}
