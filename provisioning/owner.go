package provisioning

import (
	"iter"
	"slices"
	"time"
)

// Lately is for how long an account that does not show in the directory is taken
// to be late rather than gone.
const Lately = time.Hour

// stampSkew is by how much an account may be dated before the line asked for it, once
// the difference of the clocks is taken out: it may have changed in between, and where the
// directory does not tell its time nothing is.
const stampSkew = 5 * time.Minute

// MayHaveMade reports whether the line's own creation may have made the account: it
// was asked for before, and what was made looks as asked. now is when the entry was read, by
// our clock, which the line's times are by.
func (a Account) MayHaveMade(e Entry, now time.Time) bool {
	if a.ObjectID != "" {
		return a.ObjectID == e.ID
	}
	since := a.FirstSentAt
	if since.IsZero() {
		since = a.CreateSentAt // sent by an Altas that kept the last time only
	}
	created := e.Created
	if !e.AsOf.IsZero() {
		created = created.Add(now.Sub(e.AsOf))
	}
	if since.IsZero() || created.Before(since.Add(-stampSkew)) {
		return false
	}
	return e.Has(a.Address) || slices.ContainsFunc(a.Passed, e.Has) || a.Holder.Named(e.DisplayName)
}

// Answers reports whether mail to the address reaches the entry, or would: its
// nickname becomes an address in its own domain.
func Answers(e Entry, a Address) bool {
	return e.Has(a) || e.Nickname == a.Local() && e.Address.Domain() == a.Domain()
}

// Differs reports whether an account that is known to be owner's is for that not the
// holder's: the owner has a key of their own, or another name.
func (h Holder) Differs(owner Holder) bool {
	return !owner.Is(h) && (owner.Known() || !h.Named(owner.DisplayName()))
}

// LineOf returns the line that has the account: the one whose stamp it bears, the one that
// holds its address, or one that was settled with it.
func LineOf(tx Tx, e Entry, now time.Time) (Account, error) {
	line, err := lineMaking(tx, e, now)
	if err != nil || line.Stamp != "" {
		return line, err
	}
	for line, err := range linesWith(tx, e) {
		return line, err
	}
	return Account{}, nil
}

// lineMaking returns the line that made the account: the one whose stamp it bears or, where
// it bears none, the one that holds its address.
func lineMaking(tx Tx, e Entry, now time.Time) (Account, error) {
	owner := e.Stamp
	if owner == "" {
		var err error
		if owner, err = tx.HolderOf(e.Address); err != nil || owner == "" {
			return Account{}, err
		}
	}
	line, err := tx.Account(owner)
	switch {
	case CodeOf(err) == CodeNotFound:
		return Account{}, nil
	case err != nil:
		return Account{}, err
	case line.ObjectID == e.ID, e.Stamp != "" && line.MayHaveMade(e, now):
		return line, nil
	}
	return Account{}, nil
}

// settledKind is the document of the lines that were settled with an account which they did
// not make: their stamps, by its object id. Its addresses may change.
const settledKind = "settled"

// NoteSettled returns the line with an account that it did not make, and notes that it has it.
func NoteSettled(tx Tx, a Account, e Entry) (Account, error) {
	var stamps []Stamp
	if _, err := tx.Load(settledKind, e.ID, &stamps); err != nil {
		return a, err
	}
	if slices.Contains(stamps, a.Stamp) {
		return a.With(e), nil
	}
	return a.With(e), tx.Save(settledKind, e.ID, append(stamps, a.Stamp))
}

// linesWith yields the lines that have the account: those that were settled with it, then,
// newest first for each of its addresses, those that noted its object id or, where none was
// noted, its address.
func linesWith(tx Tx, e Entry) iter.Seq2[Account, error] {
	return func(yield func(Account, error) bool) {
		var settled []Stamp
		if _, err := tx.Load(settledKind, e.ID, &settled); err != nil {
			yield(Account{}, err)
			return
		}
		for _, s := range settled {
			if line, err := tx.Account(s); (err != nil || line.ObjectID == e.ID) && !yield(line, err) {
				return
			}
		}
		for _, address := range append([]Address{e.Address}, e.Proxies...) {
			if !linesAt(tx, e, address, yield) {
				return
			}
		}
	}
}

// linesAt yields those that have the account, by one of its addresses; it reports whether to
// go on.
func linesAt(tx Tx, e Entry, address Address, yield func(Account, error) bool) bool {
	for line, err := range tx.SearchAccounts(AccountSearch{Text: string(address)}) {
		has := line.ObjectID == e.ID || line.ObjectID == "" && line.Address == e.Address
		if (err != nil || line.Made() && has) && !yield(line, err) {
			return false
		}
	}
	return true
}

// AttentionChanged is the reason of a CodeConflict: the account of the directory that a
// line was to be settled with is no longer as the trouble has it, or is somebody else's by
// now. The line is to be looked at again: see Workflow.Retry.
const AttentionChanged = "attention.changed"

// Changed refuses to settle a line with what is no longer so.
func Changed(s Stamp) error { return Refuse(CodeConflict, AttentionChanged, "stamp", string(s)) }

// unclaimed refuses, with AttentionChanged, an account that another holder's line has.
func unclaimed(tx Tx, a Account, e Entry) error {
	for line, err := range linesWith(tx, e) {
		if err != nil {
			return err
		}
		if line.Stamp != a.Stamp && a.Holder.Differs(line.Holder) {
			return Changed(a.Stamp)
		}
	}
	return nil
}
