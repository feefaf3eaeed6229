package tab

import (
	"context"
	"errors"
	"net/url"
	"time"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// pageSize is the number of rows on a page.
const pageSize = 20

// row is one line of a list.
type row struct {
	cards.PlaceRow
	Folio  string
	Detail string // the requester, or the account's address
	URL    string // where it opens in Teams; "" for nowhere
}

// list is a page of a list.
type list struct {
	Rows []row
	Next string // the folio or stamp to go on from; "" on the last page
}

// row is a request as a row that opens the chat with Altas.
func (tb *Tab) row(v visit, r provisioning.Request) row {
	line := row{PlaceRow: v.texts.PlaceRow(r), Folio: string(r.Folio), URL: tb.chat(v.texts.Command("status") + " " + string(r.Folio))}
	if r.Requester.ID != v.by.ID {
		line.Detail = r.Requester.Name
	}
	return line
}

// chat is the deep link to the person's chat with the bot, with a message written in it.
// https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams
func (tb *Tab) chat(message string) string {
	return "https://teams.microsoft.com/l/chat/0/0?users=28:" + tb.BotID + "&message=" + url.PathEscape(message)
}

// requests reads a page of requests, newest first, those before a folio.
func (tb *Tab) requests(ctx context.Context, v visit, f provisioning.RequestFilter) (l list, err error) {
	err = tb.Store.View(ctx, func(tx provisioning.Tx) error {
		l = list{}
		for r, err := range tx.ListRequests(f) {
			switch {
			case err != nil:
				return err
			case len(l.Rows) == pageSize:
				l.Next = l.Rows[pageSize-1].Folio
				return nil
			}
			l.Rows = append(l.Rows, tb.row(v, r))
		}
		return nil
	})
	return l, err
}

// waiting reads a page of the requests that a stage must act on, the oldest first, those after a folio.
func (tb *Tab) waiting(ctx context.Context, v visit, stage provisioning.StageName, after provisioning.Folio) (l list, err error) {
	err = tb.Store.View(ctx, func(tx provisioning.Tx) error {
		l = list{}
		channel, _, err := tb.Recipients.Channel(tx, stage)
		if err != nil {
			return err
		}
		for r, err := range tx.ListRequests(provisioning.RequestFilter{State: stage.Waiting(), Oldest: true, After: after}) {
			if err != nil {
				return err
			}
			if len(l.Rows) == pageSize {
				l.Next = l.Rows[pageSize-1].Folio
				return nil
			}
			line := tb.row(v, r)
			line.Detail = r.Requester.Name
			if line.URL, err = tb.Posts.Link(tx, channel, stage, r); err != nil {
				return err
			}
			l.Rows = append(l.Rows, line)
		}
		return nil
	})
	return l, err
}

// How far the accounts to hand over are looked for: in so many of the person's newest requests, and lines.
const (
	lookedRequests = 50
	lookedLines    = 200
)

// handover reads the accounts whose passwords the person can still have shown and has not confirmed to
// have handed over.
func (tb *Tab) handover(ctx context.Context, v visit) (l list, err error) {
	err = tb.Store.View(ctx, func(tx provisioning.Tx) error {
		l = list{}
		requests, left := 0, lookedLines
		for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: v.by.ID}) {
			if requests++; err != nil || requests > lookedRequests || left == 0 {
				return err
			}
			if err := tb.addOwed(tx, v, r, &left, &l); err != nil {
				return err
			}
		}
		return nil
	})
	return l, err
}

// addOwed adds the lines of a request that are still to hand over, and reads no more than are left.
func (tb *Tab) addOwed(tx provisioning.Tx, v visit, r provisioning.Request, left *int, l *list) error {
	if !r.State.Authorised() {
		return nil
	}
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil || *left == 0 {
			return err
		}
		*left--
		if d := tb.View.Delivery(a, r); a.State == provisioning.AccountAnnounced && !a.Handover.Done && d.Closed == nil {
			l.Rows = append(l.Rows, tb.account(v, a, r, d.Until))
		}
	}
	return nil
}

// account is a line as a row of what is to hand over.
func (tb *Tab) account(v visit, a provisioning.Account, r provisioning.Request, until time.Time) row {
	line := tb.row(v, r)
	line.Title, line.State, line.Tone, line.Detail = a.Holder.DisplayName(), v.texts.AccountState(a.State), "done", string(a.Address)
	line.Since = v.texts.Place("tab.handover_until", "moment", v.texts.Moment(until))
	return line
}

// searchFor bounds a search through all lines, as that of the command "buscar".
const searchFor = 2 * time.Second

// found reads a page of the requests of the lines that contain every word of a text, those below a stamp;
// or the one request whose folio the text is. An administrator searches everybody's.
func (tb *Tab) found(ctx context.Context, v visit, text string, below provisioning.Stamp) (list, error) {
	if named := words.Subject(text); words.IsFolio(named) {
		return tb.named(ctx, v, words.FolioIn(named, tb.Now().In(tb.Location)))
	}
	groups, err := tb.Access.Groups(ctx, v.by)
	if err != nil {
		groups = nil // without the directory a member of an approver group finds their own only
	}
	bounded, cancel := context.WithTimeout(ctx, searchFor)
	defer cancel()
	var l list
	err = tb.Store.View(bounded, func(tx provisioning.Tx) error {
		l = list{}
		q, reach, err := tb.Access.Search(tx, v.by, groups, provisioning.AccountSearch{Text: text, Below: below})
		if err != nil {
			return err
		}
		return tb.hits(tx, v, q, reach, &l)
	})
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		err = problem.Refuse(problem.CodeLimited, "find.wide")
	}
	return l, err
}

// hits adds the lines found to the list until it is full.
func (tb *Tab) hits(tx provisioning.Tx, v visit, q provisioning.AccountSearch, reach access.Reach, l *list) error {
	last := provisioning.Stamp("")
	for a, err := range tx.SearchAccounts(q) {
		if err != nil {
			return err
		}
		r, err := tx.Request(a.Folio())
		if err != nil {
			return err
		}
		if !reach.Finds(v.by, a, r) {
			continue
		}
		if len(l.Rows) == pageSize {
			l.Next = string(last)
			return nil
		}
		line := tb.row(v, r)
		line.Title = a.Holder.DisplayName()
		l.Rows, last = append(l.Rows, line), a.Stamp
	}
	return nil
}

// named reads one request, if the person may. Asking for another's is counted and, if it exists, recorded.
func (tb *Tab) named(ctx context.Context, v visit, folio provisioning.Folio) (l list, err error) {
	groups, err := tb.Access.Groups(ctx, v.by)
	if err != nil {
		groups = nil // as in found
	}
	var r provisioning.Request
	office := false
	err = tb.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if r, err = tb.Access.Own(tx, v.by, folio); problem.CodeOf(err) != problem.CodeNotFound {
			return err
		}
		reach, failed := tb.Access.Reach(tx, v.by, groups)
		if failed != nil {
			return failed
		}
		if reached, missing := reach.Within(tx, folio); missing == nil {
			r, err, office = reached, nil, true
		}
		return err
	})
	switch {
	case err == nil && office:
		err = tb.Inquiries.InOffice(ctx, v.by, folio)
	case err == nil && r.Requester.ID != v.by.ID:
		err = tb.Inquiries.OfAnother(ctx, v.by, folio)
	}
	err = tb.Inquiries.Counted(ctx, v.by, folio, err)
	switch {
	case problem.CodeOf(err) == problem.CodeNotFound:
		return list{}, nil
	case err != nil:
		return list{}, err
	}
	return list{Rows: []row{tb.row(v, r)}}, nil
}
