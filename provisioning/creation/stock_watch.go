package creation

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// The documents that record what the platform channel was notified of: by account type, that
// authorised lines wait; by SKU, that few seats are left; and that the stock cannot be read.
const (
	shortageKind    = "shortage"
	lowStockKind    = "low_stock"
	unreadStockKind = "stock_unread"
	unreadStock     = "all"
)

// readStock reads the stock. If it cannot be read lines continue: Graph's answer to each assignment
// decides, and the platform channel is notified once.
func (cr *Creation) readStock(ctx context.Context) error {
	_, err := cr.Stock.Licences(ctx)
	if !job.IsPermanent(err) {
		return err
	}
	return cr.tellUnread(ctx, err)
}

func (cr *Creation) tellUnread(ctx context.Context, cause error) error {
	return cr.Store.Update(ctx, func(tx provisioning.Tx) error {
		now := cr.Now()
		if told, err := tx.Load(unreadStockKind, unreadStock, new(time.Time)); err != nil || told {
			return err
		}
		ref := problem.NewReference()
		cr.Log.ErrorContext(ctx, "licence stock not read; Graph's answer to each assignment decides", "ref", ref, "err", cause)
		return errors.Join(tx.Save(unreadStockKind, unreadStock, now), provisioning.TellPlatform(tx, provisioning.Notice{
			Kind: provisioning.NoticeStockUnread, Args: map[string]string{"ref": ref}, At: now,
		}))
	})
}

// WatchStock notifies the platform channel, once each, of every SKU in use whose free seats fell to
// the limit, and that the stock cannot be read.
func (cr *Creation) WatchStock(ctx context.Context) error {
	stock, err := cr.Stock.Licences(ctx)
	if job.IsPermanent(err) {
		return errors.Join(err, cr.tellUnread(ctx, err))
	}
	if err != nil {
		return err
	}
	return cr.Store.Update(ctx, func(tx provisioning.Tx) error {
		if err := tx.Drop(unreadStockKind, unreadStock); err != nil {
			return err
		}
		for _, rule := range cr.Rules.Types {
			for _, sku := range rule.SKUs {
				if err := cr.watch(tx, sku, stock[sku]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (cr *Creation) watch(tx provisioning.Tx, sku string, l provisioning.Licence) error {
	told, err := tx.Load(lowStockKind, sku, new(time.Time))
	if err != nil {
		return err
	}
	low := l.Free <= cr.Rules.Limits.LowStock
	switch {
	case low && !told:
		return errors.Join(tx.Save(lowStockKind, sku, cr.Now()), provisioning.TellPlatform(tx, provisioning.Notice{
			Kind: provisioning.NoticeLowStock, Args: map[string]string{"sku": cmp.Or(l.Name, sku), "free": strconv.Itoa(l.Free)}, At: cr.Now(),
		}))
	case !low && told:
		return tx.Drop(lowStockKind, sku)
	}
	return nil
}
