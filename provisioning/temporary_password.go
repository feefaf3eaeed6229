package provisioning

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/secret"
)

// TemporaryPasswords lets a requester show, for a limited time, a temporary password for an account
// created for them. Each showing sets a new password; none is stored.
type TemporaryPasswords struct {
	Store       Store
	Credentials Credentials
	Rules       *Rules
	Now         func() time.Time
}

const (
	// lookBack is how long a showing waits to read the new password's date from the directory.
	lookBack = 3 * time.Second
	// trialTakes is how long after it began a setting may still take effect, even if its caller has
	// left: longer than a request to the directory may take.
	trialTakes = 2 * time.Minute
	// trialLikely is how long after it began a setting without an answer, because the process died,
	// has most likely taken effect or never will: a click waits no longer than half of it.
	trialLikely = 25 * time.Second
)

// Reveal sets a new temporary password for the account and returns it, to be shown only to by. It
// is CodeForbidden if by is not the requester; CodeConflict if the password was handed over, used
// by the account's owner, or announced too long ago; CodeLimited after too many showings, or too
// soon after the last; CodeUnavailable while the directory does not show whether the owner has
// changed it.
//
// A password is returned only after the time at which it was set is stored: a later change is then
// known to be the owner's, and a password that was not returned is known to nobody.
func (h *TemporaryPasswords) Reveal(ctx context.Context, s Stamp, by Actor) (Account, secret.Password, error) {
	a, err := h.check(ctx, s, by)
	if err != nil {
		return a, secret.Password{}, err
	}
	looked := h.Now()
	before, err := h.untouched(ctx, a)
	if err != nil {
		return a, secret.Password{}, err
	}
	fresh, err := secret.NewPassword(rand.Reader, a.Holder.DisplayName(), string(a.Address))
	if err != nil {
		return a, secret.Password{}, fmt.Errorf("draw a password: %w", err)
	}
	if a, err = h.begin(ctx, a, before, by); err != nil {
		return a, secret.Password{}, err
	}
	tried := a
	at, err := h.Credentials.SetPassword(ctx, a.ObjectID, fresh)
	if err == nil {
		a, err = h.confirm(ctx, a, before, at)
	}
	if err != nil {
		unshown := h.failed(ctx, tried, h.clockOf(before).Add(h.Now().Sub(looked)), err)
		return a, secret.Password{}, errors.Join(fmt.Errorf("set a temporary password for %s: %w", s, h.early(a, err)), unshown)
	}
	return a, fresh, nil
}

// failed records that the password of a trial was not shown. at is when it failed, in the
// directory's clock: later password changes were made by others.
func (h *TemporaryPasswords) failed(ctx context.Context, tried Account, at time.Time, cause error) error {
	over := tried.Handover.Trial.ended(at, ctx.Err() != nil, cause)
	_, err := h.alter(context.WithoutCancel(ctx), tried.Stamp, func(hand *Handover) {
		hand.Reveals--
		if hand.Trial.Until.Equal(tried.Handover.Trial.Until) { // otherwise another trial has begun
			hand.Trial.Likely, hand.Trial.Until = over.Likely, over.Until
		}
	})
	return err
}

// mayReveal returns nil if the requester may still be shown a password, without asking the
// directory.
func (h *TemporaryPasswords) mayReveal(a Account, requester, by Actor) error {
	r, limits, now := a.Handover, h.Rules.Limits, h.Now()
	switch {
	case by.ID == "" || requester.ID != by.ID:
		return problem.Refuse(problem.CodeForbidden, "authority.requester")
	case !a.ErasedAt.IsZero():
		return problem.Refuse(problem.CodeConflict, "password.erased")
	case a.State != AccountAnnounced:
		return problem.Refuse(problem.CodeConflict, "password.not_ready")
	case r.Done:
		return problem.Refuse(problem.CodeConflict, "password.done")
	case r.Used:
		return problem.Refuse(problem.CodeConflict, "password.used")
	case r.Trial.Unclear:
		return problem.Refuse(problem.CodeConflict, "password.unclear")
	case now.Sub(a.AnnouncedAt) > limits.RevealWithin:
		return problem.Refuse(problem.CodeConflict, "password.expired")
	case r.Reveals >= limits.Reveals:
		return problem.Refuse(problem.CodeLimited, "password.limit")
	case now.Sub(r.ShownAt) < limits.RevealInterval:
		return problem.Refuse(problem.CodeLimited, "password.wait")
	}
	return nil
}

