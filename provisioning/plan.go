package provisioning

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// adopt is the change to a line whose account was found to be there, of its own making.
func (p *Executor) adopt(e Entry) change {
	return func(tx Tx, a Account) error {
		if e.Address != a.Address {
			if err := errors.Join(tx.Release(a.Address, a.Stamp), tx.Reserve(e.Address, a.Stamp)); err != nil {
				return forGood(err)
			}
		}
		return p.created(e)(tx, a)
	}
}

// created is the change to a line whose account is made.
func (p *Executor) created(e Entry) change {
	return func(tx Tx, a Account) error {
		if a.State == AccountPending {
			a.State = AccountReserved // found made before we knew: the step between is implied
		}
		next, err := a.To(AccountCreated)
		if err != nil {
			return err
		}
		if e.Created.IsZero() {
			e.Created = p.Now() // made just now: the directory's answer does not say when
		}
		next = next.with(e)
		return p.put(tx, next, "account.created", map[string]string{"address": string(e.Address), "objectId": e.ID})
	}
}

// claimed goes on with an account that bears the line's stamp, if it is of its making.
func (p *Executor) claimed(ctx context.Context, a Account, e Entry) (change, error) {
	if err := p.ours(ctx, a, e); err != nil {
		return nil, err
	}
	return p.adopt(e), nil
}

// recreate goes on with a line that may have been sent already: what it made is
// adopted; what else turns up sends it back to find.
func (p *Executor) recreate(ctx context.Context, a Account, rule TypeRule) (change, error) {
	entries, err := p.Directory.Find(ctx, Lookup{Stamp: a.Stamp, Address: a.Address})
	if err != nil {
		return nil, fmt.Errorf("look up %s: %w", a.Stamp, err)
	}
	for _, e := range entries {
		if e.Stamp == a.Stamp && e.Deleted.IsZero() {
			return p.claimed(ctx, a, e)
		}
	}
	if len(entries) > 0 {
		return p.rethink(), nil
	}
	return p.send(ctx, a, rule, true)
}

// create makes the account of a line that was just found to be free.
func (p *Executor) create(ctx context.Context, a Account, rule TypeRule) (change, error) {
	return p.send(ctx, a, rule, false)
}

// send asks the directory for the account. Where an earlier try may have worked,
// an address that is taken may be our own, not yet visible: wait until it is.
func (p *Executor) send(ctx context.Context, a Account, rule TypeRule, again bool) (change, error) {
	e, err := p.post(ctx, a, rule)
	switch {
	case err == nil && !e.Created.IsZero(): // it was there
		return p.claimed(ctx, a, e)
	case err == nil:
		return p.created(e), nil
	case ReasonOf(err) == DirectoryAddressTaken && again:
		return nil, fmt.Errorf("wait to see who has the address of %s: %w", a.Stamp, err)
	case ReasonOf(err) == DirectoryAddressTaken:
		return p.rethink(), nil
	}
	return nil, fmt.Errorf("create %s: %w", a.Stamp, err)
}

// post tries a few passwords: Entra's banned list is not published.
func (p *Executor) post(ctx context.Context, a Account, rule TypeRule) (Entry, error) {
	u := p.newUser(ctx, a, rule)
	var e Entry
	var err error
	for range 3 {
		if u.Password, err = NewPassword(rand.Reader, a.Holder.DisplayName(), string(a.Address)); err != nil {
			return e, err
		}
		e, err = p.Directory.Create(ctx, u)
		if ReasonOf(err) != DirectoryWeakPassword {
			break
		}
	}
	return e, err
}

// rethink sends the line back to find, which looks at who has the address.
func (p *Executor) rethink() change {
	return func(tx Tx, a Account) error {
		next, err := a.To(AccountPending)
		if err != nil {
			return err
		}
		return tx.PutAccount(next)
	}
}

// license gives the account its licence and groups. The directory may not know it
// everywhere for minutes: then the job comes back.
func (p *Executor) license(ctx context.Context, a Account, rule TypeRule) (change, error) {
	if needsSeat(a, rule) {
		return nil, errParked // in the queue
	}
	if a.SKU != "" {
		err := p.Directory.License(ctx, a.ObjectID, a.SKU)
		if ReasonOf(err) == DirectoryNoSeats {
			p.Stock.Exhausted(a.SKU)
			return p.reseat(rule), nil
		}
		if err != nil {
			return nil, fmt.Errorf("license %s: %w", a.Stamp, err)
		}
		p.Stock.Used(a.SKU)
	}
	if len(rule.Groups) > 0 {
		if err := p.Directory.Join(ctx, a.ObjectID, rule.Groups); err != nil {
			return nil, fmt.Errorf("join groups %s: %w", a.Stamp, err)
		}
	}
	return p.licensed, nil
}

func (p *Executor) licensed(tx Tx, a Account) error {
	next, err := a.To(AccountLicensed)
	if err != nil {
		return err
	}
	next.LicensedAt = p.Now()
	return errors.Join(tx.Leave(a.Stamp), p.put(tx, next, "account.licensed", map[string]string{"sku": a.SKU}))
}

// record writes the receipts row, once the directory shows the account: what follows
// tells people that they may use it. The database being away delays nothing but the
// row: it is owed by a job of its own, and the line goes on.
func (p *Executor) record(ctx context.Context, a Account, _ TypeRule) (change, error) {
	if err := p.Directory.Visible(ctx, a.ObjectID); err != nil {
		return nil, fmt.Errorf("see %s in the directory: %w", a.Stamp, err)
	}
	err := p.putReceipt(ctx, a)
	switch {
	case err == nil:
		return p.recorded, nil
	case job.IsPermanent(err) || CodeOf(err) == CodeConflict || CodeOf(err) == CodeInvalid:
		return nil, job.Permanent(err)
	}
	p.Log.WarnContext(ctx, "receipt owed", "stamp", a.Stamp, "err", err)
	return func(tx Tx, a Account) error {
		owed := job.Job{Kind: JobReceipt, Key: string(a.Stamp), Lane: string(a.Folio()), Due: p.Now()}
		return errors.Join(tx.Enqueue(owed), p.announced(tx, a))
	}, nil
}

func (p *Executor) recorded(tx Tx, a Account) error {
	next, err := a.To(AccountRecorded)
	if err != nil {
		return err
	}
	next.RecordedAt = p.Now()
	return p.put(tx, next, "account.recorded", nil)
}

func (p *Executor) announce(context.Context, Account, TypeRule) (change, error) {
	return p.announced, nil
}

// announced ends the line: its requester is told, of each account in a small
// request, of a list when it is complete.
func (p *Executor) announced(tx Tx, a Account) error {
	next, err := a.To(AccountAnnounced)
	if err != nil {
		return err
	}
	next.AnnouncedAt = p.Now()
	return errors.Join(p.tellLine(tx, a, NoticeReady), p.put(tx, next, "account.announced", nil))
}

// tellLine tells the requester of one line, unless it is one of a list.
func (p *Executor) tellLine(tx Tx, a Account, kind NoticeKind) error {
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	if r.Lines > urgentLines {
		return nil
	}
	return tellOnce(tx, r, kind, a.Stamp, p.Now())
}
