package status

import (
	"context"
	"errors"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// look answers "estado" and "buscar": with a request where its folio was typed,
// with what a search finds otherwise.
func (rq *Requests) look(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	named := words.Subject(c.Rest)
	switch {
	case c.Rest == "" && c.Name == "find":
		return cards.Message{Text: t.Texts.Say("find.which", nil)}, nil
	case named == "" && c.Name == "status", words.IsFolio(named):
		return rq.status(ctx, t, named)
	}
	return rq.find(ctx, t, words.Clip(c.Rest, maxQuery), "")
}

// maxQuery bounds a search, in characters: more than any name has.
const maxQuery = 200

// searchFor bounds a search through everybody's lines: words that each stand on most of
// them, and never together, would have all of them read.
const searchFor = 2 * time.Second

// find shows a page of the lines that have every word of a text, those below a
// stamp: everybody's to an administrator, their own to anybody else.
func (rq *Requests) find(ctx context.Context, t turn.Context, text string, below provisioning.Stamp) (cards.Message, error) {
	bounded, cancel := context.WithTimeout(ctx, searchFor)
	defer cancel()
	h := cards.Hits{Query: text, First: below == ""}
	err := rq.Store.View(bounded, func(tx provisioning.Tx) error {
		h.Hits, h.More = nil, false
		q, err := rq.Access.Search(tx, t.By, provisioning.AccountSearch{Text: text, Below: below})
		if err != nil {
			return err
		}
		h.All = q.Requester == ""
		return take(tx, q, &h)
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = provisioning.Refuse(provisioning.CodeLimited, "find.wide")
	}
	return cards.Message{Card: t.Texts.Found(h)}, err
}

// take adds the lines found to the page until it is full.
func take(tx provisioning.Tx, q provisioning.AccountSearch, h *cards.Hits) error {
	for a, err := range tx.SearchAccounts(q) {
		if err != nil {
			return err
		}
		if len(h.Hits) == cards.PageSize {
			h.More = true
			return nil
		}
		r, err := tx.Request(a.Folio())
		if err != nil {
			return err
		}
		h.Hits = append(h.Hits, cards.Hit{Account: a, Request: r})
	}
	return nil
}

func (rq *Requests) findClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if strings.TrimSpace(c.Query) == "" {
		return turn.Answer{Card: t.Texts.Outdated()}, nil
	}
	m, err := rq.find(ctx, t, words.Clip(c.Query, maxQuery), c.Stamp)
	return turn.Answer{Card: m.Card}, err
}