// Remaining returns until when, and how many times, the requester may still be shown a password.
// closed says why it is no longer possible; it is nil if it is, even if only after a short wait.
// The directory is not asked.
func (h *TemporaryPasswords) Remaining(a Account, requester Actor) (until time.Time, left int, closed error) {
	limits := h.Rules.Limits
	if err := h.mayReveal(a, requester, requester); err != nil && problem.ReasonOf(err) != "password.wait" {
		closed = err
	}
	return a.AnnouncedAt.Add(limits.RevealWithin), limits.Reveals - a.Handover.Reveals, closed
}

// untouched returns the account's entry, or an error once its owner has signed in or changed the
// password: from then on no password is set.
func (h *TemporaryPasswords) untouched(ctx context.Context, a Account) (Entry, error) {
	e, err := h.Credentials.Entry(ctx, a.ObjectID)
	if err != nil {
		return e, fmt.Errorf("look at %s: %w", a.Stamp, h.early(a, err))
	}
	switch passwordOf(a, e) {
	case ownersPassword:
		_, err = h.alter(ctx, a.Stamp, func(hand *Handover) { hand.Used = true })
		return e, errors.Join(err, problem.Refuse(problem.CodeConflict, "password.used"))
	case unclearPassword:
		_, err = h.alter(ctx, a.Stamp, func(hand *Handover) { hand.Trial.Unclear = true })
		return e, errors.Join(err, problem.Refuse(problem.CodeConflict, "password.unclear"))
	case unseenPassword:
		return e, problem.Refuse(problem.CodeUnavailable, "password.unseen")
	}
	return e, nil
}

// early returns DirectoryNotReady instead of "not found" for a recently created account, which may
// not be replicated yet.
func (h *TemporaryPasswords) early(a Account, err error) error {
	if problem.ReasonOf(err) == DirectoryNotFound && h.Now().Sub(a.CreatedAt) < Lately {
		return problem.Refuse(problem.CodeUnavailable, DirectoryNotReady)
	}
	return err
}

// begin records that a password is about to be set. It does so before the setting, so that after a
// crash the limits still count it and the change is not taken for another person's. Of two
// simultaneous clicks one is refused, because the state that it read has changed.
func (h *TemporaryPasswords) begin(ctx context.Context, seen Account, before Entry, by Actor) (Account, error) {
	var a Account
	err := h.Store.Update(ctx, func(tx Tx) (err error) {
		if a, err = h.allowed(tx, seen.Stamp, by); err != nil {
			return err
		}
		if had := seen.Handover; a.Handover.Reveals != had.Reveals || !a.Handover.ShownAt.Equal(had.ShownAt) {
			return problem.Refuse(problem.CodeLimited, "password.wait")
		}
		a.Handover.Reveals++
		a.Handover.ShownAt = h.Now()
		began := h.clockOf(before)
		a.Handover.Trial = Trial{Before: before.PasswordSetAt, Likely: began.Add(trialLikely), Until: began.Add(trialTakes)}
		entry := Entered{At: h.Now(), By: by, Act: "password.reveal", Folio: a.Folio(), Stamp: a.Stamp, Before: string(a.State), After: string(a.State)}
		return errors.Join(tx.PutAccount(a), tx.Record(entry))
	})
	return a, err
}

// Replace sets a password that nobody learns in place of that of an account that existed, and
// returns what is then known of it, without storing that: between which times it was set. The
// directory's date is not read, as it may be that of an earlier try. Repeating it sets another.
// Errors are those of Credentials.
func (h *TemporaryPasswords) Replace(ctx context.Context, a Account) (Handover, error) {
	before, err := h.Credentials.Entry(ctx, a.ObjectID)
	if err != nil {
		return Handover{}, fmt.Errorf("look at %s: %w", a.ObjectID, err)
	}
	fresh, err := secret.NewPassword(rand.Reader, a.Holder.DisplayName(), string(a.Address))
	if err != nil {
		return Handover{}, fmt.Errorf("draw a password: %w", err)
	}
	at, err := h.Credentials.SetPassword(ctx, a.ObjectID, fresh)
	if err != nil {
		return Handover{}, fmt.Errorf("replace the password of %s: %w", a.ObjectID, err)
	}
	if at.IsZero() { // the directory did not state its time
		at = h.Now()
	}
	from, until := before.AsOf.Add(-clockSpread), at.Add(clockSpread)
	if before.AsOf.IsZero() {
		from = before.PasswordSetAt.Add(time.Second)
	}
	return Handover{Since: until, SetFrom: from, SetAt: until}, nil
}

