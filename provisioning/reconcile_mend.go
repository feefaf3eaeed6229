package provisioning

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Mend mends a difference that needs no judgement, and reports whether it is
// mended: our line and its row are made to say what the directory says. What
// concerns accounts stays for the head of department. Doing it twice equals once.
func (p *Provisioner) Mend(ctx context.Context, d Difference) (bool, error) {
	var note func(context.Context) error
	switch {
	case d.Kind == RowMissing, d.Kind == AddressDiffers && d.Line == d.User:
		note = func(context.Context) error { return nil }
	case d.Kind == AddressDiffers && d.Line.Domain() == d.User.Domain():
		note = func(ctx context.Context) error { return p.renamed(ctx, d) }
	case d.Kind == StateDiffers:
		note = func(ctx context.Context) error { return p.sighted(ctx, d.Stamp, d.State != ReceiptDisabled) }
	default:
		return false, nil
	}
	if err := note(ctx); err != nil {
		return false, fmt.Errorf("note what the directory says of %s: %w", d.Stamp, err)
	}
	if err := p.Receipt(ctx, Job{Kind: JobReceipt, Key: string(d.Stamp)}); err != nil {
		return false, err
	}
	return true, nil
}

// sighted notes that the holder of a line's account may sign in or not, so that
// the row goes on saying so whenever it is written.
func (p *Provisioner) sighted(ctx context.Context, s Stamp, enabled bool) error {
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
		return p.put(tx, a, act, nil)
	})
}

// renamed notes the address that the directory has for the line's account. Another
// account than the line's, or an address that another line holds, is CodeConflict.
func (p *Provisioner) renamed(ctx context.Context, d Difference) error {
	return p.Store.Update(ctx, func(tx Tx) error {
		a, err := tx.Account(d.Stamp)
		if err != nil || a.Address == d.User {
			return err
		}
		if a.ObjectID != d.ObjectID {
			return Refuse(CodeConflict, "reconcile.another_account")
		}
		old := a.Address
		a.Address = d.User
		return errors.Join(tx.Reserve(a.Address, a.Stamp), tx.Release(old, a.Stamp),
			p.put(tx, a, "account.renamed", map[string]string{"address": string(a.Address)}))
	})
}
