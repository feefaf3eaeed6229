package provisioning

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Sighted records whether sign-in to a line's account is enabled in the directory, so that its
// receipts row states it whenever it is written.
func (p *Executor) Sighted(ctx context.Context, s Stamp, enabled bool) error {
	return p.Store.Update(ctx, func(tx Tx) error {
		a, err := tx.Account(s)
		if err != nil || a.DisabledAt.IsZero() == enabled {
			return err
		}
		act := "account.disabled"
		a.DisabledAt = p.Now()
		if enabled {
			act, a.DisabledAt = "account.enabled", time.Time{}
		}
		return p.Put(tx, a, act, nil)
	})
}

// Renamed records the address that a line's account has in the directory. It is CodeConflict if the
// object id is not the line's account, or another line holds the address.
func (p *Executor) Renamed(ctx context.Context, s Stamp, objectID string, to identity.Address) error {
	return p.Store.Update(ctx, func(tx Tx) error {
		a, err := tx.Account(s)
		if err != nil || a.Address == to {
			return err
		}
		if a.ObjectID != objectID {
			return problem.Refuse(problem.CodeConflict, "reconcile.another_account")
		}
		old := a.Address
		a.Address = to
		return errors.Join(tx.Reserve(a.Address, a.Stamp), tx.Release(old, a.Stamp),
			p.Put(tx, a, "account.renamed", map[string]string{"address": string(a.Address)}))
	})
}
