package provisioning

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"time"
)

// TemporaryPasswords lets a requester show, for a while, a temporary password for an
// account made for them. Each showing sets a fresh one; none is ever kept.
type TemporaryPasswords struct {
	Store       Store
	Credentials Credentials
	Rules       *Rules
	Now         func() time.Time
}

const (
	// lookBack bounds how long a showing waits to see its password's date.
	lookBack = 3 * time.Second
	// trialTakes is how long after its beginning a setting may still be done, though
	// nobody waits for it: longer than a request to the directory may take.
	trialTakes = 2 * time.Minute
	// trialLikely is until when it is likely done, or never will be, where the process died
	// before it was answered: a click waits no longer than half of that.
	trialLikely = 25 * time.Second
)

// Reveal sets a fresh temporary password for the account and returns it, to be
// shown to by and nobody else. It refuses, with CodeForbidden, who did not ask for
// the account; with CodeConflict once it was handed over, used by its owner, or
// too long ago; with CodeLimited too often, or a moment after another; with
// CodeUnavailable while the directory does not tell whether its owner has changed it.
//
// A password is returned only once it is written down when it was set: a later change
// is its owner's, and one that was never returned is nobody's.
func (h *TemporaryPasswords) Reveal(ctx context.Context, s Stamp, by Actor) (Account, Password, error) {
	a, err := h.check(ctx, s, by)
	if err != nil {
		return a, Password{}, err
	}
	looked := h.Now()
	before, err := h.untouched(ctx, a)
	if err != nil {
		return a, Password{}, err
	}
	fresh, err := NewPassword(rand.Reader, a.Holder.DisplayName(), string(a.Address))
	if err != nil {
		return a, Password{}, fmt.Errorf("draw a password: %w", err)
	}
	if a, err = h.begin(ctx, a, before, by); err != nil {
		return a, Password{}, err
	}
	tried := a
	at, err := h.Credentials.SetPassword(ctx, a.ObjectID, fresh)
	if err == nil {
		a, err = h.confirm(ctx, a, before, at)
	}
	if err != nil {
		unshown := h.failed(ctx, tried, h.clockOf(before).Add(h.Now().Sub(looked)), err)
		return a, Password{}, errors.Join(fmt.Errorf("set a temporary password for %s: %w", s, h.early(a, err)), unshown)
	}
	return a, fresh, nil
}

// failed writes down that nobody saw the password of a trial which ended so at the time, by
// the directory's clock: whoever changes the password from then on does so on their own.
func (h *TemporaryPasswords) failed(ctx context.Context, tried Account, at time.Time, cause error) error {
	over := tried.Handover.Trial.ended(at, ctx.Err() != nil, cause)
	_, err := h.alter(context.WithoutCancel(ctx), tried.Stamp, func(hand *Handover) {
		hand.Reveals--
		if hand.Trial.Until.Equal(tried.Handover.Trial.Until) { // else another was begun meanwhile
			hand.Trial.Likely, hand.Trial.Until = over.Likely, over.Until
		}
	})
	return err
}

// mayReveal returns nil where the requester may still be shown a password, as far as is
// known without asking the directory.
func (h *TemporaryPasswords) mayReveal(a Account, requester, by Actor) error {
	r, limits, now := a.Handover, h.Rules.Limits, h.Now()
	switch {
	case by.ID == "" || requester.ID != by.ID:
		return Refuse(CodeForbidden, "authority.requester")
	case a.State != AccountAnnounced:
		return Refuse(CodeConflict, "password.not_ready")
	case r.Done:
		return Refuse(CodeConflict, "password.done")
	case r.Used:
		return Refuse(CodeConflict, "password.used")
	case r.Trial.Unclear:
		return Refuse(CodeConflict, "password.unclear")
	case now.Sub(a.AnnouncedAt) > limits.RevealWithin:
		return Refuse(CodeConflict, "password.expired")
	case r.Reveals >= limits.Reveals:
		return Refuse(CodeLimited, "password.limit")
	case now.Sub(r.ShownAt) < limits.RevealInterval:
		return Refuse(CodeLimited, "password.wait")
	}
	return nil
}

// Remaining returns until when, and how often, the requester may still be shown a password,
// and why not at all any more, as far as is known without asking the directory; nil where
// they may, if only in a moment.
func (h *TemporaryPasswords) Remaining(a Account, requester Actor) (until time.Time, left int, closed error) {
	limits := h.Rules.Limits
	if err := h.mayReveal(a, requester, requester); err != nil && ReasonOf(err) != "password.wait" {
		closed = err
	}
	return a.AnnouncedAt.Add(limits.RevealWithin), limits.Reveals - a.Handover.Reveals, closed
}

