package provisioning

import (
	"context"
	"errors"
	"iter"
	"strconv"
	"time"
)

// pageOfLines is how many lines one transaction sets going.
const pageOfLines = 200

// Start follows a request's decision through to its lines: authorised, each gets
// a licence put aside and is set going, or waits for one; ended, each gives back
// its address.
func (p *Provisioner) Start(ctx context.Context, j Job) error {
	r, err := p.request(ctx, Folio(j.Key))
	switch {
	case err != nil:
		return err
	case r.State == StateProvisioning || r.State == StateAttention:
		return p.begin(ctx, r)
	case r.State.Final() && r.State != StateCompleted:
		return p.eachPage(ctx, r.Folio, func(tx Tx, a Account) error {
			return errors.Join(tx.Release(a.Address, a.Stamp), tx.Leave(a.Stamp))
		})
	}
	return nil
}

func (p *Provisioner) begin(ctx context.Context, r Request) error {
	var stock map[string]Licence
	rule := p.Rules.Types[r.Type]
	if len(rule.SKUs) > 0 {
		var err error
		if stock, err = p.Stock.Licences(ctx); err != nil {
			return err
		}
	}
	return p.eachPage(ctx, r.Folio, func(tx Tx, a Account) error {
		if a.State.Final() || a.State == AccountAttention {
			return nil
		}
		if a.State == AccountPending && a.SKU == "" && len(rule.SKUs) > 0 {
			return p.seat(tx, r, a, rule, stock)
		}
		return tx.Enqueue(lineJob(r, a.Stamp, p.Now()))
	})
}

// seat puts a licence aside for the line and sets it going; where none is free,
// or others wait already, it joins the queue.
func (p *Provisioner) seat(tx Tx, r Request, a Account, rule TypeRule, stock map[string]Licence) error {
	queue := string(r.Type)
	first, err := firstOf(tx.Waiting(queue))
	if err != nil {
		return err
	}
	sku := ""
	if first == "" || first == a.Stamp {
		if sku, err = freeSeat(tx, rule, stock); err != nil {
			return err
		}
	}
	if sku == "" {
		return p.wait(tx, r, a)
	}
	a.SKU = sku
	return errors.Join(tx.Hold(sku, a.Stamp), tx.PutAccount(a), tx.Enqueue(lineJob(r, a.Stamp, p.Now())))
}

// wait puts the line in its type's queue, and tells whoever is to know: the
// requester once, the platform channel once a shortage.
func (p *Provisioner) wait(tx Tx, r Request, a Account) error {
	now, queue := p.Now(), string(r.Type)
	told, err := tx.Load(shortageKind, queue, new(time.Time))
	if err != nil {
		return err
	}
	if !told {
		err = errors.Join(tx.Save(shortageKind, queue, now), tellPlatform(tx, Notice{
			Kind: NoticeShortage, Folio: r.Folio, Args: map[string]string{"type": queue}, At: now,
		}))
	}
	return errors.Join(err,
		tx.Wait(queue, a.Stamp),
		tx.Enqueue(Job{Kind: JobSeats, Key: queue, Due: now.Add(seatsEvery)}),
		tellOnce(tx, r, NoticeWaiting, "", now),
		tx.Enqueue(Job{Kind: JobCards, Key: string(r.Folio), Due: cardsDue(r, now)}),
	)
}

// The documents that remember what the platform channel was told: by account type
// that authorised lines wait, by SKU that few seats are left.
const (
	shortageKind = "shortage"
	lowStockKind = "low_stock"
)

// seatsEvery is how often the stock is looked at while lines wait for it.
const seatsEvery = 2 * time.Minute

// queueAgain is the change to a line whose put-aside licence turned out to be used
// up by somebody else.
func (p *Provisioner) queueAgain() change {
	return func(tx Tx, a Account) error {
		r, err := tx.Request(a.Folio())
		if err != nil {
			return err
		}
		a.SKU = ""
		return errors.Join(tx.Leave(a.Stamp), tx.PutAccount(a), p.wait(tx, r, a))
	}
}

