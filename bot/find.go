package bot

import (
	"context"
	"errors"
	"regexp"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// folioShape is a folio, or the number of one, as a person types it alone.
var folioShape = regexp.MustCompile(`^\W*(\d{4}-\d{6}|\d{1,6})\W*$`)

// folioWithin is a whole folio among other words.
var folioWithin = regexp.MustCompile(`\b\d{4}-\d{6}\b`)

// look answers "estado" and "buscar": with a request where its folio was typed,
// with what a search finds otherwise.
func (b *Bot) look(ctx context.Context, t turn, c command) (cards.Message, error) {
	named := subject(c.rest)
	switch {
	case c.rest == "" && c.name == "find":
		return cards.Message{Text: t.texts.Say("find.which", nil)}, nil
	case named == "" && c.name == "status", folioShape.MatchString(named):
		return b.status(ctx, t, named)
	}
	return b.find(ctx, t, clipRunes(c.rest, maxQuery), "")
}

// fillers are words that stand between a command and what it is about.
var fillers = strings.Fields("de del la el las los mi mis su una un solicitud solicitudes folio numero tramite por favor " +
	"of the my a request requests number please")

// subject is what a command is about: the folio where one was typed, the rest of what
// was typed otherwise, without the words before it that say nothing.
func subject(rest string) string {
	if folio := folioWithin.FindString(rest); folio != "" {
		return folio
	}
	words := strings.Fields(rest)
	for len(words) > 0 && slices.Contains(fillers, plain(words[0])) {
		words = words[1:]
	}
	return strings.Join(words, " ")
}

// maxQuery bounds a search, in characters: more than any name has.
const maxQuery = 200

// searchFor bounds a search through everybody's lines: words that each stand on most of
// them, and never together, would have all of them read.
const searchFor = 2 * time.Second

// find shows a page of the lines that have every word of a text, those below a
// stamp: everybody's to an administrator, their own to anybody else.
func (b *Bot) find(ctx context.Context, t turn, text string, below provisioning.Stamp) (cards.Message, error) {
	bounded, cancel := context.WithTimeout(ctx, searchFor)
	defer cancel()
	h := cards.Hits{Query: text, First: below == ""}
	err := b.Store.View(bounded, func(tx provisioning.Tx) error {
		h.Hits, h.More = nil, false
		auth, err := b.authority(tx)
		if err != nil {
			return err
		}
		q := provisioning.AccountSearch{Text: text, Below: below, Requester: t.by.ID}
		if h.All = auth.Administrator(t.by); h.All {
			q.Requester = ""
		}
		return take(tx, q, &h)
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = provisioning.Refuse(provisioning.CodeLimited, "find.wide")
	}
	return cards.Message{Card: t.texts.Found(h)}, err
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

func (b *Bot) findClick(ctx context.Context, t turn, c cards.Click) (shown, error) {
	if strings.TrimSpace(c.Query) == "" {
		return shown{card: t.texts.Outdated()}, nil
	}
	m, err := b.find(ctx, t, clipRunes(c.Query, maxQuery), c.Stamp)
	return shown{card: m.Card}, err
}

// clipRunes returns at most n characters of a text.
func clipRunes(s string, n int) string {
	runes := []rune(s)
	return string(runes[:min(n, len(runes))])
}
