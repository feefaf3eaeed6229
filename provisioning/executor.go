package provisioning

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Executor carries lines of every kind along their steps. Each step is written down before the
// next begins, and each may be done again. It keeps what the kinds have in common: the loop, the
// audit entry of a move, attention, and the receipts.
type Executor struct {
	Store    Store
	Receipts Receipts
	Kinds    Kinds
	Now      func() time.Time
	Log      *slog.Logger

	rows breaker // of the receipts
}

// Line carries the line of the job on until it is final, waits, or fails. A failure that
// trying again cannot mend puts it to attention.
func (p *Executor) Line(ctx context.Context, j job.Job) error {
	var next func(Account) Step
	for {
		a, err := p.load(ctx, Stamp(j.Key))
		if err != nil || a.State.Final() || a.State == AccountAttention {
			return err
		}
		if next == nil {
			kind, err := p.Kinds.of(a.Kind)
			if err != nil {
				return p.fail(ctx, a, j, err)
			}
			next = kind.Steps()
		}
		do := next(a)
		if do == nil {
			return nil
		}
		if err := p.take(ctx, a, do); err != nil {
			return p.fail(ctx, a, j, err)
		}
	}
}

// take does a step and writes its change, unless the line was moved meanwhile.
func (p *Executor) take(ctx context.Context, a Account, do Step) error {
	write, err := do(ctx, a)
	if err != nil {
		return err
	}
	return p.Store.Update(ctx, func(tx Tx) error {
		now, err := tx.Account(a.Stamp)
		if err != nil {
			return err
		}
		if now.State != a.State || now.Address != a.Address {
			return nil // settled on a card meanwhile: look again
		}
		return write(tx, now)
	})
}

// load reads a line. A line whose request is not being provisioned is parked.
func (p *Executor) load(ctx context.Context, s Stamp) (Account, error) {
	var a Account
	err := p.Store.View(ctx, func(tx Tx) error {
		r, err := tx.Request(s.Folio())
		if err != nil {
			return err
		}
		if a, err = tx.Account(s); err != nil {
			return err
		}
		if r.State != StateProvisioning && r.State != StateAttention {
			a.State = AccountExcluded // not ours to work on
		}
		return nil
	})
	if CodeOf(err) == CodeNotFound {
		return a, job.Permanent(err)
	}
	return a, err
}

// Put writes a line with the audit entry of its move, and settles its request.
func (p *Executor) Put(tx Tx, a Account, act string, detail map[string]string) error {
	return PutLine(tx, a, Entered{At: p.Now(), By: System, Act: act, Folio: a.Folio(), Stamp: a.Stamp, Detail: detail})
}

// request reads a request; one that is not there ends the job.
func (p *Executor) request(ctx context.Context, f Folio) (Request, error) {
	var r Request
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		r, err = tx.Request(f)
		return err
	})
	if CodeOf(err) == CodeNotFound {
		return r, job.Permanent(err)
	}
	return r, err
}

// TellLine tells the requester of one line, unless it is one of a list.
func (p *Executor) TellLine(tx Tx, a Account, kind NoticeKind) error {
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	if r.Lines > urgentLines {
		return nil
	}
	return tellOnce(tx, r, kind, a.Stamp, p.Now())
}

// Tell tells the requester, once for the request, or for a line where its stamp is given.
func (p *Executor) Tell(tx Tx, r Request, kind NoticeKind, s Stamp) error {
	return tellOnce(tx, r, kind, s, p.Now())
}

// GoOn sets a line of the request going.
func (p *Executor) GoOn(tx Tx, r Request, s Stamp) error { return tx.Enqueue(lineJob(r, s, p.Now())) }

// Redraw has the cards of the request updated; those of a list not at every line.
func (p *Executor) Redraw(tx Tx, r Request) error {
	return tx.Enqueue(job.Job{Kind: JobCards, Key: string(r.Folio), Due: cardsDue(r, p.Now())})
}
