package bot

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// status shows the request named, or the person's newest.
func (b *Bot) status(ctx context.Context, t turn.Context, named string) (cards.Message, error) {
	d, err := b.looked(ctx, t, named)
	return cards.Message{Card: t.Texts.Status(d)}, err
}

// looked reads the request named, or the person's newest, for whoever asked.
func (b *Bot) looked(ctx context.Context, t turn.Context, named string) (cards.Dossier, error) {
	folio := words.FolioIn(named, b.Now().In(b.Location))
	var d cards.Dossier
	err := b.Store.View(ctx, func(tx provisioning.Tx) error {
		if folio == "" {
			newest, err := newestOf(tx, t.By.ID)
			if err != nil {
				return err
			}
			folio = newest
		}
		if _, err := b.Access.Own(tx, t.By, folio); err != nil {
			return err
		}
		var err error
		d, err = b.view.RequestIn(tx, folio)
		d.Worked, d.Others = b.view.Worked(d.Request), d.Request.Requester.ID != t.By.ID
		return err
	})
	if err == nil && d.Others {
		return d, b.inquiries.OfAnother(ctx, t.By, folio)
	}
	return d, b.inquiries.Counted(ctx, t.By, folio, err)
}

func newestOf(tx provisioning.Tx, person string) (provisioning.Folio, error) {
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		return r.Folio, err
	}
	return "", provisioning.Refuse(provisioning.CodeNotFound, "request.none")
}

func (b *Bot) statusClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := b.status(ctx, t, string(c.Folio))
	return turn.Answer{Card: m.Card, Fresh: true}, err
}

// mine shows a page of the person's requests, those before a folio.
func (b *Bot) mine(ctx context.Context, t turn.Context, before provisioning.Folio) (cards.Message, error) {
	l, err := b.view.Page(ctx, provisioning.RequestFilter{Requester: t.By.ID, Before: before})
	return cards.Message{Card: t.Texts.Mine(l)}, err
}

func (b *Bot) mineClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := b.mine(ctx, t, c.Folio)
	return turn.Answer{Card: m.Card, Fresh: c.Folio == ""}, err
}

// cancelTyped asks whether the request whose folio was typed is to end: the button that
// answers ends it. A number alone only finds a request, and shows it: "cancelar 5" may
// mean five accounts.
func (b *Bot) cancelTyped(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	named := words.Subject(rest)
	if !words.IsFolio(named) {
		return cards.Message{Text: t.Texts.Say("cancel.which", nil)}, nil
	}
	d, err := b.looked(ctx, t, named)
	if words.NamesFolio(named) {
		return cards.Message{Card: t.Texts.Cancel(d)}, err
	}
	return cards.Message{Card: t.Texts.Status(d)}, err
}

// cancel ends the person's own request.
func (b *Bot) cancel(ctx context.Context, t turn.Context, folio provisioning.Folio) (cards.Message, error) {
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		if _, err := b.Access.Own(tx, t.By, folio); err != nil {
			return err
		}
		_, err := b.Desk.Cancel(tx, folio, t.By)
		return err
	})
	if err != nil {
		return cards.Message{}, b.inquiries.Counted(ctx, t.By, folio, err)
	}
	return b.status(ctx, t, string(folio))
}

func (b *Bot) cancelClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := b.cancel(ctx, t, c.Folio)
	if provisioning.CodeOf(err) == provisioning.CodeConflict {
		m, err = b.status(ctx, t, string(c.Folio)) // too late: the true state says so
	}
	return turn.Answer{Card: m.Card}, err
}
