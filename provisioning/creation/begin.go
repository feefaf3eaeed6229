package creation

import (
	"context"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Begin starts the lines of an authorised request, or queues those for which no licence is free.
func (cr *Creation) Begin(ctx context.Context, r provisioning.Request) error {
	rule := cr.Rules.Types[r.Type]
	if len(rule.SKUs) > 0 {
		if err := cr.readStock(ctx); err != nil {
			return err
		}
	}
	return cr.Executor.EachLine(ctx, r.Folio, func(tx provisioning.Tx, a provisioning.Account) error {
		switch {
		case a.State.Final() || a.State == provisioning.AccountAttention:
			return nil
		case !needsSeat(a, rule):
			return cr.Executor.GoOn(tx, r, a.Stamp)
		}
		return cr.seat(tx, r, a, rule)
	})
}
