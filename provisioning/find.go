package provisioning

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// find looks whether the holder has an account, and whether the address is free:
// in our own requests, in the receipts, and in the directory, its recycle bin
// included. The line then goes on with its address, gets the next one, exists, or
// is for the head of department.
func (p *Executor) find(ctx context.Context, a Account, rule TypeRule) (change, error) {
	if needsSeat(a, rule) {
		return nil, errParked // in the queue
	}
	f, err := p.look(ctx, a, rule)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", a.Stamp, err)
	}
	switch f.outcome {
	case isOurs:
		return p.adopt(f.entries[0]), nil
	case holderExists:
		return p.exists(f.entries[0]), nil
	case addressTaken:
		return p.taken(a, rule)
	case cannotTell:
		return nil, f.trouble()
	}
	return p.free, nil
}

// finding is what looking for a line's holder and address came to. entries is what
// was found; reason, with its args, is why a person must decide.
type finding struct {
	outcome outcome
	entries []Entry
	reason  string
	args    map[string]string
}

func (f finding) trouble() error {
	return job.Permanent(&troubleError{Trouble{Reason: f.reason, Args: f.args, Entries: f.entries}})
}

type outcome int

const (
	addressFree  outcome = iota
	isOurs               // the line's own creation made the account
	holderExists         // the holder has an account
	addressTaken         // somebody else has the address
	cannotTell
)

// The reasons for which a person must say whose an account is.
const (
	troubleStamp   = "trouble.stamp"   // an account or a row of somebody else's bears the line's stamp; holder
	troubleCURP    = "trouble.curp"    // the CURP is known under a wholly different name; name
	troubleDeleted = "trouble.deleted" // the holder's account, to all appearance, lies in the recycle bin
	troubleHomonym = "trouble.homonym" // an account of that name, and nothing tells whose
)

// reasonStampTaken is the receipts' refusal of a row whose stamp is another holder's.
const reasonStampTaken = "receipts.stamp_taken"

// look asks everyone who may know of the holder or the address. With DirectoryUnread comes
// what it looks like so far; while the receipts are away nobody is asked what they may tell.
func (p *Executor) look(ctx context.Context, a Account, rule TypeRule) (finding, error) {
	m, err := p.remember(ctx, a)
	if err != nil {
		return finding{}, err
	}
	entries, unread := p.Directory.Find(ctx, Lookup{Stamp: a.Stamp, Address: a.Address, Names: a.Holder.Spellings()})
	if unread != nil && !isUnread(unread) {
		return finding{}, unread
	}
	for _, known := range m.addresses() {
		if known == a.Address {
			continue
		}
		more, err := p.Directory.Find(ctx, Lookup{Address: known})
		if err != nil && !isUnread(err) {
			return finding{}, err
		}
		entries, unread = append(entries, more...), cmp.Or(unread, err)
	}
	f, err := p.judge(ctx, a, rule, &m, entries)
	switch {
	case err != nil:
		return finding{}, err
	case unread != nil && f.outcome != isOurs && f.outcome != holderExists:
		return f, unread // a deleted account may say otherwise
	case m.fresh && (f.outcome == addressFree || f.outcome == addressTaken):
		return f, Refuse(CodeUnavailable, DirectoryNotReady) // made moments ago: it will show
	case m.away != nil && f.outcome == cannotTell && a.Stamp != "":
		return f, receiptsAway(m.away)
	}
	return f, nil
}

// isUnread reports whether a Find knows all who live, and not yet all who were deleted.
func isUnread(err error) bool { return ReasonOf(err) == DirectoryUnread }

// receiptsAway is the error of a line that waits for what the receipts have to tell.
func receiptsAway(err error) error {
	return fmt.Errorf("ask the receipts whose it is: %w", &Error{Code: CodeUnavailable, Reason: "receipts.unavailable", Err: err})
}

// judge decides what the entries found mean for the line. A deleted account of
// somebody else's keeps its address, as a live one's: it may be restored.
func (p *Executor) judge(ctx context.Context, a Account, rule TypeRule, m *memory, entries []Entry) (finding, error) {
	var found sorted
	taken := m.recorded
	for _, e := range entries {
		if !concerns(a, rule, *m, e) {
			continue
		}
		k, err := p.tie(ctx, a, m, e)
		alive := e.Deleted.IsZero()
		switch {
		case err != nil:
			return finding{}, err
		case k == someStamp:
			return stampedBy(m, e), nil
		case k == sameStamp && alive:
			return finding{outcome: isOurs, entries: []Entry{e}}, nil
		case k == sameHolder && alive:
			return finding{outcome: holderExists, entries: []Entry{e}, args: pairs([]string{"name", m.called})}, nil
		case a.disowns(e):
		case k == sameKey:
			found.misnamed = append(found.misnamed, e)
		case k == sameHolder, k == sameStamp, k == unknownHolder && !alive && a.Holder.Named(e.DisplayName):
			found.deleted = append(found.deleted, e)
		case k == unknownHolder && sameName(a, rule, e):
			found.homonyms = append(found.homonyms, e)
		}
		taken = taken || answers(e, a.Address)
	}
	return found.finding(*m, taken), nil
}

