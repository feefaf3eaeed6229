package provisioning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Receipt ensures that the receipts row of a line is up to date. The row may not be written yet
// because the database was unavailable, or the line may have changed since.
func (p *Executor) Receipt(ctx context.Context, j job.Job) error {
	var a Account
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		a, err = tx.Account(Stamp(j.Key))
		return err
	})
	if err != nil {
		return fmt.Errorf("read %s: %w", j.Key, err)
	}
	if err := p.putOwed(ctx, a); err != nil && (away(err) || !p.onRecord(ctx, a)) {
		err = fmt.Errorf("write the receipt of %s: %w", j.Key, err)
		if job.IsPermanent(err) {
			// The row is retried until the table is repaired; it is never dropped.
			return job.RetryAfter(rowOwedEvery, errors.Join(err, p.tellUnrecorded(ctx, a, err)))
		}
		return err
	}
	return p.Store.Update(ctx, func(tx Tx) error {
		now, err := tx.Account(a.Stamp)
		if err != nil || !now.RecordedAt.IsZero() {
			return err
		}
		now.RecordedAt = p.Now()
		return p.Put(tx, now, "account.recorded", nil)
	})
}

// tellUnrecorded notifies the platform channel, once for the line, that its row is refused because
// another holder has the stamp or the address. Retrying cannot resolve that.
func (p *Executor) tellUnrecorded(ctx context.Context, a Account, cause error) error {
	if problem.CodeOf(cause) != problem.CodeConflict {
		return nil
	}
	return p.Store.Update(ctx, func(tx Tx) error {
		return TellPlatform(tx, Notice{
			Kind: NoticeUnrecorded, Folio: a.Folio(), Stamp: a.Stamp, At: p.Now(), Once: "unrecorded/" + string(a.Stamp),
			Args: map[string]string{"address": string(a.Address), "name": a.Holder.DisplayName()},
		})
	})
}

// rowOwedEvery is the interval between tries of a row that the database refused.
const rowOwedEvery = time.Hour

func away(err error) bool { return problem.CodeOf(err) == problem.CodeUnavailable }

// onRecord reports whether another row assigns the address to the holder: the row of an account
// that was found to exist.
func (p *Executor) onRecord(ctx context.Context, a Account) bool {
	rows, err := p.FindReceipts(ctx, ReceiptQuery{Address: a.Address})
	if err != nil {
		p.Log.WarnContext(ctx, "receipts not read", "err", err)
	}
	return slices.ContainsFunc(rows, func(row Receipt) bool { return row.Address == a.Address && row.Holder.Is(a.Holder) })
}

// PutReceipt writes the row of a line. It waits for the database only as long as breaker.ask does,
// because the line can continue without the row.
func (p *Executor) PutReceipt(ctx context.Context, a Account) error {
	r, kind, err := p.kindOf(ctx, a)
	if err != nil {
		return err
	}
	return p.rows.ask(ctx, p.Now, func(ctx context.Context) error { return p.writeRow(ctx, kind, r, a) })
}

// writeRow writes the row of a line. One that does not say any more whose it is leaves the row the holder
// that it has; the row of one whose holder was erased stays as it is.
func (p *Executor) writeRow(ctx context.Context, kind Kind, r Request, a Account) error {
	if a.Withheld() {
		rows, err := p.Receipts.Find(ctx, ReceiptQuery{Stamp: a.Stamp})
		if err != nil || len(rows) == 0 || !a.ErasedAt.IsZero() {
			return err
		}
		a.Holder = rows[0].Holder
	}
	return kind.Record(ctx, p.Receipts, r, a)
}

// kindOf returns the request and the kind of a line.
func (p *Executor) kindOf(ctx context.Context, a Account) (Request, Kind, error) {
	r, err := p.request(ctx, a.Folio())
	if err != nil {
		return r, nil, err
	}
	kind, err := p.Kinds.of(r.Kind)
	return r, kind, err
}

// FindReceipts finds rows. If the server does not answer, the first call fails after a short
// timeout and further ones at once.
func (p *Executor) FindReceipts(ctx context.Context, q ReceiptQuery) (rows []Receipt, err error) {
	err = p.rows.ask(ctx, p.Now, func(ctx context.Context) (err error) {
		rows, err = p.Receipts.Find(ctx, q)
		return err
	})
	return rows, err
}

// putOwed writes a row in its job, without the short timeout. While the database is unavailable one
// job at a time tries it; the others are retried at the same time, in order.
func (p *Executor) putOwed(ctx context.Context, a Account) error {
	r, kind, err := p.kindOf(ctx, a)
	if err != nil {
		return err
	}
	if err := p.rows.allow(p.Now()); err != nil {
		return err
	}
	return p.rows.report(p.Now(), p.writeRow(ctx, kind, r, a))
}
