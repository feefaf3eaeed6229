package provisioning

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Executor carries lines along the plan: find → reserve → create → license →
// record → announce. Each step is written down before the next begins, and each
// may be done again: what the directory or the receipts have already is found and
// kept.
type Executor struct {
	Store     Store
	Directory Directory
	Receipts  Receipts
	Stock     *LicenceCache
	Centres   Catalogue // nil: people's work centres go by their CCT
	Rules     *Rules
	Now       func() time.Time
	Log       *slog.Logger

	rows breaker // of the receipts
}

// step does one step of a line outside the store, and returns the change to be
// written because of it.
type step func(ctx context.Context, a Account, rule TypeRule) (change, error)

// change alters a line within a transaction. The line is as the step saw it.
type change func(tx Tx, a Account) error

// errParked says that a line waits for something else that will enqueue it.
var errParked = errors.New("parked")

// Line carries the line of the job on until it is final, parked, or fails. A
// failure that trying again cannot mend puts it to attention.
func (p *Executor) Line(ctx context.Context, j job.Job) error {
	stamp := Stamp(j.Key)
	again := true    // a line found half-way may have been half-done: look before the next POST
	var vain Address // that of the last POST: never twice without a pause
	for {
		a, err := p.load(ctx, stamp)
		if err != nil {
			return err
		}
		do := p.step(a, again)
		if do == nil {
			return nil
		}
		if a.State == AccountReserved {
			if a.Address == vain {
				return p.fail(ctx, a, j, unseen(a))
			}
			vain = a.Address
		}
		again = a.State == AccountReserved
		err = p.take(ctx, a, do)
		switch {
		case errors.Is(err, errParked):
			return nil
		case err != nil:
			return p.fail(ctx, a, j, err)
		}
	}
}

// unseen says that an address which is free to all appearance was refused: whoever
// has it got it lately, and does not show in queries yet.
func unseen(a Account) error {
	return fmt.Errorf("wait to see who has the address of %s: %w", a.Stamp, Refuse(CodeUnavailable, DirectoryNotReady))
}

// step returns what is next for a line, nil where there is nothing to do.
func (p *Executor) step(a Account, again bool) step {
	switch a.State {
	case AccountPending:
		return p.find
	case AccountReserved:
		if again {
			return p.recreate
		}
		return p.create
	case AccountCreated:
		return p.license
	case AccountLicensed:
		return p.record
	case AccountRecorded:
		return p.announce
	}
	return nil
}

// take does a step and writes its change, unless the line was moved meanwhile.
func (p *Executor) take(ctx context.Context, a Account, do step) error {
	rule, ok := p.Rules.Types[a.Holder.Type]
	if !ok {
		return job.Permanent(Refuse(CodeInvalid, "trouble.type"))
	}
	write, err := do(ctx, a, rule)
	if err != nil {
		return err
	}
	return p.Store.Update(ctx, func(tx Tx) error {
		now, err := tx.Account(a.Stamp)
		if err != nil {
			return err
		}
		if now.State != a.State || now.Address != a.Address {
			return nil // someone settled it on a card: look again
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

// put writes a line with the audit entry of its move, and settles its request.
func (p *Executor) put(tx Tx, a Account, act string, detail map[string]string) error {
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
