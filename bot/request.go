package bot

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// own returns a request to its requester, or to an administrator. To others there
// is none.
func (b *Bot) own(tx provisioning.Tx, t turn, f provisioning.Folio) (provisioning.Request, error) {
	r, err := tx.Request(f)
	if provisioning.CodeOf(err) == provisioning.CodeNotFound && err != nil {
		return r, provisioning.Refuse(provisioning.CodeNotFound, "request.not_found", "folio", string(f))
	}
	if err != nil {
		return r, err
	}
	auth, err := b.authority(tx)
	if err != nil {
		return r, err
	}
	if r.Requester.ID != t.by.ID && !auth.Administrator(t.by) {
		return r, provisioning.Refuse(provisioning.CodeNotFound, "request.not_found", "folio", string(f))
	}
	return r, nil
}

// status shows the request named, or the person's newest.
func (b *Bot) status(ctx context.Context, t turn, named string) (cards.Message, error) {
	folio := b.folioIn(named)
	var d cards.Dossier
	err := b.Store.View(ctx, func(tx provisioning.Tx) error {
		if folio == "" {
			newest, err := newestOf(tx, t.by.ID)
			if err != nil {
				return err
			}
			folio = newest
		}
		if _, err := b.own(tx, t, folio); err != nil {
			return err
		}
		var err error
		d, err = b.dossierIn(tx, folio)
		d.Worked, d.Others = b.worked(d.Request), d.Request.Requester.ID != t.by.ID
		return err
	})
	return cards.Message{Card: t.texts.Status(d)}, err
}

func newestOf(tx provisioning.Tx, person string) (provisioning.Folio, error) {
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		return r.Folio, err
	}
	return "", provisioning.Refuse(provisioning.CodeNotFound, "request.none")
}

// folioIn returns the folio that a text names: whole, or by its number alone, of
// this year.
func (b *Bot) folioIn(text string) provisioning.Folio {
	word := firstWord(text)
	if n, err := strconv.Atoi(word); err == nil && n > 0 && n < 1_000_000 {
		return provisioning.NewFolio(b.Now().In(b.Location).Year(), n)
	}
	return provisioning.Folio(word)
}

func (b *Bot) statusClick(ctx context.Context, t turn, c cards.Click) (shown, error) {
	m, err := b.status(ctx, t, string(c.Folio))
	return shown{card: m.Card, fresh: true}, err
}

// mine shows a page of the person's requests, those before a folio.
func (b *Bot) mine(ctx context.Context, t turn, before provisioning.Folio) (cards.Message, error) {
	l, err := b.page(ctx, provisioning.RequestFilter{Requester: t.by.ID, Before: before})
	return cards.Message{Card: t.texts.Mine(l)}, err
}

func (b *Bot) mineClick(ctx context.Context, t turn, c cards.Click) (shown, error) {
	m, err := b.mine(ctx, t, c.Folio)
	return shown{card: m.Card, fresh: c.Folio == ""}, err
}

// pending shows a page of what a stage holds, in its channel: those after a folio,
// the longest waiting first.
func (b *Bot) pending(ctx context.Context, t turn, stage provisioning.StageName, after provisioning.Folio) (cards.Message, error) {
	if stage == "" {
		return cards.Message{}, provisioning.Refuse(provisioning.CodeForbidden, "authority.channel")
	}
	state := provisioning.RequestState(stage)
	if stage == provisioning.Platform {
		state = provisioning.StateAttention
	}
	l, err := b.waiting(ctx, state, after)
	if err != nil {
		return cards.Message{}, err
	}
	l.Stage = stage
	if after == "" {
		err = b.repost(ctx, stage, l.Rows)
	}
	if err = errors.Join(err, b.link(ctx, stage, l.Rows)); err != nil {
		return cards.Message{}, err
	}
	return cards.Message{Card: t.texts.Pending(l)}, nil
}

// waiting reads a page of the requests in a state, the lowest folios above one. The
// store tells the newest first, so that all are read: what waits for a decision is
// hundreds at most.
func (b *Bot) waiting(ctx context.Context, state provisioning.RequestState, after provisioning.Folio) (cards.List, error) {
	var all []provisioning.Request
	err := b.Store.View(ctx, func(tx provisioning.Tx) error {
		all = nil
		for r, err := range tx.ListRequests(provisioning.RequestFilter{State: state}) {
			if err != nil {
				return err
			}
			all = append(all, r)
		}
		return nil
	})
	l := cards.List{Total: len(all), First: after == ""}
	for _, r := range slices.Backward(all) {
		if r.Folio <= after {
			continue
		}
		if len(l.Rows) == cards.PageSize {
			l.More = true
			break
		}
		l.Rows = append(l.Rows, cards.Row{Request: r, Worked: b.worked(r)})
	}
	return l, err
}

