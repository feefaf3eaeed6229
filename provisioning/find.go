package provisioning

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
)

// find looks whether the holder has an account, and whether the address is free:
// in our own requests, in the receipts, and in the directory, its recycle bin
// included. The line then goes on with its address, gets the next one, exists, or
// is for the head of department.
func (p *Provisioner) find(ctx context.Context, a Account, rule TypeRule) (change, error) {
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
		return nil, Permanent(&troubleError{Trouble{Reason: f.reason, Entries: f.entries}})
	}
	return p.free, nil
}

// finding is what looking for a line's holder and address came to. entries is what
// was found; reason is why a person must decide.
type finding struct {
	outcome outcome
	entries []Entry
	reason  string
}

type outcome int

const (
	addressFree  outcome = iota
	isOurs               // an account bears the line's stamp
	holderExists         // the holder has an account
	addressTaken         // somebody else has the address
	cannotTell
)

// The reasons for which a person must say whose an account is.
const (
	troubleStamp   = "trouble.stamp"   // an account of somebody else's bears the line's stamp
	troubleDeleted = "trouble.deleted" // the holder's account, to all appearance, lies in the recycle bin
	troubleHomonym = "trouble.homonym" // an account of that name, and nothing tells whose
)

// look asks everyone who may know of the holder or the address. With DirectoryUnread comes
// what it looks like so far.
func (p *Provisioner) look(ctx context.Context, a Account, rule TypeRule) (finding, error) {
	m, err := p.remember(ctx, a)
	if err != nil {
		return finding{}, err
	}
	entries, unread := p.Directory.Find(ctx, Lookup{Stamp: a.Stamp, Address: a.Address, Names: a.Holder.Spellings()})
	if unread != nil && !isUnread(unread) {
		return finding{}, unread
	}
	for _, known := range m.known {
		if known == a.Address {
			continue
		}
		more, err := p.Directory.Find(ctx, Lookup{Address: known})
		if err != nil && !isUnread(err) {
			return finding{}, err
		}
		entries, unread = append(entries, more...), cmp.Or(unread, err)
	}
	f, err := p.judge(ctx, a, rule, m, entries)
	switch {
	case err != nil:
		return finding{}, err
	case unread != nil && f.outcome != isOurs && f.outcome != holderExists:
		return f, unread // a deleted account may say otherwise
	case m.fresh && (f.outcome == addressFree || f.outcome == addressTaken):
		return f, Refuse(CodeUnavailable, DirectoryNotReady) // made moments ago: it will show
	}
	return f, nil
}

// isUnread reports whether a Find knows all who live, and not yet all who were deleted.
func isUnread(err error) bool { return ReasonOf(err) == DirectoryUnread }

// judge decides what the entries found mean for the line. An account with our stamp
// that has neither the address nor the name is somebody's whose folio was given
// again: the store was lost, or an old backup of it restored.
func (p *Provisioner) judge(ctx context.Context, a Account, rule TypeRule, m memory, entries []Entry) (finding, error) {
	var deleted, homonyms []Entry
	taken := m.recorded
	for _, e := range entries {
		if !concerns(a, rule, m, e) {
			continue
		}
		tie, err := p.tie(ctx, a, m, e)
		alive := e.Deleted.IsZero()
		switch {
		case err != nil:
			return finding{}, err
		case alive && a.Stamp != "" && e.Stamp == a.Stamp && !e.Has(a.Address) && !a.Holder.Named(e.DisplayName):
			return finding{outcome: cannotTell, entries: []Entry{e}, reason: troubleStamp}, nil
		case alive && a.Stamp != "" && e.Stamp == a.Stamp:
			return finding{outcome: isOurs, entries: []Entry{e}}, nil
		case alive && tie == sameHolder:
			return finding{outcome: holderExists, entries: []Entry{e}}, nil
		case !alive:
			deleted = append(deleted, e)
		case tie == unknownHolder && sameName(a, rule, e):
			homonyms = append(homonyms, e)
		}
		taken = taken || alive && answers(e, a.Address)
	}
	switch {
	case len(deleted) > 0 && !a.Distinct:
		return finding{outcome: cannotTell, entries: deleted, reason: troubleDeleted}, nil
	case len(homonyms) > 0 && !a.Distinct:
		return finding{outcome: cannotTell, entries: homonyms, reason: troubleHomonym}, nil
	case taken:
		return finding{outcome: addressTaken}, nil
	}
	return finding{}, nil
}

// concerns reports whether the entry matters to the line: it has our stamp, the
// address, one that the holder is known by, or the name.
func concerns(a Account, rule TypeRule, m memory, e Entry) bool {
	switch {
	case e.Has(a.Address), a.Stamp != "" && e.Stamp == a.Stamp, slices.ContainsFunc(m.known, e.Has):
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

// kinship is what ties an entry of the directory to a line's holder.
type kinship int

const (
	unknownHolder kinship = iota
	sameHolder
	otherHolder
)

// tie tells whose an entry is: by the stamp it bears, else by the receipts row of
// its address, else by the addresses that the holder is known by.
func (p *Provisioner) tie(ctx context.Context, a Account, m memory, e Entry) (kinship, error) {
	id, err := p.identityOf(ctx, e)
	switch {
	case err != nil:
		return unknownHolder, err
	case id == a.Holder.Identity():
		return sameHolder, nil
	case id != "":
		return otherHolder, nil
	case slices.ContainsFunc(m.known, e.Has):
		return sameHolder, nil
	}
	return unknownHolder, nil
}

func (p *Provisioner) identityOf(ctx context.Context, e Entry) (Identity, error) {
	var id Identity
	err := p.Store.View(ctx, func(tx Tx) error {
		id = ""
		owner := e.Stamp
		if owner == "" {
			var err error
			if owner, err = tx.HolderOf(e.Address); err != nil || owner == "" {
				return err
			}
		}
		other, err := tx.Account(owner)
		if err == nil && other.Holder.Known() && (other.Made() || e.Stamp != "") {
			id = other.Holder.Identity()
		}
		if CodeOf(err) == CodeNotFound {
			return nil
		}
		return err
	})
	if err != nil || id != "" {
		return id, err
	}
	for _, row := range p.receipts(ctx, ReceiptQuery{Address: e.Address}) {
		if row.Holder.Known() {
			return row.Holder.Identity(), nil
		}
	}
	return "", nil
}

// exists is the change to a line whose holder has an account.
func (p *Provisioner) exists(e Entry) change {
	return func(tx Tx, a Account) error {
		next, err := a.To(AccountExists)
		if err != nil {
			return err
		}
		next.Address, next.ObjectID = e.Address, e.ID
		return errors.Join(
			tx.Release(a.Address, a.Stamp), tx.Leave(a.Stamp),
			p.tellLine(tx, next, NoticeExists),
			p.put(tx, next, "account.exists", map[string]string{"address": string(e.Address)}),
		)
	}
}

// free is the change to a line whose address nobody has.
func (p *Provisioner) free(tx Tx, a Account) error {
	to, err := a.To(AccountReserved)
	if err != nil {
		return err
	}
	to.CreateSentAt = p.Now()
	return tx.PutAccount(to)
}

// another is the change to a line whose address somebody else has: it gets the
// next one that the patterns give, and find looks again.
func (p *Provisioner) another(rule TypeRule) change {
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
	return Permanent(err)
}
