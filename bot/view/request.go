package view

import (
	"context"
	"fmt"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Request reads a request with the data of its cards.
func (rd *Reader) Request(ctx context.Context, f provisioning.Folio) (cards.RequestView, error) {
	var d cards.RequestView
	err := rd.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		d, err = rd.RequestIn(tx, f)
		return err
	})
	return d, err
}

// RequestIn is Request in a transaction.
func (rd *Reader) RequestIn(tx provisioning.Tx, f provisioning.Folio) (cards.RequestView, error) {
	r, err := tx.Request(f)
	if err != nil {
		return cards.RequestView{}, fmt.Errorf("read request %s: %w", f, err)
	}
	d := cards.RequestView{Request: r, Stages: rd.Rules.Stages.Of(r).Names()}
	if d.Tally, err = tx.Tally(f); err != nil {
		return d, err
	}
	for a, err := range tx.AccountsOf(f, 0) {
		if err != nil {
			return d, err
		}
		if a.State == provisioning.AccountAnnounced && rd.Delivery(a, r).Closed == nil {
			d.Open++
		}
		if d.Accounts = append(d.Accounts, a); len(d.Accounts) == cards.MaxPeople {
			break
		}
	}
	d.Place, err = placeInQueue(tx, r, d.Tally)
	return d, err
}

// Worked returns the working time since the present stage got the request; 0 if none holds it.
// It is for replies and new messages: on a card that stays for weeks it would be out of date.
func (rd *Reader) Worked(r provisioning.Request) time.Duration {
	if r.State.Final() || r.StageSince.IsZero() {
		return 0
	}
	return rd.Rules.Calendar.Worked(r.StageSince, rd.Now())
}

// placeInQueue returns the place, from 1, of the request's first line that waits for a licence;
// 0 if none does.
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

// Account reads a line and its request.
func (rd *Reader) Account(ctx context.Context, s provisioning.Stamp) (a provisioning.Account, r provisioning.Request, err error) {
	err = rd.Store.View(ctx, func(tx provisioning.Tx) error {
		if a, err = tx.Account(s); err != nil {
			return err
		}
		r, err = tx.Request(s.Folio())
		return err
	})
	return a, r, err
}
