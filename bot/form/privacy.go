package form

import (
	"cmp"
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// noticed lets a click through if the person has acknowledged the privacy notice in force. Else it is
// answered with the notice, and nothing of it is stored. Every verb of the forms passes here, so that
// a forged click does too. A form may be discarded without: that only deletes.
func (fs *Forms) noticed(do turn.Verb) turn.Verb {
	return func(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
		_, acknowledged, err := fs.Privacy.Has(ctx, t.By.ID)
		switch {
		case err != nil:
			return turn.Answer{}, err
		case acknowledged:
			return do(ctx, t, c)
		case c.Verb == cards.RequestDiscard:
			c.Inputs = nil
			return do(ctx, t, c)
		}
		card, err := fs.notice(ctx, t, c)
		return turn.Answer{Card: card, Fresh: true}, err
	}
}

// beginTyped sends a new form, or the notice to a person who has not acknowledged it.
func (fs *Forms) beginTyped(ctx context.Context, t turn.Context, k Kind) (cards.Message, error) {
	s, err := fs.noticed(func(ctx context.Context, t turn.Context, _ cards.Click) (turn.Answer, error) {
		return turn.Answer{}, cmp.Or(fs.begin(ctx, t, k, 0), turn.ErrNoReply)
	})(ctx, t, cards.Click{Data: cards.Data{Verb: cards.RequestBegin, Kind: k.kind()}})
	return cards.Message{Card: s.Card}, err
}

// notice is the notice instead of what a click asked for; its button opens the click's form. People
// who may not ask, or correct that request, are told so first.
func (fs *Forms) notice(ctx context.Context, t turn.Context, c cards.Click) (cards.Card, error) {
	p := cards.Privacy{Notice: fs.Privacy.Notice, Why: cards.WhyRefused, Opens: cards.Data{Kind: c.Kind, Folio: c.Folio, Mark: c.Mark}}
	if c.Verb == cards.RequestBegin || c.Verb == cards.RequestCorrect {
		p.Why = cards.WhyBegin
	}
	if c.Verb == cards.RequestAgain { // a new form follows the notice
		p.Why, p.Opens = cards.WhyBegin, cards.Data{Kind: provisioning.Create}
	}
	k, err := fs.of(c.Kind)
	if err != nil {
		return cards.Card{}, err
	}
	switch {
	case c.Folio == "":
		p.Opens.Kind = k.kind()
		err = fs.mayAsk(ctx, t, k)
	case c.Verb == cards.RequestCorrect:
		err = fs.mayCorrect(ctx, t, c.Folio)
	}
	return t.Texts.Privacy(p), err
}

// mayCorrect returns nil if the person may correct the request.
func (fs *Forms) mayCorrect(ctx context.Context, t turn.Context, f provisioning.Folio) error {
	err := fs.Store.View(ctx, func(tx provisioning.Tx) error {
		_, err := fs.Access.Correctable(tx, t.By, f)
		return err
	})
	return fs.Inquiries.Counted(ctx, t.By, f, err)
}

// Open opens the form that the notice was shown instead of: a new one of the click's kind, or the one
// that corrects its request; an open one as it was. It is not sent again within the interval.
func (fs *Forms) Open(ctx context.Context, t turn.Context, c cards.Click, interval time.Duration) error {
	if c.Folio != "" {
		_, err := fs.correct(ctx, t, c.Folio, interval)
		return err
	}
	k, err := fs.of(c.Kind)
	if err != nil {
		return err
	}
	return fs.begin(ctx, t, k, interval)
}