// sorted is what was found and leaves a doubt: nothing that the head of department said to be
// somebody else's.
type sorted struct{ misnamed, deleted, homonyms []Entry }

// finding is what that comes to.
func (s sorted) finding(m memory, taken bool) finding {
	switch {
	case m.stamped != nil:
		return finding{outcome: cannotTell, reason: troubleStamp, args: m.stampedFor()}
	case len(s.misnamed) > 0 || m.misnamed != "":
		return finding{outcome: cannotTell, entries: s.misnamed, reason: troubleCURP, args: pairs([]string{"name", m.misnamed})}
	case len(s.deleted) > 0:
		return finding{outcome: cannotTell, entries: s.deleted, reason: troubleDeleted}
	case len(s.homonyms) > 0:
		return finding{outcome: cannotTell, entries: s.homonyms, reason: troubleHomonym}
	}
	if taken {
		return finding{outcome: addressTaken}
	}
	return finding{}
}

// stampedBy is an account that bears the line's stamp, and is not of its making.
func stampedBy(m *memory, e Entry) finding {
	return finding{outcome: cannotTell, entries: []Entry{e}, reason: troubleStamp, args: m.stampedFor()}
}

// concerns reports whether the entry matters to the line: it has our stamp, the
// address, one that the holder is known by, or the name.
func concerns(a Account, rule TypeRule, m memory, e Entry) bool {
	switch {
	case e.Has(a.Address), a.Stamp != "" && e.Stamp == a.Stamp, slices.ContainsFunc(m.known, func(c claim) bool { return e.Has(c.address) }):
		return true
	}
	return e.Deleted.IsZero() && (answers(e, a.Address) || sameName(a, rule, e))
}

// answers reports whether mail to the address reaches the entry, or would: its
// nickname becomes an address in its own domain.
func answers(e Entry, a Address) bool {
	return e.Has(a) || e.Nickname == a.Local() && e.Address.Domain() == a.Domain()
}

func sameName(a Account, rule TypeRule, e Entry) bool {
	return e.Address.Domain() == rule.Domain && a.Holder.Named(e.DisplayName)
}

// exists is the change to a line whose holder has an account.
func (p *Executor) exists(e Entry) change {
	return func(tx Tx, a Account) error {
		next, err := a.To(AccountExists)
		if err != nil {
			return err
		}
		if next, err = noteSettled(tx, next, e); err != nil {
			return err
		}
		return errors.Join(
			tx.Release(a.Address, a.Stamp), tx.Leave(a.Stamp),
			p.tellLine(tx, next, NoticeExists),
			p.put(tx, next, "account.exists", map[string]string{"address": string(e.Address)}),
		)
	}
}

// free is the change to a line whose address nobody has.
func (p *Executor) free(tx Tx, a Account) error {
	to, err := a.To(AccountReserved)
	if err != nil {
		return err
	}
	to.CreateSentAt = p.Now()
	if to.FirstSentAt.IsZero() {
		to.FirstSentAt = to.CreateSentAt
	}
	return tx.PutAccount(to)
}

// another is the change to a line whose address somebody else has: it gets the
// next one that the patterns give, and find looks again.
func (p *Executor) another(rule TypeRule) change {
	return func(tx Tx, a Account) error {
		a, err := next(tx, rule, a)
		if err != nil {
			return forGood(err)
		}
		return tx.PutAccount(a)
	}
}

// next gives the line the next address of its patterns, in place of one that is
// somebody else's.
func next(tx Tx, rule TypeRule, a Account) (Account, error) {
	passed := slices.Concat(a.Passed, []Address{a.Address})
	address, err := reserve(tx, rule, a.Holder, a.Stamp, func(c Address) bool { return slices.Contains(passed, c) })
	if err != nil {
		return a, err
	}
	old := a.Address
	a.Address, a.Passed = address, passed
	return a, tx.Release(old, a.Stamp)
}

// forGood marks a refusal of the store's own as one that trying again cannot mend.
func forGood(err error) error {
	if code := CodeOf(err); err == nil || code != CodeConflict && code != CodeInvalid {
		return err
	}
	return job.Permanent(err)
}