// repost has the cards of the rows put before the stage once more, where they stand: of
// one that somebody deleted nobody tells the bot, and it is sent anew.
func (b *Bot) repost(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		for _, row := range rows {
			key, p, err := cardOf(tx, stage, row.Request)
			if err != nil {
				return err
			}
			if key == "" {
				continue
			}
			p.Shown = ""
			job := provisioning.Job{Kind: provisioning.JobCards, Key: string(row.Request.Folio), Urgent: true, Due: b.Now()}
			if err := errors.Join(posts.put(tx, key, p), tx.Enqueue(job)); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *Bot) pendingClick(ctx context.Context, t turn, c cards.Click) (shown, error) {
	m, err := b.pending(ctx, t, t.stage, c.Folio)
	return shown{card: m.Card}, err
}

// page reads one page of requests.
func (b *Bot) page(ctx context.Context, f provisioning.RequestFilter) (cards.List, error) {
	var l cards.List
	err := b.Store.View(ctx, func(tx provisioning.Tx) error {
		l = cards.List{First: f.Before == ""}
		for r, err := range tx.ListRequests(f) {
			if err != nil {
				return err
			}
			if len(l.Rows) == cards.PageSize {
				l.More = true
				break
			}
			l.Rows = append(l.Rows, cards.Row{Request: r, Worked: b.worked(r)})
		}
		return count(tx, f, &l)
	})
	return l, err
}

// maxCounted bounds how many requests are read to tell how many there are.
const maxCounted = 1000

// count tells how many requests all pages of the list have, where that is not too
// many to count.
func count(tx provisioning.Tx, f provisioning.RequestFilter, l *cards.List) error {
	if l.First && !l.More {
		l.Total = len(l.Rows)
		return nil
	}
	n := 0
	for _, err := range tx.ListRequests(provisioning.RequestFilter{Requester: f.Requester}) {
		if n++; err != nil || n > maxCounted {
			return err
		}
	}
	l.Total = n
	return nil
}

// cancel ends the person's own request.
func (b *Bot) cancel(ctx context.Context, t turn, named string) (cards.Message, error) {
	folio := b.folioIn(named)
	if folio == "" {
		return cards.Message{Text: t.texts.Say("cancel.which", nil)}, nil
	}
	err := b.Store.Update(ctx, func(tx provisioning.Tx) error {
		if _, err := b.own(tx, t, folio); err != nil {
			return err
		}
		_, err := b.Desk.Cancel(tx, folio, t.by)
		return err
	})
	if err != nil {
		return cards.Message{}, err
	}
	return b.status(ctx, t, string(folio))
}

func (b *Bot) cancelClick(ctx context.Context, t turn, c cards.Click) (shown, error) {
	m, err := b.cancel(ctx, t, string(c.Folio))
	if provisioning.CodeOf(err) == provisioning.CodeConflict && err != nil {
		m, err = b.status(ctx, t, string(c.Folio)) // too late: the true state says so
	}
	return shown{card: m.Card}, err
}

// dossier reads a request with what its cards tell of it.
func (b *Bot) dossier(ctx context.Context, f provisioning.Folio) (cards.Dossier, error) {
	var d cards.Dossier
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		d, err = b.dossierIn(tx, f)
		return err
	})
	return d, err
}

func (b *Bot) dossierIn(tx provisioning.Tx, f provisioning.Folio) (cards.Dossier, error) {
	r, err := tx.Request(f)
	if err != nil {
		return cards.Dossier{}, fmt.Errorf("read request %s: %w", f, err)
	}
	d := cards.Dossier{Request: r}
	for _, s := range b.Rules.Stages {
		d.Stages = append(d.Stages, s.Name)
	}
	if d.Tally, err = tx.Tally(f); err != nil {
		return d, err
	}
	for a, err := range tx.AccountsOf(f, 0) {
		if err != nil {
			return d, err
		}
		if d.Accounts = append(d.Accounts, a); len(d.Accounts) == cards.MaxPeople {
			break
		}
	}
	d.Place, err = placeInQueue(tx, r, d.Tally)
	return d, err
}

// worked returns the working time that a request's present holder has had it; 0
// where nobody has. It is for what is told at a moment: on a card that stands for
// weeks it would soon be wrong.
func (b *Bot) worked(r provisioning.Request) time.Duration {
	if r.State.Final() || r.StageSince.IsZero() {
		return 0
	}
	return b.Rules.Calendar.Worked(r.StageSince, b.Now())
}

// placeInQueue returns the place of the request's first line that waits for a
// licence, from 1; 0 where none does.
func placeInQueue(tx provisioning.Tx, r provisioning.Request, lines provisioning.Tally) (int, error) {
	authorised := r.State == provisioning.StateProvisioning || r.State == provisioning.StateAttention
	if !authorised || lines[provisioning.AccountPending]+lines[provisioning.AccountCreated] == 0 {
		return 0, nil
	}
	place := 0
	for s, err := range tx.Waiting(string(r.Type)) {
		if err != nil {
			return 0, err
		}
		place++
		if s.Folio() == r.Folio {
			return place, nil
		}
	}
	return 0, nil
}
