package creation

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Catalogue looks up work centres.
type Catalogue interface {
	// CentreName returns the centre's name, "" if the catalogue does not have it.
	CentreName(ctx context.Context, c identity.CCT) string
}

// Config are Creation's dependencies.
type Config struct {
	Executor  *provisioning.Executor
	Store     provisioning.Store
	Directory provisioning.Directory
	Stock     *LicenceCache
	Centres   Catalogue // nil: a person's work centre is named by its CCT
	Rules     *provisioning.Rules
	Now       func() time.Time
	Log       *slog.Logger
}

// Creation creates accounts: it is the kind provisioning.Create. A line's steps are find → reserve
// → create → license → record → announce. What the directory or the receipts already have is found
// and kept.
type Creation struct{ Config }

// plan performs one step of a line, given its type's rule, as provisioning.Step does.
type plan func(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error)

// Steps returns the function that selects a line's next step. A line in a licence queue has none:
// the queue's job starts it.
func (cr *Creation) Steps() func(provisioning.Account) provisioning.Step {
	again := true             // the creation of a line found as reserved may have been sent: look it up before the next POST
	var vain identity.Address // address of the last POST: never sent twice in one run
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
				return nil, job.Permanent(problem.Refuse(problem.CodeInvalid, "trouble.type"))
			}
			return do(ctx, a, rule)
		}
	}
}

// Stages returns nil: every stage decides on new accounts.
func (cr *Creation) Stages(provisioning.Tx, provisioning.Submission) ([]provisioning.StageName, error) {
	return nil, nil
}

// Waits reports whether the line needs a licence and has none reserved.
func (cr *Creation) Waits(a provisioning.Account) bool {
	return needsSeat(a, cr.Rules.Types[a.Holder.Type])
}

// next returns the step for the line's state; nil if there is none.
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

// unseen is the step of a line whose address was refused although it appears free: its owner was
// created recently and does not show in queries yet. It is CodeUnavailable.
func unseen(_ context.Context, a provisioning.Account, _ provisioning.TypeRule) (provisioning.Change, error) {
	return nil, fmt.Errorf("wait to see who has the address of %s: %w", a.Stamp, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryNotReady))
}

// Release frees a line's address and licence, and removes it from its queue.
func (cr *Creation) Release(tx provisioning.Tx, a provisioning.Account) error {
	if a.Address == "" {
		return tx.Leave(a.Stamp)
	}
	return errors.Join(tx.Release(a.Address, a.Stamp), tx.Leave(a.Stamp))
}
