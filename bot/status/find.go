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
// requests for an administrator, else of the person's own and of what reached a stage at which they
// decide. Without the directory a member of an approver group finds their own only.
func (rq *Requests) find(ctx context.Context, t turn.Context, text string, below provisioning.Stamp) (cards.Message, error) {
	groups, err := rq.Access.Groups(ctx, t.By)
	if err != nil {
		groups = nil
	}
	h := cards.Hits{Query: text, First: below == ""}
	err = rq.search(ctx, &h, func(tx provisioning.Tx) error {
		q, reach, err := rq.Access.Search(tx, t.By, groups, provisioning.AccountSearch{Text: text, Below: below})
		if err != nil {
			return err
		}
		return fillPage(tx, q, &h, func(a provisioning.Account, r provisioning.Request) (found, office bool) {
			return reach.Finds(t.By, a, r), reach.Reads(r)
		})
	})
	return cards.Message{Card: t.Texts.Found(h)}, err
}

// search fills a page of results within searchFor.
func (rq *Requests) search(ctx context.Context, h *cards.Hits, fill func(provisioning.Tx) error) error {
	bounded, cancel := context.WithTimeout(ctx, searchFor)
	defer cancel()
	err := rq.Store.View(bounded, func(tx provisioning.Tx) error {
		h.Hits, h.More = nil, false
		return fill(tx)
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return problem.Refuse(problem.CodeLimited, "find.wide")
	}
	return err
}

// fillPage adds the lines found to the page until it is full. may reports whether the person finds a
// line, and whether as one who decides or administers.
func fillPage(tx provisioning.Tx, q provisioning.AccountSearch, h *cards.Hits, may func(provisioning.Account, provisioning.Request) (found, office bool)) error {
	for a, err := range tx.SearchAccounts(q) {
		if err != nil {
			return err
		}
		r, err := tx.Request(a.Folio())
		if err != nil {
			return err
		}
		found, office := may(a, r)
		if !found {
			continue
		}
		if len(h.Hits) == cards.PageSize {
			h.More = true
			return nil
		}
		h.Hits = append(h.Hits, cards.Hit{Account: a, Request: r, Office: office})
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
