package creation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// find looks whether the holder has an account, and whether the address is free:
// in our own requests, in the receipts, and in the directory, its recycle bin
// included. The line then goes on with its address, gets the next one, exists, or
// is for the head of department.
func (cr *Creation) find(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (provisioning.Change, error) {
	f, err := cr.look(ctx, a, rule)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", a.Stamp, err)
	}
	switch f.outcome {
	case isOurs:
		return cr.adopt(f.entries[0]), nil
	case holderExists:
		return cr.exists(f.entries[0]), nil
	case addressTaken:
		return cr.taken(a, rule)
	case cannotTell:
		return nil, f.trouble()
	}
	return cr.free, nil
}

// finding is what looking for a line's holder and address came to. entries is what
// was found; reason, with its args, is why a person must decide.
type finding struct {
	outcome outcome
	entries []provisioning.Entry
	reason  string
	args    map[string]string
}

func (f finding) trouble() error {
	return job.Permanent(&provisioning.TroubleError{Trouble: provisioning.Trouble{Reason: f.reason, Args: f.args, Entries: f.entries}})
}

type outcome int

const (
	addressFree  outcome = iota
	isOurs               // the line's own creation made the account
	holderExists         // the holder has an account
	addressTaken         // somebody else has the address
	cannotTell
)

// look asks everyone who may know of the holder or the address. With DirectoryUnread comes
// what it looks like so far; while the receipts are away nobody is asked what they may tell.
func (cr *Creation) look(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule) (finding, error) {
	m, err := cr.remember(ctx, a)
	if err != nil {
		return finding{}, err
	}
	entries, unread := cr.Directory.Find(ctx, provisioning.Lookup{Stamp: a.Stamp, Address: a.Address, Names: a.Holder.Spellings()})
	if unread != nil && !isUnread(unread) {
		return finding{}, unread
	}
	for _, known := range m.addresses() {
		if known == a.Address {
			continue
		}
		more, err := cr.Directory.Find(ctx, provisioning.Lookup{Address: known})
		if err != nil && !isUnread(err) {
			return finding{}, err
		}
		entries, unread = append(entries, more...), cmp.Or(unread, err)
	}
	f, err := cr.judge(ctx, a, rule, &m, entries)
	switch {
	case err != nil:
		return finding{}, err
	case unread != nil && f.outcome != isOurs && f.outcome != holderExists:
		return f, unread // a deleted account may say otherwise
	case m.fresh && (f.outcome == addressFree || f.outcome == addressTaken):
		return f, provisioning.Refuse(provisioning.CodeUnavailable, provisioning.DirectoryNotReady) // made moments ago: it will show
	case m.away != nil && f.outcome == cannotTell && a.Stamp != "":
		return f, receiptsAway(m.away)
	}
	return f, nil
}

// isUnread reports whether a Find knows all who live, and not yet all who were deleted.
func isUnread(err error) bool { return provisioning.ReasonOf(err) == provisioning.DirectoryUnread }

// receiptsAway is the error of a line that waits for what the receipts have to tell.
func receiptsAway(err error) error {
	return fmt.Errorf("ask the receipts whose it is: %w", &provisioning.Error{Code: provisioning.CodeUnavailable, Reason: "receipts.unavailable", Err: err})
}

// judge decides what the entries found mean for the line. A deleted account of
// somebody else's keeps its address, as a live one's: it may be restored.
func (cr *Creation) judge(ctx context.Context, a provisioning.Account, rule provisioning.TypeRule, m *known, entries []provisioning.Entry) (finding, error) {
	var found sorted
	taken := m.recorded
	for _, e := range entries {
		if !concerns(a, rule, *m, e) {
			continue
		}
		k, err := cr.tie(ctx, a, m, e)
		alive := e.Deleted.IsZero()
		switch {
		case err != nil:
			return finding{}, err
		case k == someStamp:
			return stampedBy(m, e), nil
		case k == sameStamp && alive:
			return finding{outcome: isOurs, entries: []provisioning.Entry{e}}, nil
		case k == sameHolder && alive:
			return finding{outcome: holderExists, entries: []provisioning.Entry{e}, args: map[string]string{"name": m.called}}, nil
		case a.Disowns(e):
		case k == sameKey:
			found.misnamed = append(found.misnamed, e)
		case k == sameHolder, k == sameStamp, k == unknownHolder && !alive && a.Holder.Named(e.DisplayName):
			found.deleted = append(found.deleted, e)
		case k == unknownHolder && sameName(a, rule, e):
			found.homonyms = append(found.homonyms, e)
		}
		taken = taken || provisioning.Answers(e, a.Address)
	}
	return found.finding(*m, taken), nil
}

