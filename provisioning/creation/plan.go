package creation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// adopt is the change of a line whose own request has created an account that was found.
func (cr *Creation) adopt(e provisioning.Entry) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		if e.Address != a.Address {
			if err := errors.Join(tx.Release(a.Address, a.Stamp), tx.Reserve(e.Address, a.Stamp)); err != nil {
				return forGood(err)
			}
		}
		return cr.created(e)(tx, a)
	}
}

// created is the change of a line whose account is created.
func (cr *Creation) created(e provisioning.Entry) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		if a.State == provisioning.AccountPending {
			a.State = provisioning.AccountReserved // its creation was not recorded: the move between is implied
		}
		next, err := moves.Move(a, provisioning.AccountCreated)
		if err != nil {
			return err
		}
		if e.Created.IsZero() {
			e.Created = cr.Now() // just created: the directory's answer has no date
		}
		next = next.With(e)
		return cr.Executor.Put(tx, next, "account.created", map[string]string{"address": string(e.Address), "objectId": e.ID})
	}
}

// claimed adopts an account that bears the line's stamp, if the line created it.
func (cr *Creation) claimed(ctx context.Context, a provisioning.Account, e provisioning.Entry) (provisioning.Change, error) {
	if err := cr.ours(ctx, a, e); err != nil {
		return nil, err
	}
	return cr.adopt(e), nil
}

// recreate is create for a line whose request may have been sent already: the account that it
// created is adopted; if another is found, the line returns to find.
func (cr *Creation) recreate(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error) {
	entries, err := cr.Directory.Find(ctx, provisioning.Lookup{Stamp: a.Stamp, Address: a.Address})
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", a.Stamp, err)
	}
	for _, e := range entries {
		if e.Stamp == a.Stamp && e.Deleted.IsZero() {
			return cr.claimed(ctx, a, e)
		}
	}
	if len(entries) > 0 {
		return cr.rethink(), nil
	}
	return cr.send(ctx, a, rule, true)
}

// create creates the account of a line whose address was just found to be free.
func (cr *Creation) create(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error) {
	return cr.send(ctx, a, rule, false)
}

// send creates the user. After an earlier try (again), an address that is taken may be the line's
// own user, not visible yet: then it waits.
func (cr *Creation) send(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule, again bool) (provisioning.Change, error) {
	e, err := cr.post(ctx, a, rule)
	switch {
	case err == nil && !e.Created.IsZero(): // it existed already
		return cr.claimed(ctx, a, e)
	case err == nil:
		return cr.created(e), nil
	case problem.ReasonOf(err) == provisioning.DirectoryAddressTaken && again:
		return nil, fmt.Errorf("wait to see who has the address of %s: %w", a.Stamp, err)
	case problem.ReasonOf(err) == provisioning.DirectoryAddressTaken:
		return cr.rethink(), nil
	}
	return nil, fmt.Errorf("create %s: %w", a.Stamp, err)
}

// post tries up to three passwords: Entra's banned list is not published.
func (cr *Creation) post(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Entry, error) {
	u := cr.newUser(ctx, a, rule)
	var e provisioning.Entry
	var err error
	for range 3 {
		if u.Password, err = secret.NewPassword(rand.Reader, a.Holder.DisplayName(), string(a.Address)); err != nil {
			return e, err
		}
		e, err = cr.Directory.Create(ctx, u)
		if problem.ReasonOf(err) != provisioning.DirectoryWeakPassword {
			break
		}
	}
	return e, err
}

// rethink returns the line to find, which looks up who has the address.
func (cr *Creation) rethink() provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		next, err := moves.Move(a, provisioning.AccountPending)
		if err != nil {
			return err
		}
		return tx.PutAccount(next)
	}
}

// license assigns the account's licence and groups. While the directory has not replicated the
// account, which may take minutes, the job is retried.
func (cr *Creation) license(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error) {
	if a.SKU != "" {
		err := cr.Directory.License(ctx, a.ObjectID, a.SKU)
		if problem.ReasonOf(err) == provisioning.DirectoryNoSeats {
			cr.Stock.Exhausted(a.SKU)
			return cr.reseat(rule), nil
		}
		if err != nil {
			return nil, fmt.Errorf("license %s: %w", a.Stamp, err)
		}
		cr.Stock.Used(a.SKU)
	}
	if len(rule.Groups) > 0 {
		if err := cr.Directory.Join(ctx, a.ObjectID, rule.Groups); err != nil {
			return nil, fmt.Errorf("join groups %s: %w", a.Stamp, err)
		}
	}
	return cr.licensed, nil
}

func (cr *Creation) licensed(tx provisioning.Tx, a provisioning.Account) error {
	next, err := moves.Move(a, provisioning.AccountLicensed)
	if err != nil {
		return err
	}
	next.LicensedAt = cr.Now()
	return errors.Join(tx.Leave(a.Stamp), cr.Executor.Put(tx, next, "account.licensed", map[string]string{"sku": a.SKU}))
}

// record writes the receipts row once the directory shows the account: the next step tells the
// requester that it can be used. If the database is unavailable only the row is delayed, in a job
// of its own; the line continues.
func (cr *Creation) record(ctx context.Context, a provisioning.Account, _ provisioning.TypeRule) (provisioning.Change, error) {
	if err := cr.Directory.Visible(ctx, a.ObjectID); err != nil {
		return nil, fmt.Errorf("see %s in the directory: %w", a.Stamp, err)
	}
	err := cr.Executor.PutReceipt(ctx, a)
	switch {
	case err == nil:
		return cr.recorded, nil
	case job.IsPermanent(err) || problem.CodeOf(err) == problem.CodeConflict || problem.CodeOf(err) == problem.CodeInvalid:
		return nil, job.Permanent(err)
	}
	cr.Log.WarnContext(ctx, "receipts row postponed", "stamp", a.Stamp, "err", err)
	return func(tx provisioning.Tx, a provisioning.Account) error {
		owed := job.Job{Kind: provisioning.JobReceipt, Key: string(a.Stamp), Lane: string(a.Folio()), Due: cr.Now()}
		return errors.Join(tx.Enqueue(owed), cr.announced(tx, a))
	}, nil
}

func (cr *Creation) recorded(tx provisioning.Tx, a provisioning.Account) error {
	next, err := moves.Move(a, provisioning.AccountRecorded)
	if err != nil {
		return err
	}
	next.RecordedAt = cr.Now()
	return cr.Executor.Put(tx, next, "account.recorded", nil)
}

func (cr *Creation) announce(context.Context, provisioning.Account, provisioning.TypeRule) (provisioning.Change, error) {
	return cr.announced, nil
}

// announced ends the line and notifies the requester: of each account of a small request, of a list
// when it is complete.
func (cr *Creation) announced(tx provisioning.Tx, a provisioning.Account) error {
	next, err := moves.Move(a, provisioning.AccountAnnounced)
	if err != nil {
		return err
	}
	next.AnnouncedAt = cr.Now()
	return errors.Join(cr.Executor.TellLine(tx, a, provisioning.NoticeReady), cr.Executor.Put(tx, next, "account.announced", nil))
}
