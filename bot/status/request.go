package status

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// status shows the named request, or the person's newest.
func (rq *Requests) status(ctx context.Context, t turn.Context, named string) (cards.Message, error) {
	d, err := rq.readFor(ctx, t, named)
	return cards.Message{Card: t.Texts.Status(d)}, err
}

// readFor reads the named request, or the person's newest, if the person may read it.
func (rq *Requests) readFor(ctx context.Context, t turn.Context, named string) (cards.RequestView, error) {
	folio := words.FolioIn(named, rq.Now().In(rq.Location))
	if folio == "" {
		err := rq.Store.View(ctx, func(tx provisioning.Tx) (err error) {
			folio, err = newestOf(tx, t.By.ID)
			return err
		})
		if err != nil {
			return cards.RequestView{}, err
		}
	}
	var d cards.RequestView
	office, err := rq.permitted(ctx, t.By, folio, func(tx provisioning.Tx, _ provisioning.Request) (err error) {
		d, err = rq.View.RequestIn(tx, folio)
		d.Worked, d.Others = rq.View.Worked(d.Request), d.Request.Requester.ID != t.By.ID
		return err
	})
	switch {
	case err == nil && office:
		return d, rq.Inquiries.InOffice(ctx, t.By, folio)
	case err == nil && d.Others:
		return d, rq.Inquiries.OfAnother(ctx, t.By, folio)
	}
	return d, rq.Inquiries.Counted(ctx, t.By, folio, err)
}

func newestOf(tx provisioning.Tx, person string) (provisioning.Folio, error) {
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		return r.Folio, err
	}
	return "", problem.Refuse(problem.CodeNotFound, "request.none")
}

func (rq *Requests) statusClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := rq.status(ctx, t, string(c.Folio))
	return turn.Answer{Card: m.Card, Fresh: true}, err
}

// mine shows a page of the person's requests, those before a folio.
func (rq *Requests) mine(ctx context.Context, t turn.Context, before provisioning.Folio) (cards.Message, error) {
	l, err := rq.View.Page(ctx, provisioning.RequestFilter{Requester: t.By.ID, Before: before})
	return cards.Message{Card: t.Texts.Mine(l)}, err
}

func (rq *Requests) mineClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := rq.mine(ctx, t, c.Folio)
	return turn.Answer{Card: m.Card, Fresh: c.Folio == ""}, err
}

// cancelTyped asks for confirmation, by a button, if a whole folio was typed. A number alone
// shows the request: "cancelar 5" may mean five accounts.
func (rq *Requests) cancelTyped(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	named := words.Subject(rest)
	if !words.IsFolio(named) {
		return cards.Message{Text: t.Texts.Say("cancel.which", nil)}, nil
	}
	d, err := rq.readFor(ctx, t, named)
	if words.NamesFolio(named) {
		return cards.Message{Card: t.Texts.Cancel(d)}, err
	}
	return cards.Message{Card: t.Texts.Status(d)}, err
}

// cancel cancels the person's own request.
func (rq *Requests) cancel(ctx context.Context, t turn.Context, folio provisioning.Folio) (cards.Message, error) {
	err := rq.Store.Update(ctx, func(tx provisioning.Tx) error {
		if _, err := rq.Access.Own(tx, t.By, folio); err != nil {
			return err
		}
		_, err := rq.Workflow.Cancel(tx, folio, t.By)
		return err
	})
	if err != nil {
		return cards.Message{}, rq.Inquiries.Counted(ctx, t.By, folio, err)
	}
	return rq.status(ctx, t, string(folio))
}

func (rq *Requests) cancelClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := rq.cancel(ctx, t, c.Folio)
	if problem.CodeOf(err) == problem.CodeConflict {
		m, err = rq.status(ctx, t, string(c.Folio)) // too late: the status card says so
	}
	return turn.Answer{Card: m.Card}, err
}
