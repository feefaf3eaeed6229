package view

import (
	"cmp"
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Waiting reads a page of the requests in any of the states, the lowest folios after one. The store
// lists newest first, so all are read: hundreds at most wait for a decision.
func (rd *Reader) Waiting(ctx context.Context, after provisioning.Folio, states ...provisioning.RequestState) (cards.List, error) {
	var all []provisioning.Request
	err := rd.Store.View(ctx, func(tx provisioning.Tx) error {
		all = nil
		for _, state := range states {
			for r, err := range tx.ListRequests(provisioning.RequestFilter{State: state}) {
				if err != nil {
					return err
				}
				all = append(all, r)
			}
		}
		return nil
	})
	slices.SortFunc(all, func(a, b provisioning.Request) int { return cmp.Compare(a.Folio, b.Folio) })
	l := cards.List{Total: len(all), First: after == ""}
	for _, r := range all {
		if r.Folio <= after {
			continue
		}
		if len(l.Rows) == cards.PageSize {
			l.More = true
			break
		}
		l.Rows = append(l.Rows, cards.Row{Request: r, Worked: rd.Worked(r)})
	}
	return l, err
}

// Page reads one page of requests, newest first.
func (rd *Reader) Page(ctx context.Context, f provisioning.RequestFilter) (cards.List, error) {
	var l cards.List
	err := rd.Store.View(ctx, func(tx provisioning.Tx) error {
		l = cards.List{First: f.Before == ""}
		for r, err := range tx.ListRequests(f) {
			if err != nil {
				return err
			}
			if len(l.Rows) == cards.PageSize {
				l.More = true
				break
			}
			l.Rows = append(l.Rows, cards.Row{Request: r, Worked: rd.Worked(r)})
		}
		return count(tx, f, &l)
	})
	return l, err
}

// maxCounted bounds how many requests are read to count them.
const maxCounted = 1000

// count sets the total of requests on all pages of the list; 0 if there are more than
// maxCounted.
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
