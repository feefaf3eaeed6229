package creation

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// needsSeat reports whether the line needs a licence and has none reserved.
func needsSeat(a provisioning.Account, rule provisioning.TypeRule) bool {
	return len(rule.SKUs) > 0 && a.SKU == "" && a.LicensedAt.IsZero()
}

// seat reserves a licence for the line and starts it. If none is free, or other lines wait already,
// the line joins the queue.
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

// firstWaiting returns the first line of the queue, "" if there is none. Lines in attention keep
// their places and are skipped.
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

// hold reserves a licence for the line and starts it.
func (cr *Creation) hold(tx provisioning.Tx, r provisioning.Request, a provisioning.Account, sku string) error {
	a.SKU = sku
	return errors.Join(tx.Hold(sku, a.Stamp), tx.PutAccount(a), cr.Executor.GoOn(tx, r, a.Stamp))
}

// freeSeat returns the first SKU of the rule that has an unreserved seat, "" if none has.
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

// wait adds the line to its type's queue, and notifies the requester once and the platform channel
// once per shortage.
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

// pageOfSeats is how many lines are assigned seats in one transaction.
const pageOfSeats = 200

// seatsEvery is how often the stock is read while lines wait for it.
const seatsEvery = 2 * time.Minute

// reseat is the change of a line whose reserved licence was used up by others: it gets a seat of
// the next SKU, or waits.
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

// Seats assigns new seats to the lines that wait longest. Its job is retried while any wait,
// whatever the tenant answered.
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
			return job.RetryAfter(seatsEvery, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryNoSeats))
		}
		return nil
	}
}

// seatPage assigns the free seats to the first lines of a queue, up to a page. It returns how many
// left the queue, and whether any are left in it.
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
		sku, err := cr.freeSeat(tx, cr.Rules.Types[identity.AccountType(queue)])
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

// unqueue starts a waiting line with a seat of the SKU, and reports whether it left the queue. A
// line in attention stays in it.
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
