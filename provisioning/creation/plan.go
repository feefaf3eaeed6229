package creation

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// adopt is the change to a line whose account was found to be there, of its own making.
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

// created is the change to a line whose account is made.
func (cr *Creation) created(e provisioning.Entry) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		if a.State == provisioning.AccountPending {
			a.State = provisioning.AccountReserved // found made before we knew: the step between is implied
		}
		next, err := a.To(provisioning.AccountCreated)
		if err != nil {
			return err
		}
		if e.Created.IsZero() {
			e.Created = cr.Now() // made just now: the directory's answer does not say when
		}
		next = next.With(e)
		return cr.Executor.Put(tx, next, "account.created", map[string]string{"address": string(e.Address), "objectId": e.ID})
	}
}

// claimed goes on with an account that bears the line's stamp, if it is of its making.
func (cr *Creation) claimed(ctx context.Context, a provisioning.Account, e provisioning.Entry) (provisioning.Change, error) {
	if err := cr.ours(ctx, a, e); err != nil {
		return nil, err
	}
	return cr.adopt(e), nil
}

// recreate goes on with a line that may have been sent already: what it made is
// adopted; what else turns up sends it back to find.
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

// create makes the account of a line that was just found to be free.
func (cr *Creation) create(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error) {
	return cr.send(ctx, a, rule, false)
}

// send asks the directory for the account. Where an earlier try may have worked,
// an address that is taken may be our own, not yet visible: wait until it is.
func (cr *Creation) send(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule, again bool) (provisioning.Change, error) {
	e, err := cr.post(ctx, a, rule)
	switch {
	case err == nil && !e.Created.IsZero(): // it was there
		return cr.claimed(ctx, a, e)
	case err == nil:
		return cr.created(e), nil
	case provisioning.ReasonOf(err) == provisioning.DirectoryAddressTaken && again:
		return nil, fmt.Errorf("wait to see who has the address of %s: %w", a.Stamp, err)
	case provisioning.ReasonOf(err) == provisioning.DirectoryAddressTaken:
		return cr.rethink(), nil
	}
	return nil, fmt.Errorf("create %s: %w", a.Stamp, err)
}

// post tries a few passwords: Entra's banned list is not published.
func (cr *Creation) post(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Entry, error) {
	u := cr.newUser(ctx, a, rule)
	var e provisioning.Entry
	var err error
	for range 3 {
		if u.Password, err = provisioning.NewPassword(rand.Reader, a.Holder.DisplayName(), string(a.Address)); err != nil {
			return e, err
		}
		e, err = cr.Directory.Create(ctx, u)
		if provisioning.ReasonOf(err) != provisioning.DirectoryWeakPassword {
			break
		}
	}
	return e, err
}

// rethink sends the line back to find, which looks at who has the address.
func (cr *Creation) rethink() provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		next, err := a.To(provisioning.AccountPending)
		if err != nil {
			return err
		}
		return tx.PutAccount(next)
	}
}

// license gives the account its licence and groups. The directory may not know it
// everywhere for minutes: then the job comes back.
func (cr *Creation) license(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error) {
	if a.SKU != "" {
		err := cr.Directory.License(ctx, a.ObjectID, a.SKU)
		if provisioning.ReasonOf(err) == provisioning.DirectoryNoSeats {
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
	next, err := a.To(provisioning.AccountLicensed)
	if err != nil {
		return err
	}
	next.LicensedAt = cr.Now()
	return errors.Join(tx.Leave(a.Stamp), cr.Executor.Put(tx, next, "account.licensed", map[string]string{"sku": a.SKU}))
}

// record writes the receipts row, once the directory shows the account: what follows
// tells people that they may use it. The database being away delays nothing but the
// row: it is owed by a job of its own, and the line goes on.
func (cr *Creation) record(ctx context.Context, a provisioning.Account, _ provisioning.TypeRule) (provisioning.Change, error) {
	if err := cr.Directory.Visible(ctx, a.ObjectID); err != nil {
		return nil, fmt.Errorf("see %s in the directory: %w", a.Stamp, err)
	}
	err := cr.Executor.PutReceipt(ctx, a)
	switch {
	case err == nil:
		return cr.recorded, nil
	case job.IsPermanent(err) || provisioning.CodeOf(err) == provisioning.CodeConflict || provisioning.CodeOf(err) == provisioning.CodeInvalid:
		return nil, job.Permanent(err)
	}
	cr.Log.WarnContext(ctx, "receipt owed", "stamp", a.Stamp, "err", err)
	return func(tx provisioning.Tx, a provisioning.Account) error {
		owed := job.Job{Kind: provisioning.JobReceipt, Key: string(a.Stamp), Lane: string(a.Folio()), Due: cr.Now()}
		return errors.Join(tx.Enqueue(owed), cr.announced(tx, a))
	}, nil
}

func (cr *Creation) recorded(tx provisioning.Tx, a provisioning.Account) error {
	next, err := a.To(provisioning.AccountRecorded)
	if err != nil {
		return err
	}
	next.RecordedAt = cr.Now()
	return cr.Executor.Put(tx, next, "account.recorded", nil)
}

func (cr *Creation) announce(context.Context, provisioning.Account, provisioning.TypeRule) (provisioning.Change, error) {
	return cr.announced, nil
}

// announced ends the line: its requester is told, of each account in a small
// request, of a list when it is complete.
func (cr *Creation) announced(tx provisioning.Tx, a provisioning.Account) error {
	next, err := a.To(provisioning.AccountAnnounced)
	if err != nil {
		return err
	}
	next.AnnouncedAt = cr.Now()
	return errors.Join(cr.Executor.TellLine(tx, a, provisioning.NoticeReady), cr.Executor.Put(tx, next, "account.announced", nil))
}
