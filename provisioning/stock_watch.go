package provisioning

import (
	"cmp"
	"context"
	"errors"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// The documents that remember what the platform channel was told: by account type
// that authorised lines wait, by SKU that few seats are left, and that nobody knows
// how many are.
const (
	shortageKind    = "shortage"
	lowStockKind    = "low_stock"
	unreadStockKind = "stock_unread"
	unreadStock     = "all"
)

// readStock has the stock known. That it may not be read stops nobody: what Graph
// answers to each assignment decides then, and the platform channel is told once.
func (p *Executor) readStock(ctx context.Context) error {
	_, err := p.Stock.Licences(ctx)
	if !job.IsPermanent(err) {
		return err
	}
	return p.tellUnread(ctx, err)
}

func (p *Executor) tellUnread(ctx context.Context, cause error) error {
	return p.Store.Update(ctx, func(tx Tx) error {
		now := p.Now()
		if told, err := tx.Load(unreadStockKind, unreadStock, new(time.Time)); err != nil || told {
			return err
		}
		ref := NewReference()
		p.Log.ErrorContext(ctx, "licence stock not read; Graph's answer to each assignment decides", "ref", ref, "err", cause)
		return errors.Join(tx.Save(unreadStockKind, unreadStock, now), tellPlatform(tx, Notice{
			Kind: NoticeStockUnread, Args: map[string]string{"ref": ref}, At: now,
		}))
	})
}

// WatchStock tells the platform channel, once, of each SKU in use whose free seats
// fell to the limit, and that the stock cannot be read.
func (p *Executor) WatchStock(ctx context.Context) error {
	stock, err := p.Stock.Licences(ctx)
	if job.IsPermanent(err) {
		return errors.Join(err, p.tellUnread(ctx, err))
	}
	if err != nil {
		return err
	}
	return p.Store.Update(ctx, func(tx Tx) error {
		if err := tx.Drop(unreadStockKind, unreadStock); err != nil {
			return err
		}
		for _, rule := range p.Rules.Types {
			for _, sku := range rule.SKUs {
				if err := p.watch(tx, sku, stock[sku]); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

func (p *Executor) watch(tx Tx, sku string, l Licence) error {
	told, err := tx.Load(lowStockKind, sku, new(time.Time))
	if err != nil {
		return err
	}
	low := l.Free <= p.Rules.Limits.LowStock
	switch {
	case low && !told:
		return errors.Join(tx.Save(lowStockKind, sku, p.Now()), tellPlatform(tx, Notice{
			Kind: NoticeLowStock, Args: map[string]string{"sku": cmp.Or(l.Name, sku), "free": strconv.Itoa(l.Free)}, At: p.Now(),
		}))
	case !low && told:
		return tx.Drop(lowStockKind, sku)
	}
	return nil
}
