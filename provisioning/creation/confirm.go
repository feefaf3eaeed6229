package creation

import (
	"context"
	"errors"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Confirm checks whether an account that the line's trouble lists, by its object id, may still be
// the holder's. It is AttentionChanged if the account is gone, has another address, name or stamp,
// or is another holder's by our lines or the receipts; CodeUnavailable while the directory or the
// receipts do not answer; CodeConflict "attention.settled" if the trouble does not list it.
func (cr *Creation) Confirm(ctx context.Context, a provisioning.Account, objectID string) error {
	settled := problem.Refuse(problem.CodeConflict, "attention.settled", "stamp", string(a.Stamp))
	if a.Trouble == nil {
		return settled
	}
	seen, ok := a.Trouble.Entry(objectID)
	if !ok {
		return settled
	}
	e, err := cr.sight(ctx, a, seen)
	if err != nil {
		return err
	}
	m, err := cr.remember(ctx, a)
	if err != nil {
		return err
	}
	k, err := cr.tie(ctx, a, &m, e)
	switch {
	case m.away != nil:
		return &problem.Error{Code: problem.CodeUnavailable, Reason: "attention.receipts_away", Err: errors.Join(m.away, err)}
	case err != nil:
		return err
	case k == otherHolder, k == someStamp:
		return provisioning.Changed(a.Stamp)
	}
	return nil
}

// sight returns an account as the directory has it now; AttentionChanged if it differs from seen.
func (cr *Creation) sight(ctx context.Context, a provisioning.Account, seen provisioning.Entry) (provisioning.Entry, error) {
	entries, err := cr.Directory.Find(ctx, provisioning.Lookup{Address: seen.Address})
	if err != nil && !isUnread(err) {
		return provisioning.Entry{}, &problem.Error{Code: problem.CodeUnavailable, Reason: provisioning.DirectoryUnavailable, Err: err}
	}
	i := slices.IndexFunc(entries, func(e provisioning.Entry) bool { return e.ID == seen.ID })
	switch {
	case i < 0 && err != nil:
		return provisioning.Entry{}, err // it may be in the part of the recycle bin that was not read
	case i < 0:
		return provisioning.Entry{}, provisioning.Changed(a.Stamp)
	}
	e := entries[i]
	gone := seen.Deleted.IsZero() && !e.Deleted.IsZero()
	if gone || e.Address != seen.Address || e.Stamp != seen.Stamp || e.DisplayName != seen.DisplayName {
		return e, provisioning.Changed(a.Stamp)
	}
	return e, nil
}
