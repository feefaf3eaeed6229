package creation

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// needsSeat reports whether the line is to have a licence and has none put aside.
func needsSeat(a provisioning.Account, rule provisioning.TypeRule) bool {
	return len(rule.SKUs) > 0 && a.SKU == "" && a.LicensedAt.IsZero()
}

// seat puts a licence aside for the line and sets it going; where none is free,
// or others wait already, it joins the queue.
func (cr *Creation) seat(tx provisioning.Tx, r provisioning.Request, a provisioning.Account, rule provisioning.TypeRule) error {
	first, err := firstWaiting(tx, string(r.Type))
	if err != nil {
		return err
	}
	sku := ""
	if first == "" || first == a.Stamp {
		if sku, err = cr.freeSeat(tx, rule); err != nil {
			return err
		}
	}
	if sku == "" {
		return cr.wait(tx, r, a)
	}
	return cr.hold(tx, r, a, sku)
}

// firstWaiting returns the line whose turn it is, "" where none waits. Those in
// attention keep their places and hold up nobody.
func firstWaiting(tx provisioning.Tx, queue string) (provisioning.Stamp, error) {
	for s, err := range tx.Waiting(queue) {
		if err != nil {
			return "", err
		}
		if a, err := tx.Account(s); err != nil || a.State != provisioning.AccountAttention {
			return s, err
		}
	}
	return "", nil
}

// hold puts a licence aside for the line and sets it going.
func (cr *Creation) hold(tx provisioning.Tx, r provisioning.Request, a provisioning.Account, sku string) error {
	a.SKU = sku
	return errors.Join(tx.Hold(sku, a.Stamp), tx.PutAccount(a), cr.Executor.GoOn(tx, r, a.Stamp))
}

// freeSeat returns the first SKU of the rule that has a seat nobody holds.
func (cr *Creation) freeSeat(tx provisioning.Tx, rule provisioning.TypeRule) (string, error) {
	for _, sku := range rule.SKUs {
		held, err := tx.Held(sku)
		if err != nil {
			return "", err
		}
		if cr.Stock.Free(sku) > held {
			return sku, nil
		}
	}
	return "", nil
}

// wait puts the line in its type's queue, and tells whoever is to know: the
// requester once, the platform channel once a shortage.
func (cr *Creation) wait(tx provisioning.Tx, r provisioning.Request, a provisioning.Account) error {
	now, queue := cr.Now(), string(r.Type)
	told, err := tx.Load(shortageKind, queue, new(time.Time))
	if err != nil {
		return err
	}
	if !told {
		err = errors.Join(tx.Save(shortageKind, queue, now), provisioning.TellPlatform(tx, provisioning.Notice{
			Kind: provisioning.NoticeShortage, Folio: r.Folio, Args: map[string]string{"type": queue}, At: now,
		}))
	}
	return errors.Join(err,
		tx.Wait(queue, a.Stamp),
		tx.Enqueue(job.Job{Kind: provisioning.JobSeats, Key: queue, Due: now.Add(seatsEvery)}),
		cr.Executor.Tell(tx, r, provisioning.NoticeWaiting, ""),
		cr.Executor.Redraw(tx, r),
	)
}

// pageOfSeats is how many lines one transaction seats.
const pageOfSeats = 200

// seatsEvery is how often the stock is looked at while lines wait for it.
const seatsEvery = 2 * time.Minute

// reseat is the change to a line whose put-aside licence turned out to be used up
// by somebody else: it gets one of the next SKU, or waits.
func (cr *Creation) reseat(rule provisioning.TypeRule) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		r, err := tx.Request(a.Folio())
		if err != nil {
			return err
		}
		a.SKU = ""
		return errors.Join(tx.Leave(a.Stamp), tx.PutAccount(a), cr.seat(tx, r, a, rule))
	}
}

// Seats gives the seats that appeared to the lines that wait longest, and comes
// back while any wait, whatever the tenant said.
func (cr *Creation) Seats(ctx context.Context, j job.Job) error {
	cr.Stock.Forget()
	if err := cr.readStock(ctx); err != nil {
		return job.RetryAfter(seatsEvery, err)
	}
	for {
		gone, left, err := cr.seatPage(ctx, j.Key)
		switch {
		case err != nil:
			return err
		case gone == pageOfSeats:
			continue
		case left:
			return job.RetryAfter(seatsEvery, provisioning.Refuse(provisioning.CodeUnavailable, provisioning.DirectoryNoSeats))
		}
		return nil
	}
}

// seatPage seats the first of a queue, as far as seats go and up to a page. It
// returns how many left the queue, and whether anybody is left in it.
func (cr *Creation) seatPage(ctx context.Context, queue string) (gone int, left bool, err error) {
	err = cr.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if gone, err = cr.seatSome(tx, queue); err != nil {
			return err
		}
		if left, err = anyWaiting(tx, queue); err != nil || left {
			return err
		}
		return tx.Drop(shortageKind, queue)
	})
	return gone, left, err
}

func anyWaiting(tx provisioning.Tx, queue string) (bool, error) {
	for _, err := range tx.Waiting(queue) {
		return err == nil, err
	}
	return false, nil
}

func (cr *Creation) seatSome(tx provisioning.Tx, queue string) (gone int, err error) {
	for s, err := range tx.Waiting(queue) {
		if err != nil {
			return gone, err
		}
		sku, err := cr.freeSeat(tx, cr.Rules.Types[provisioning.AccountType(queue)])
		if err != nil || sku == "" || gone == pageOfSeats {
			return gone, err
		}
		out, err := cr.unqueue(tx, s, sku)
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
func (cr *Creation) unqueue(tx provisioning.Tx, s provisioning.Stamp, sku string) (bool, error) {
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
	case a.State == provisioning.AccountAttention:
		return false, nil
	}
	return true, cr.hold(tx, r, a, sku)
}
