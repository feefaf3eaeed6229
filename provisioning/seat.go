package provisioning

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// needsSeat reports whether the line is to have a licence and has none put aside.
func needsSeat(a Account, rule TypeRule) bool {
	return len(rule.SKUs) > 0 && a.SKU == "" && a.LicensedAt.IsZero()
}

// seat puts a licence aside for the line and sets it going; where none is free,
// or others wait already, it joins the queue.
func (p *Executor) seat(tx Tx, r Request, a Account, rule TypeRule) error {
	first, err := firstWaiting(tx, string(r.Type))
	if err != nil {
		return err
	}
	sku := ""
	if first == "" || first == a.Stamp {
		if sku, err = p.freeSeat(tx, rule); err != nil {
			return err
		}
	}
	if sku == "" {
		return p.wait(tx, r, a)
	}
	return p.hold(tx, r, a, sku)
}

// firstWaiting returns the line whose turn it is, "" where none waits. Those in
// attention keep their places and hold up nobody.
func firstWaiting(tx Tx, queue string) (Stamp, error) {
	for s, err := range tx.Waiting(queue) {
		if err != nil {
			return "", err
		}
		if a, err := tx.Account(s); err != nil || a.State != AccountAttention {
			return s, err
		}
	}
	return "", nil
}

// hold puts a licence aside for the line and sets it going.
func (p *Executor) hold(tx Tx, r Request, a Account, sku string) error {
	a.SKU = sku
	return errors.Join(tx.Hold(sku, a.Stamp), tx.PutAccount(a), tx.Enqueue(lineJob(r, a.Stamp, p.Now())))
}

// freeSeat returns the first SKU of the rule that has a seat nobody holds.
func (p *Executor) freeSeat(tx Tx, rule TypeRule) (string, error) {
	for _, sku := range rule.SKUs {
		held, err := tx.Held(sku)
		if err != nil {
			return "", err
		}
		if p.Stock.Free(sku) > held {
			return sku, nil
		}
	}
	return "", nil
}

// wait puts the line in its type's queue, and tells whoever is to know: the
// requester once, the platform channel once a shortage.
func (p *Executor) wait(tx Tx, r Request, a Account) error {
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
		tx.Enqueue(job.Job{Kind: JobSeats, Key: queue, Due: now.Add(seatsEvery)}),
		tellOnce(tx, r, NoticeWaiting, "", now),
		tx.Enqueue(job.Job{Kind: JobCards, Key: string(r.Folio), Due: cardsDue(r, now)}),
	)
}

// seatsEvery is how often the stock is looked at while lines wait for it.
const seatsEvery = 2 * time.Minute

// reseat is the change to a line whose put-aside licence turned out to be used up
// by somebody else: it gets one of the next SKU, or waits.
func (p *Executor) reseat(rule TypeRule) change {
	return func(tx Tx, a Account) error {
		r, err := tx.Request(a.Folio())
		if err != nil {
			return err
		}
		a.SKU = ""
		return errors.Join(tx.Leave(a.Stamp), tx.PutAccount(a), p.seat(tx, r, a, rule))
	}
}

// Seats gives the seats that appeared to the lines that wait longest, and comes
// back while any wait, whatever the tenant said.
func (p *Executor) Seats(ctx context.Context, j job.Job) error {
	p.Stock.Forget()
	if err := p.readStock(ctx); err != nil {
		return job.RetryAfter(seatsEvery, err)
	}
	for {
		gone, left, err := p.seatPage(ctx, j.Key)
		switch {
		case err != nil:
			return err
		case gone == pageOfLines:
			continue
		case left:
			return job.RetryAfter(seatsEvery, Refuse(CodeUnavailable, DirectoryNoSeats))
		}
		return nil
	}
}

// seatPage seats the first of a queue, as far as seats go and up to a page. It
// returns how many left the queue, and whether anybody is left in it.
func (p *Executor) seatPage(ctx context.Context, queue string) (gone int, left bool, err error) {
	err = p.Store.Update(ctx, func(tx Tx) (err error) {
		if gone, err = p.seatSome(tx, queue); err != nil {
			return err
		}
		first, err := head(tx.Waiting(queue), 1)
		if left = len(first) > 0; err != nil || left {
			return err
		}
		return tx.Drop(shortageKind, queue)
	})
	return gone, left, err
}

func (p *Executor) seatSome(tx Tx, queue string) (gone int, err error) {
	for s, err := range tx.Waiting(queue) {
		if err != nil {
			return gone, err
		}
		sku, err := p.freeSeat(tx, p.Rules.Types[AccountType(queue)])
		if err != nil || sku == "" || gone == pageOfLines {
			return gone, err
		}
		out, err := p.unqueue(tx, s, sku)
		if err != nil {
			return gone, err
		}
		if out {
			gone++
		}
	}
	return gone, nil
}

// unqueue sets a waiting line going with a seat of the SKU. A line in attention
// keeps its place.
func (p *Executor) unqueue(tx Tx, s Stamp, sku string) (bool, error) {
	a, err := tx.Account(s)
	if err != nil {
		return false, err
	}
	r, err := tx.Request(s.Folio())
	if err != nil {
		return false, err
	}
	switch {
	case a.State.Final() || r.State.Final():
		return true, tx.Leave(s)
	case a.State == AccountAttention:
		return false, nil
	}
	return true, p.hold(tx, r, a, sku)
}
