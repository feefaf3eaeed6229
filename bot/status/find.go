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
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// statusOrFind answers "estado" and "buscar": with a request if its folio was typed, else with
// search results.
func (rq *Requests) statusOrFind(ctx context.Context, t turn.Context, c words.Asked) (cards.Message, error) {
	named := words.Subject(c.Rest)
	switch {
	case c.Rest == "" && c.Name == "find":
		return cards.Message{Text: t.Texts.Say("find.which", nil)}, nil
	case named == "" && c.Name == "status", words.IsFolio(named):
		return rq.status(ctx, t, named)
	}
	return rq.find(ctx, t, words.Clip(c.Rest, maxQuery), "")
}

// maxQuery bounds a search, in characters: longer than any name.
const maxQuery = 200

// searchFor bounds a search through all lines: words that each occur on most lines, but never
// together, would cause all of them to be read.
const searchFor = 2 * time.Second

// find shows a page of the lines that contain every word of a text, those below a stamp: of all
// requests for an administrator, of their own for others.
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
		return fillPage(tx, q, &h)
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = problem.Refuse(problem.CodeLimited, "find.wide")
	}
	return cards.Message{Card: t.Texts.Found(h)}, err
}

// fillPage adds the lines found to the page until it is full.
func fillPage(tx provisioning.Tx, q provisioning.AccountSearch, h *cards.Hits) error {
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
