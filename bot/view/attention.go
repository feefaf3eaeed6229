package view

import (
	"context"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Attention reads a line as the platform channel's card shows it.
func (rd *Reader) Attention(ctx context.Context, s provisioning.Stamp) (cards.Attention, error) {
	var v cards.Attention
	err := rd.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if v.Account, err = tx.Account(s); err != nil {
			return err
		}
		if v.Request, err = tx.Request(s.Folio()); err != nil {
			return err
		}
		if v.Account.State == provisioning.AccountAttention {
			v.Alike, err = alike(tx, v.Account)
			return err
		}
		settled, found, err := provisioning.Settlements.Get(tx, string(s))
		if found {
			v.Settled = &settled
		}
		return err
	})
	return v, err
}

// alike counts the lines of the request that wait for the same reason as the line.
func alike(tx provisioning.Tx, a provisioning.Account) (int, error) {
	tally, err := tx.Tally(a.Folio())
	if err != nil || tally[provisioning.AccountAttention] == 1 {
		return 1, err
	}
	stamps, err := provisioning.Alike(tx, a)
	return len(stamps), err
}