// untouched refuses once the account's owner has signed in or changed the
// password: from then on it is theirs alone. It returns the account as it is.
func (h *TemporaryPasswords) untouched(ctx context.Context, a Account) (Entry, error) {
	e, err := h.Credentials.Entry(ctx, a.ObjectID)
	if err != nil {
		return e, fmt.Errorf("look at %s: %w", a.Stamp, h.early(a, err))
	}
	switch passwordOf(a, e) {
	case ownersPassword:
		_, err = h.alter(ctx, a.Stamp, func(hand *Handover) { hand.Used = true })
		return e, errors.Join(err, Refuse(CodeConflict, "password.used"))
	case unclearPassword:
		_, err = h.alter(ctx, a.Stamp, func(hand *Handover) { hand.Trial.Unclear = true })
		return e, errors.Join(err, Refuse(CodeConflict, "password.unclear"))
	case unseenPassword:
		return e, Refuse(CodeUnavailable, "password.unseen")
	}
	return e, nil
}

// early returns DirectoryNotReady for an account made lately that the directory does
// not find: it may not be everywhere yet, and whoever asks may ask again.
func (h *TemporaryPasswords) early(a Account, err error) error {
	if ReasonOf(err) == DirectoryNotFound && h.Now().Sub(a.CreatedAt) < Lately {
		return Refuse(CodeUnavailable, DirectoryNotReady)
	}
	return err
}

// begin writes down that a password is about to be set: before it is, so that no crash
// makes the limits generous, or a change of ours look like another's. Of two clicks at
// once one is refused: the other has changed what the directory was asked about.
func (h *TemporaryPasswords) begin(ctx context.Context, seen Account, before Entry, by Actor) (Account, error) {
	var a Account
	err := h.Store.Update(ctx, func(tx Tx) (err error) {
		if a, err = h.allowed(tx, seen.Stamp, by); err != nil {
			return err
		}
		if had := seen.Handover; a.Handover.Reveals != had.Reveals || !a.Handover.ShownAt.Equal(had.ShownAt) {
			return Refuse(CodeLimited, "password.wait")
		}
		a.Handover.Reveals++
		a.Handover.ShownAt = h.Now()
		began := h.clockOf(before)
		a.Handover.Trial = Trial{Before: before.PasswordSetAt, Likely: began.Add(trialLikely), Until: began.Add(trialTakes)}
		entry := Entered{At: h.Now(), By: by, Act: "password.reveal", Folio: a.Folio(), Stamp: a.Stamp}
		return errors.Join(tx.PutAccount(a), tx.Record(entry))
	})
	return a, err
}

// clockOf returns the directory's time of a look at it, or ours where it told none.
func (h *TemporaryPasswords) clockOf(e Entry) time.Time {
	if e.AsOf.IsZero() {
		return h.Now()
	}
	return e.AsOf
}

// confirm writes down when the password was set: as the directory shows it or, where it
// is late to, does not answer or shows an older change, between the look before and the
// answer at. Nobody knows the password yet, so that a change seen here is ours.
func (h *TemporaryPasswords) confirm(ctx context.Context, a Account, before Entry, at time.Time) (Account, error) {
	short, cancel := context.WithTimeout(ctx, lookBack)
	defer cancel()
	from, until := before.AsOf, at.Add(clockSpread)
	if !from.IsZero() {
		from = from.Add(-clockSpread)
	}
	e, err := h.Credentials.Entry(short, a.ObjectID)
	switch {
	case err == nil && e.PasswordSetAt.After(before.PasswordSetAt):
		from, until = e.PasswordSetAt, e.PasswordSetAt
	case at.IsZero():
		return a, Refuse(CodeUnavailable, "password.unseen")
	}
	return h.alter(context.WithoutCancel(ctx), a.Stamp, func(hand *Handover) {
		hand.SetFrom, hand.SetAt, hand.Trial = from, until, Trial{}
	})
}

// Done closes the showing: the requester says that the password was handed over. It is
// CodeConflict before the account was announced.
func (h *TemporaryPasswords) Done(ctx context.Context, s Stamp, by Actor) (Account, error) {
	var a Account
	err := h.Store.Update(ctx, func(tx Tx) error {
		r, err := tx.Request(s.Folio())
		if err != nil {
			return err
		}
		if r.Requester.ID != by.ID {
			return Refuse(CodeForbidden, "authority.requester")
		}
		if a, err = tx.Account(s); err != nil || a.Handover.Done {
			return err
		}
		if a.State != AccountAnnounced {
			return Refuse(CodeConflict, "password.not_ready") // there was nothing to hand over, and there would never be
		}
		a.Handover.Done = true
		entry := Entered{At: h.Now(), By: by, Act: "password.done", Folio: a.Folio(), Stamp: s}
		return errors.Join(tx.PutAccount(a), tx.Record(entry))
	})
	return a, err
}

// check is allowed, in a transaction of its own.
func (h *TemporaryPasswords) check(ctx context.Context, s Stamp, by Actor) (Account, error) {
	var a Account
	err := h.Store.View(ctx, func(tx Tx) (err error) {
		a, err = h.allowed(tx, s, by)
		return err
	})
	return a, err
}

// allowed reads the line, if by may be shown a password for it.
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

// alter changes what is known of a line's password.
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