// clockOf returns the directory's time of reading an entry, or ours if it did not state it.
func (h *TemporaryPasswords) clockOf(e Entry) time.Time {
	if e.AsOf.IsZero() {
		return h.Now()
	}
	return e.AsOf
}

// confirm records when the password was set.
func (h *TemporaryPasswords) confirm(ctx context.Context, a Account, before Entry, at time.Time) (Account, error) {
	from, until, err := h.setBetween(ctx, a, before, at)
	if err != nil {
		return a, err
	}
	return h.alter(context.WithoutCancel(ctx), a.Stamp, func(hand *Handover) {
		hand.SetFrom, hand.SetAt, hand.Trial = from, until, Trial{}
	})
}

// setBetween returns when the password was set, in the directory's clock. That is the date in the
// directory; if the directory is late, does not answer or shows an older change, it is between the
// entry read before and at, the time of the answer. Nobody knows the password yet, so a change seen
// here is ours.
func (h *TemporaryPasswords) setBetween(ctx context.Context, a Account, before Entry, at time.Time) (from, until time.Time, err error) {
	short, cancel := context.WithTimeout(ctx, lookBack)
	defer cancel()
	from, until = before.AsOf, at.Add(clockSpread)
	if !from.IsZero() {
		from = from.Add(-clockSpread)
	}
	e, err := h.Credentials.Entry(short, a.ObjectID)
	switch {
	case err == nil && e.PasswordSetAt.After(before.PasswordSetAt):
		from, until = e.PasswordSetAt, e.PasswordSetAt
	case at.IsZero():
		return from, until, problem.Refuse(problem.CodeUnavailable, "password.unseen")
	}
	return from, until, nil
}

// Done records the requester's confirmation that the password was handed over; none is shown after
// it. It is CodeForbidden for anyone else, CodeConflict before the account was announced.
func (h *TemporaryPasswords) Done(ctx context.Context, s Stamp, by Actor) (Account, error) {
	var a Account
	err := h.Store.Update(ctx, func(tx Tx) error {
		r, err := tx.Request(s.Folio())
		if err != nil {
			return err
		}
		if r.Requester.ID != by.ID {
			return problem.Refuse(problem.CodeForbidden, "authority.requester")
		}
		if a, err = tx.Account(s); err != nil || a.Handover.Done {
			return err
		}
		if a.State != AccountAnnounced {
			return problem.Refuse(problem.CodeConflict, "password.not_ready") // nothing was handed over yet, and Done would prevent it
		}
		a.Handover.Done, a.Handover.DoneAt = true, h.Now()
		entry := Entered{At: h.Now(), By: by, Act: "password.done", Folio: a.Folio(), Stamp: s, Before: string(a.State), After: string(a.State)}
		return errors.Join(tx.PutAccount(a), tx.Record(entry), tx.Enqueue(job.Job{Kind: JobCards, Key: string(r.Folio), Due: h.Now()}))
	})
	return a, err
}

// check is allowed in its own transaction.
func (h *TemporaryPasswords) check(ctx context.Context, s Stamp, by Actor) (Account, error) {
	var a Account
	err := h.Store.View(ctx, func(tx Tx) (err error) {
		a, err = h.allowed(tx, s, by)
		return err
	})
	return a, err
}

// allowed reads the line; an error if by may not be shown a password for it.
func (h *TemporaryPasswords) allowed(tx Tx, s Stamp, by Actor) (Account, error) {
	r, err := tx.Request(s.Folio())
	if err != nil {
		return Account{}, err
	}
	a, err := tx.Account(s)
	if err != nil {
		return a, err
	}
	return a, h.mayReveal(a, r.Requester, by)
}

// alter changes the Handover of a line.
func (h *TemporaryPasswords) alter(ctx context.Context, s Stamp, change func(*Handover)) (a Account, err error) {
	err = h.Store.Update(ctx, func(tx Tx) error {
		if a, err = tx.Account(s); err != nil {
			return err
		}
		change(&a.Handover)
		return tx.PutAccount(a)
	})
	return a, err
}
