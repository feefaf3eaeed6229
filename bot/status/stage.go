package status

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// statusOrFindHere answers "estado" and "buscar" in a stage's channel, with what reached that stage:
// all its members read the answer.
func (rq *Requests) statusOrFindHere(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	if t.Stage == "" {
		return cards.Message{Text: t.Texts.Say("command.personal_only", nil)}, nil
	}
	proven, err := rq.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return cards.Message{}, err
	}
	named := words.Subject(c.Rest)
	switch {
	case words.IsFolio(named):
		return rq.statusHere(ctx, t, proven, words.FolioIn(named, rq.Now().In(rq.Location)))
	case named == "":
		return cards.Message{Text: t.Texts.Say("stage.which", nil)}, nil
	}
	return rq.findHere(ctx, t, proven, words.Clip(c.Rest, maxQuery))
}

// statusHere shows a request that reached the stage.
func (rq *Requests) statusHere(ctx context.Context, t turn.Context, proven provisioning.Click, f provisioning.Folio) (cards.Message, error) {
	var d cards.RequestView
	var url string
	err := rq.Store.View(ctx, func(tx provisioning.Tx) error {
		reach, err := rq.Access.ReachIn(tx, proven)
		if err != nil {
			return err
		}
		if _, err = reach.Within(tx, f); err != nil {
			return err
		}
		if d, err = rq.View.RequestIn(tx, f); err != nil || d.Request.State != t.Stage.Waiting() {
			return err
		}
		url, err = rq.link(tx, t.Stage, d.Request)
		return err
	})
	if err != nil {
		return cards.Message{}, err
	}
	d.Others = true
	return cards.Message{Card: t.Texts.StageStatus(d, url)}, rq.Inquiries.InOffice(ctx, t.By, f)
}

func (rq *Requests) statusHereClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	proven, err := rq.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return turn.Answer{}, err
	}
	m, err := rq.statusHere(ctx, t, proven, c.Folio)
	return turn.Answer{Card: m.Card, Fresh: true}, err
}

// findHere shows the newest lines that contain every word of a text, of what reached the stage.
func (rq *Requests) findHere(ctx context.Context, t turn.Context, proven provisioning.Click, text string) (cards.Message, error) {
	h := cards.Hits{Query: text, First: true}
	err := rq.search(ctx, &h, func(tx provisioning.Tx) error {
		reach, err := rq.Access.ReachIn(tx, proven)
		if err != nil {
			return err
		}
		return fillPage(tx, provisioning.AccountSearch{Text: text}, &h, func(_ provisioning.Account, r provisioning.Request) (found, office bool) {
			return reach.Reads(r), true
		})
	})
	return cards.Message{Card: t.Texts.StageFound(h)}, err
}

// link returns the deep link to a request's card at a stage; "" if there is none.
func (rq *Requests) link(tx provisioning.Tx, stage provisioning.StageName, r provisioning.Request) (string, error) {
	c, _, err := rq.Recipients.Channel(tx, stage)
	if err != nil {
		return "", err
	}
	return rq.Posts.Link(tx, c, stage, r)
}
