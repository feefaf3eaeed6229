package creation

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// find looks up whether the holder has an account, and whether the address is free: in our own
// requests, in the receipts, and in the directory including its recycle bin. The line is then
// AccountReserved with its address, gets the next address, is AccountExists, or goes to attention.
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

// finding is the result of looking up a line's holder and address. entries are the accounts found;
// reason and args say why a person must decide.
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
	isOurs               // the line's own request created the account
	holderExists         // the holder has an account
	addressTaken         // another account has the address
	cannotTell
)

// look looks up the holder and the address everywhere. With DirectoryUnread it also returns the
// preliminary finding. If the receipts are unavailable a line (with a stamp) goes to attention only
// after they have answered.
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
		return f, unread // a deleted account may change it
	case m.fresh && (f.outcome == addressFree || f.outcome == addressTaken):
		return f, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryNotReady) // created recently: it will appear
	case m.away != nil && f.outcome == cannotTell && a.Stamp != "":
		return f, receiptsAway(m.away)
	}
	return f, nil
}

// isUnread reports whether a Find returned all users that are not deleted, and only some of the
// deleted.
func isUnread(err error) bool { return problem.ReasonOf(err) == provisioning.DirectoryUnread }

// receiptsAway is the error of a line that must wait for the receipts' answer.
func receiptsAway(err error) error {
	return fmt.Errorf("ask the receipts whose it is: %w", &problem.Error{Code: problem.CodeUnavailable, Reason: "receipts.unavailable", Err: err})
}

// judge decides what the entries found mean for the line. Another person's deleted account keeps
// its address, like one that is not deleted: it may be restored.
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

// sorted are the accounts found that are in doubt, without those that the head of department
// decided to be other people's.
type sorted struct{ misnamed, deleted, homonyms []provisioning.Entry }

// finding returns the finding that follows from them.
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

// stampedBy is the finding of an account that bears the line's stamp but was not created by it.
func stampedBy(m *known, e provisioning.Entry) finding {
	return finding{outcome: cannotTell, entries: []provisioning.Entry{e}, reason: provisioning.TroubleStamp, args: m.stampedFor()}
}

// concerns reports whether the entry matters to the line: it has our stamp, the address, an address
// under which the holder is known, or the name.
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

// exists is the change of a line whose holder has an account.
func (cr *Creation) exists(e provisioning.Entry) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		next, err := moves.Move(a, provisioning.AccountExists)
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

// free is the change of a line whose address is free.
func (cr *Creation) free(tx provisioning.Tx, a provisioning.Account) error {
	to, err := moves.Move(a, provisioning.AccountReserved)
	if err != nil {
		return err
	}
	to.CreateSentAt = cr.Now()
	if to.FirstSentAt.IsZero() {
		to.FirstSentAt = to.CreateSentAt
	}
	return tx.PutAccount(to)
}

// another is the change of a line whose address is another account's: it gets the next of the
// patterns, and find is repeated.
func (cr *Creation) another(rule provisioning.TypeRule) provisioning.Change {
	return func(tx provisioning.Tx, a provisioning.Account) error {
		a, err := provisioning.NextAddress(tx, rule, a)
		if err != nil {
			return forGood(err)
		}
		return tx.PutAccount(a)
	}
}

// forGood marks the store's CodeConflict and CodeInvalid as Permanent.
func forGood(err error) error {
	if code := problem.CodeOf(err); err == nil || code != problem.CodeConflict && code != problem.CodeInvalid {
		return err
	}
	return job.Permanent(err)
}
