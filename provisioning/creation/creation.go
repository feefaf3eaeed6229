package creation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Catalogue knows the work centres that people belong to.
type Catalogue interface {
	// CentreName returns the centre's name, "" where the catalogue does not have it.
	CentreName(ctx context.Context, c provisioning.CCT) string
}

// Config is what Creation works with.
type Config struct {
	Executor  *provisioning.Executor
	Store     provisioning.Store
	Directory provisioning.Directory
	Stock     *LicenceCache
	Centres   Catalogue // nil: people's work centres go by their CCT
	Rules     *provisioning.Rules
	Now       func() time.Time
	Log       *slog.Logger
}

// Creation makes accounts: the kind provisioning.Create. A line goes find → reserve → create →
// license → record → announce; what the directory or the receipts have already is found and
// kept.
type Creation struct{ Config }

// plan does one step of a line of a type, as provisioning.Step does.
type plan func(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error)

// Steps returns what is next for a line. A line that waits for a licence is in a queue, whose
// job sets it going.
func (cr *Creation) Steps() func(provisioning.Account) provisioning.Step {
	again := true                 // a line found half-way may have been half-done: look before the next POST
	var vain provisioning.Address // that of the last POST: never twice without a pause
	return func(a provisioning.Account) provisioning.Step {
		do := cr.next(a, again)
		if again = a.State == provisioning.AccountReserved; again {
			if a.Address == vain {
				do = unseen
			}
			vain = a.Address
		}
		if do == nil {
			return nil
		}
		return func(ctx context.Context, a provisioning.Account) (provisioning.Change, error) {
			rule, ok := cr.Rules.Types[a.Holder.Type]
			if !ok {
				return nil, job.Permanent(provisioning.Refuse(provisioning.CodeInvalid, "trouble.type"))
			}
			return do(ctx, a, rule)
		}
	}
}

// Waits reports whether the line is to have a licence and has none put aside.
func (cr *Creation) Waits(a provisioning.Account) bool {
	return needsSeat(a, cr.Rules.Types[a.Holder.Type])
}

// next returns the step of a line in its state; nil for none.
func (cr *Creation) next(a provisioning.Account, again bool) plan {
	waits := cr.Waits(a)
	switch {
	case a.State == provisioning.AccountPending && !waits:
		return cr.find
	case a.State == provisioning.AccountReserved && again:
		return cr.recreate
	case a.State == provisioning.AccountReserved:
		return cr.create
	case a.State == provisioning.AccountCreated && !waits:
		return cr.license
	case a.State == provisioning.AccountLicensed:
		return cr.record
	case a.State == provisioning.AccountRecorded:
		return cr.announce
	}
	return nil
}

// unseen says that an address which is free to all appearance was refused: whoever has it got
// it lately, and does not show in queries yet.
func unseen(_ context.Context, a provisioning.Account, _ provisioning.TypeRule) (provisioning.Change, error) {
	return nil, fmt.Errorf("wait to see who has the address of %s: %w", a.Stamp, provisioning.Refuse(provisioning.CodeUnavailable, provisioning.DirectoryNotReady))
}

// Release gives back a line's address, its licence and its place in a queue.
func (cr *Creation) Release(tx provisioning.Tx, a provisioning.Account) error {
	if a.Address == "" {
		return tx.Leave(a.Stamp)
	}
	return errors.Join(tx.Release(a.Address, a.Stamp), tx.Leave(a.Stamp))
}
