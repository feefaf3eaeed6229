package provisioning

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// Provisioner carries lines along the plan: find → reserve → create → license →
// record → announce. Each step is written down before the next begins, and each
// may be done again: what the directory or the receipts have already is found and
// kept.
type Provisioner struct {
	Store     Store
	Directory Directory
	Receipts  Receipts
	Stock     *StockRoom
	Centres   Catalogue // nil: people's work centres go by their CCT
	Rules     *Rules
	Now       func() time.Time
	Log       *slog.Logger

	rows absence // of the receipts
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
func (p *Provisioner) Line(ctx context.Context, j Job) error {
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
func (p *Provisioner) step(a Account, again bool) step {
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
func (p *Provisioner) take(ctx context.Context, a Account, do step) error {
	rule, ok := p.Rules.Types[a.Holder.Type]
	if !ok {
		return Permanent(Refuse(CodeInvalid, "trouble.type"))
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
func (p *Provisioner) load(ctx context.Context, s Stamp) (Account, error) {
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
	if CodeOf(err) == CodeNotFound && err != nil {
		return a, Permanent(err)
	}
	return a, err
}

// An uncertain answer of the directory gets so many tries, and so long since the
// line last moved, before a person is asked: well past the replication lag seen in
// practice. Tries alone say nothing, an outage before the step may have used them up.
const (
	patienceTries = 12
	patience      = 30 * time.Minute
)

// hopeless reports whether a step's failure will not mend by trying again. That of
// a system which is away always may.
func (p *Provisioner) hopeless(a Account, j Job, err error) bool {
	switch {
	case IsPermanent(err):
		return true
	case CodeOf(err) == CodeUnavailable && ReasonOf(err) != DirectoryNotReady:
		return false
	}
	return j.Attempt >= patienceTries && p.Now().Sub(a.movedAt()) >= patience
}

// movedAt returns when the line took its last step; zero before its first.
func (a Account) movedAt() time.Time {
	last := a.CreateSentAt
	for _, at := range []time.Time{a.CreatedAt, a.LicensedAt, a.RecordedAt} {
		if at.After(last) {
			last = at
		}
	}
	return last
}

// fail decides what a step's failure means for the line: wait and try again, or
// ask the head of department.
func (p *Provisioner) fail(ctx context.Context, a Account, j Job, err error) error {
	if !p.hopeless(a, j, err) {
		return err
	}
	t := p.trouble(ctx, a.Stamp, err)
	err = p.Store.Update(ctx, func(tx Tx) error {
		now, err := tx.Account(a.Stamp)
		if err != nil || now.State != a.State {
			return err
		}
		return p.toAttention(tx, now, *t)
	})
	if err != nil {
		return fmt.Errorf("put %s to attention: %w", a.Stamp, err)
	}
	return nil
}

// trouble logs a failure and returns what the head of department is told of it.
// about is a stamp or a folio.
func (p *Provisioner) trouble(ctx context.Context, about any, err error) *Trouble {
	t := troubleOf(err)
	t.Since, t.Ref = p.Now(), NewReference()
	p.Log.ErrorContext(ctx, "attention needed", "about", about, "reason", t.Reason, "ref", t.Ref, "err", err)
	return &t
}

// toAttention hands the line to the head of department; the rest of its request
// goes on.
func (p *Provisioner) toAttention(tx Tx, a Account, t Trouble) error {
	t.Resume = a.State
	a, err := a.To(AccountAttention)
	if err != nil {
		return err
	}
	a.Trouble = &t
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	return errors.Join(
		p.put(tx, a, "account.attention", map[string]string{"reason": t.Reason, "ref": t.Ref}),
		tellOnce(tx, r, NoticeAttention, "", p.Now()),
	)
}

// put writes a line with the audit entry of its move, and settles its request.
func (p *Provisioner) put(tx Tx, a Account, act string, detail map[string]string) error {
	return PutLine(tx, a, Entered{At: p.Now(), By: System, Act: act, Folio: a.Folio(), Stamp: a.Stamp, Detail: detail})
}

// PutLine writes a line and the audit entry of its move, and brings its request to
// the state that its lines make true. Cards are redrawn where people see a difference.
func PutLine(tx Tx, a Account, e Entered) error {
	if err := errors.Join(tx.PutAccount(a), tx.Record(e)); err != nil {
		return err
	}
	r, err := tx.Request(a.Folio())
	if err != nil {
		return err
	}
	tally, err := tx.Tally(r.Folio)
	if err != nil {
		return err
	}
	settled := r.Settle(tally, e.At)
	if settled.Version != r.Version {
		if err := tx.PutRequest(settled); err != nil {
			return err
		}
		if settled.State == StateAttention || r.State == StateAttention {
			if err := tx.Enqueue(Job{Kind: JobRemind, Key: string(r.Folio), Due: e.At}); err != nil {
				return err
			}
		}
		if settled.State == StateCompleted && r.Lines > 1 {
			if err := tellOnce(tx, settled, NoticeCompleted, "", e.At); err != nil {
				return err
			}
		}
	}
	if settled.Version == r.Version && !a.State.Final() && a.State != AccountAttention {
		return nil
	}
	return tx.Enqueue(Job{Kind: JobCards, Key: string(r.Folio), Urgent: r.Lines <= urgentLines, Due: cardsDue(settled, e.At)})
}

// cardsDue spaces the redrawing of a list's cards while its lines pass by.
func cardsDue(r Request, now time.Time) time.Time {
	if r.Lines <= urgentLines || r.State == StateCompleted {
		return now
	}
	return now.Add(5 * time.Second)
}

// tellOnce is tell for what a person is told once a round.
func tellOnce(tx Tx, r Request, kind NoticeKind, s Stamp, at time.Time) error {
	once := fmt.Sprintf("%s/%d/%s/%s", r.Folio, r.Round, kind, s)
	return errors.Join(
		tx.Post(Notice{To: r.Requester.ID, Kind: kind, Folio: r.Folio, Stamp: s, At: at, Once: once}),
		tx.Enqueue(Job{Kind: JobNotices, Key: r.Requester.ID, Urgent: true, Due: at}),
	)
}

// NewReference returns a short random number that ties what a person was told to
// the log line with the cause, "7K3F-Q2MD".
func NewReference() string {
	t := rand.Text()
	return t[:4] + "-" + t[4:8]
}
