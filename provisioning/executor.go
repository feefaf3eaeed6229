package provisioning

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Executor runs the steps of lines of every kind. Each step is stored before the next begins, and
// each is repeatable. It holds what the kinds have in common: the loop, the audit entry of a move,
// attention, and the receipts.
type Executor struct {
	Store    Store
	Receipts Receipts
	Kinds    Kinds
	Now      func() time.Time
	Log      *slog.Logger

	rows breaker // of the receipts
}

// Line runs the line of the job until it is final, waits, or fails. A permanent failure moves it to
// attention.
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

// take performs a step and writes its change, unless the line has changed meanwhile.
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
			return nil // settled on a card meanwhile: the next round reads it again
		}
		return write(tx, now)
	})
}

// load reads a line. A line whose request is not being provisioned is returned as excluded.
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
			a.State = AccountExcluded // no work to do
		}
		return nil
	})
	if problem.CodeOf(err) == problem.CodeNotFound {
		return a, job.Permanent(err)
	}
	return a, err
}

// Put writes a line with the audit entry of its move, and updates its request's state.
func (p *Executor) Put(tx Tx, a Account, act string, detail map[string]string) error {
	return PutLine(tx, a, Entered{At: p.Now(), By: System, Act: act, Folio: a.Folio(), Stamp: a.Stamp, Detail: detail})
}

// request reads a request. CodeNotFound is Permanent: it ends the job.
func (p *Executor) request(ctx context.Context, f Folio) (Request, error) {
	var r Request
	err := p.Store.View(ctx, func(tx Tx) (err error) {
		r, err = tx.Request(f)
		return err
	})
	if problem.CodeOf(err) == problem.CodeNotFound {
		return r, job.Permanent(err)
	}
	return r, err
}

// TellLine notifies the requester about one line, unless the request is a list of more than
// urgentLines.
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

// Tell notifies the requester once per round of the request or, if s is not "", of the line s.
func (p *Executor) Tell(tx Tx, r Request, kind NoticeKind, s Stamp) error {
	return tellOnce(tx, r, kind, s, p.Now())
}

// GoOn enqueues the job of a line of the request.
func (p *Executor) GoOn(tx Tx, r Request, s Stamp) error { return tx.Enqueue(lineJob(r, s, p.Now())) }

// Redraw enqueues an update of the request's cards; for a list it is delayed, see cardsDue.
func (p *Executor) Redraw(tx Tx, r Request) error {
	return tx.Enqueue(job.Job{Kind: JobCards, Key: string(r.Folio), Due: cardsDue(r, p.Now())})
}