// sorted is what was found and leaves a doubt: nothing that the head of department said to be
// somebody else's.
type sorted struct{ misnamed, deleted, homonyms []provisioning.Entry }

// finding is what that comes to.
func (s sorted) finding(m known, taken bool) finding {
	switch {
	case m.stamped != nil:
		return finding{outcome: cannotTell, reason: provisioning.TroubleStamp, args: m.stampedFor()}
	case len(s.misnamed) > 0 || m.misnamed != "":
		return finding{outcome: cannotTell, entries: s.misnamed, reason: provisioning.TroubleCURP, args: map[string]string{"name": m.misnamed}}
	case len(s.deleted) > 0:
		return finding{outcome: cannotTell, entries: s.deleted, reason: provisioning.TroubleDeleted}
	case len(s.homonyms) > 0:
		return finding{outcome: cannotTell, entries: s.homonyms, reason: provisioning.TroubleHomonym}
	}
	if taken {
		return finding{outcome: addressTaken}
	}
	return finding{}
}

// stampedBy is an account that bears the line's stamp, and is not of its making.
func stampedBy(m *known, e provisioning.Entry) finding {
	return finding{outcome: cannotTell, entries: []provisioning.Entry{e}, reason: provisioning.TroubleStamp, args: m.stampedFor()}
}

// concerns reports whether the entry matters to the line: it has our stamp, the
// address, one that the holder is known by, or the name.
func concerns(a provisioning.Account, rule provisioning.TypeRule, m known, e provisioning.Entry) bool {
	switch {
	case e.Has(a.Address), a.Stamp != "" && e.Stamp == a.Stamp, slices.ContainsFunc(m.known, func(c claim) bool { return e.Has(c.address) }):
		return true
	}
	return e.Deleted.IsZero() && (provisioning.Answers(e, a.Address) || sameName(a, rule, e))
}

func sameName(a provisioning.Account, rule provisioning.TypeRule, e provisioning.Entry) bool {
	return e.Address.Domain() == rule.Domain && a.Holder.Named(e.DisplayName)
}

// exists is the change to a line whose holder has an account.
func (cr *Creation) exists(e provisioning.Entry) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		next, err := a.To(provisioning.AccountExists)
		if err != nil {
			return err
		}
		if next, err = provisioning.NoteSettled(tx, next, e); err != nil {
			return err
		}
		return errors.Join(
			tx.Release(a.Address, a.Stamp), tx.Leave(a.Stamp),
			cr.Executor.TellLine(tx, next, provisioning.NoticeExists),
			cr.Executor.Put(tx, next, "account.exists", map[string]string{"address": string(e.Address)}),
		)
	}
}

// free is the change to a line whose address nobody has.
func (cr *Creation) free(tx provisioning.Tx, a provisioning.Account) error {
	to, err := a.To(provisioning.AccountReserved)
	if err != nil {
		return err
	}
	to.CreateSentAt = cr.Now()
	if to.FirstSentAt.IsZero() {
		to.FirstSentAt = to.CreateSentAt
	}
	return tx.PutAccount(to)
}

// another is the change to a line whose address somebody else has: it gets the
// next one that the patterns give, and find looks again.
func (cr *Creation) another(rule provisioning.TypeRule) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		a, err := provisioning.NextAddress(tx, rule, a)
		if err != nil {
			return forGood(err)
		}
		return tx.PutAccount(a)
	}
}

// forGood marks a refusal of the store's own as one that trying again cannot mend.
func forGood(err error) error {
	if code := provisioning.CodeOf(err); err == nil || code != provisioning.CodeConflict && code != provisioning.CodeInvalid {
		return err
	}
	return job.Permanent(err)
}