// Seats gives the seats that appeared to the lines that wait longest, and comes
// back while any wait.
func (p *Provisioner) Seats(ctx context.Context, j Job) error {
	p.Stock.Forget()
	stock, err := p.Stock.Licences(ctx)
	if err != nil {
		return err
	}
	left := false
	err = p.Store.Update(ctx, func(tx Tx) error {
		left = false
		waiting, err := head(tx.Waiting(j.Key), pageOfLines)
		if err != nil {
			return err
		}
		for _, s := range waiting {
			seated, err := p.unqueue(tx, s, stock)
			if err != nil {
				return err
			}
			left = left || !seated
		}
		left = left || len(waiting) == pageOfLines
		if len(waiting) == 0 {
			return tx.Drop(shortageKind, j.Key)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if left {
		return RetryAfter(seatsEvery, Refuse(CodeUnavailable, DirectoryNoSeats))
	}
	return nil
}

// unqueue sets a waiting line going, if there is a seat for it.
func (p *Provisioner) unqueue(tx Tx, s Stamp, stock map[string]Licence) (bool, error) {
	a, err := tx.Account(s)
	if err != nil {
		return false, err
	}
	r, err := tx.Request(s.Folio())
	if err != nil {
		return false, err
	}
	if a.State.Final() || r.State.Final() {
		return true, tx.Leave(s)
	}
	if a.State == AccountAttention {
		return true, nil // keeps its place until it is settled
	}
	sku, err := freeSeat(tx, p.Rules.Types[r.Type], stock)
	if err != nil || sku == "" {
		return false, err
	}
	a.SKU = sku
	return true, errors.Join(tx.Hold(sku, s), tx.PutAccount(a), tx.Enqueue(lineJob(r, s, p.Now())))
}

// freeSeat returns the first SKU of the rule that has a seat nobody holds.
func freeSeat(tx Tx, rule TypeRule, stock map[string]Licence) (string, error) {
	for _, sku := range rule.SKUs {
		held, err := tx.Held(sku)
		if err != nil {
			return "", err
		}
		if stock[sku].Free > held {
			return sku, nil
		}
	}
	return "", nil
}

// WatchStock tells the platform channel, once, of each SKU in use whose free seats
// fell to the limit.
func (p *Provisioner) WatchStock(ctx context.Context) error {
	stock, err := p.Stock.Licences(ctx)
	if err != nil {
		return err
	}
	return p.Store.Update(ctx, func(tx Tx) error {
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

func (p *Provisioner) watch(tx Tx, sku string, l Licence) error {
	told, err := tx.Load(lowStockKind, sku, new(time.Time))
	if err != nil {
		return err
	}
	low := l.Free <= p.Rules.Limits.LowStock
	switch {
	case low && !told:
		return errors.Join(tx.Save(lowStockKind, sku, p.Now()), tellPlatform(tx, Notice{
			Kind: NoticeLowStock, Args: map[string]string{"sku": l.Name, "free": strconv.Itoa(l.Free)}, At: p.Now(),
		}))
	case !low && told:
		return tx.Drop(lowStockKind, sku)
	}
	return nil
}

func tellPlatform(tx Tx, n Notice) error {
	n.To = string(Platform)
	return errors.Join(tx.Post(n), tx.Enqueue(Job{Kind: JobNotices, Key: n.To, Urgent: true, Due: n.At}))
}

// request reads a request; one that is not there ends the job.
func (p *Provisioner) request(ctx context.Context, f Folio) (Request, error) {
	var r Request
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		r, err = tx.Request(f)
		return err
	})
	if err != nil && CodeOf(err) == CodeNotFound {
		return r, Permanent(err)
	}
	return r, err
}

// eachPage does something to every line of a request, a page a transaction.
func (p *Provisioner) eachPage(ctx context.Context, f Folio, do func(Tx, Account) error) error {
	after, more := 0, true
	for more {
		last := after
		err := p.Store.Update(ctx, func(tx Tx) error {
			lines, err := head(tx.AccountsOf(f, after), pageOfLines)
			if err != nil {
				return err
			}
			for _, a := range lines {
				if err := do(tx, a); err != nil {
					return err
				}
				last = a.Number
			}
			more = len(lines) == pageOfLines
			return nil
		})
		if err != nil {
			return err
		}
		after = last
	}
	return nil
}

// head reads up to n values of a sequence.
func head[T any](seq iter.Seq2[T, error], n int) ([]T, error) {
	var all []T
	for v, err := range seq {
		if err != nil {
			return nil, err
		}
		if all = append(all, v); len(all) == n {
			break
		}
	}
	return all, nil
}

func firstOf(seq iter.Seq2[Stamp, error]) (Stamp, error) {
	first, err := head(seq, 1)
	if err != nil || len(first) == 0 {
		return "", err
	}
	return first[0], nil
}
