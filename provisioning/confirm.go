package provisioning

import (
	"context"
	"errors"
	"slices"
)

// AttentionChanged is the reason of a CodeConflict: the account of the directory that a
// line was to be settled with is no longer as the trouble has it, or is somebody else's by
// now. The line is to be looked at again: see Workflow.Retry.
const AttentionChanged = "attention.changed"

// changed refuses to settle a line with what is no longer so.
func changed(s Stamp) error { return Refuse(CodeConflict, AttentionChanged, "stamp", string(s)) }

// Confirm looks whether an account that the line's trouble names, by its object id, may
// still be the holder's. It is AttentionChanged where the account is gone, has another
// address, name or stamp, or is another holder's in our lines or in the receipts; CodeUnavailable
// while the directory or the receipts do not tell.
func (p *Executor) Confirm(ctx context.Context, a Account, objectID string) error {
	settled := Refuse(CodeConflict, "attention.settled", "stamp", string(a.Stamp))
	if a.Trouble == nil {
		return settled
	}
	seen, ok := a.Trouble.Entry(objectID)
	if !ok {
		return settled
	}
	e, err := p.sight(ctx, a, seen)
	if err != nil {
		return err
	}
	m, err := p.remember(ctx, a)
	if err != nil {
		return err
	}
	k, err := p.tie(ctx, a, &m, e)
	switch {
	case m.away != nil:
		return &Error{Code: CodeUnavailable, Reason: "attention.receipts_away", Err: errors.Join(m.away, err)}
	case err != nil:
		return err
	case k == otherHolder, k == someStamp:
		return changed(a.Stamp)
	}
	return nil
}

// sight returns an account as the directory has it now, if it is as it was seen.
func (p *Executor) sight(ctx context.Context, a Account, seen Entry) (Entry, error) {
	entries, err := p.Directory.Find(ctx, Lookup{Address: seen.Address})
	if err != nil && !isUnread(err) {
		return Entry{}, &Error{Code: CodeUnavailable, Reason: DirectoryUnavailable, Err: err}
	}
	i := slices.IndexFunc(entries, func(e Entry) bool { return e.ID == seen.ID })
	switch {
	case i < 0 && err != nil:
		return Entry{}, err // it may lie in the part of the bin that was not read
	case i < 0:
		return Entry{}, changed(a.Stamp)
	}
	e := entries[i]
	gone := seen.Deleted.IsZero() && !e.Deleted.IsZero()
	if gone || e.Address != seen.Address || e.Stamp != seen.Stamp || e.DisplayName != seen.DisplayName {
		return e, changed(a.Stamp)
	}
	return e, nil
}

// unclaimed refuses, with AttentionChanged, an account that another holder's line has.
func unclaimed(tx Tx, a Account, e Entry) error {
	for line, err := range linesWith(tx, e) {
		if err != nil {
			return err
		}
		if line.Stamp != a.Stamp && a.Holder.differs(line.Holder) {
			return changed(a.Stamp)
		}
	}
	return nil
}
