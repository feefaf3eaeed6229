package view

import (
	"context"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Handover reads the accounts of a request that its requester still has to hand over.
func (rd *Reader) Handover(ctx context.Context, f provisioning.Folio) (cards.Handover, error) {
	var h cards.Handover
	err := rd.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		h, err = rd.HandoverIn(tx, f)
		return err
	})
	return h, err
}

// HandoverIn is Handover in a transaction.
func (rd *Reader) HandoverIn(tx provisioning.Tx, f provisioning.Folio) (h cards.Handover, err error) {
	if h.Request, err = tx.Request(f); err != nil {
		return h, err
	}
	for a, err := range tx.AccountsOf(f, 0) {
		if err != nil {
			return h, err
		}
		if !a.State.Final() && h.Request.State.Authorised() {
			h.Coming++
		}
		if d := rd.Delivery(a, h.Request); d.Closed == nil {
			h.Open = append(h.Open, d)
		}
	}
	return h, nil
}
