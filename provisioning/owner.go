package provisioning

import (
	"iter"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Lately is how long after its creation an account that the directory does not show is taken to be
// delayed rather than deleted.
const Lately = time.Hour

// stampSkew is how much earlier than the line's request an account may be dated, after correction
// for the difference of the clocks. The clocks may have drifted since; if the directory does not
// state its time nothing is corrected.
const stampSkew = 5 * time.Minute

// MayHaveMade reports whether the line's own request may have created the account: it was sent
// before the account's creation, and the address or name matches. now is when the entry was read,
// in our clock, as are the line's times.
func (a Account) MayHaveMade(e Entry, now time.Time) bool {
	if a.ObjectID != "" {
		return a.ObjectID == e.ID
	}
	since := a.FirstSentAt
	if since.IsZero() {
		since = a.CreateSentAt // written by a version that kept only the last time
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

// Answers reports whether mail to the address reaches the entry, or would: its nickname becomes an
// address in its own domain.
func Answers(e Entry, a identity.Address) bool {
	return e.Has(a) || e.Nickname == a.Local() && e.Address.Domain() == a.Domain()
}

// LineOf returns the line that has the account: the line whose stamp it bears, else the line that
// holds its address, else one that was settled with it. It is the zero Account if there is none.
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

// lineMaking returns the line that created the account: the line whose stamp it bears or, if it
// bears none, the line that holds its address; the zero Account if there is none.
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
	case problem.CodeOf(err) == problem.CodeNotFound:
		return Account{}, nil
	case err != nil:
		return Account{}, err
	case line.ObjectID == e.ID, e.Stamp != "" && line.MayHaveMade(e, now):
		return line, nil
	}
	return Account{}, nil
}

// settledKind is the document kind of lines that were settled with an account they did not create:
// their stamps, by the account's object id, since its addresses may change.
const settledKind = "settled"

// NoteSettled returns the line with an account that it did not create, and stores the relation.
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

// linesWith yields the lines that have the account: first those that were settled with it, then,
// for each of its addresses and newest first, those with its object id or, if none is recorded, its
// address.
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
		for _, address := range append([]identity.Address{e.Address}, e.Proxies...) {
			if !linesAt(tx, e, address, yield) {
				return
			}
		}
	}
}

// linesAt yields the lines that have the account, for one of its addresses. It returns false if the
// iteration was stopped.
func linesAt(tx Tx, e Entry, address identity.Address, yield func(Account, error) bool) bool {
	for line, err := range tx.SearchAccounts(AccountSearch{Text: string(address)}) {
		has := line.ObjectID == e.ID || line.ObjectID == "" && line.Address == e.Address
		if (err != nil || line.Kind.Creates() && line.Made() && has) && !yield(line, err) {
			return false
		}
	}
	return true
}

// AttentionChanged is the reason of a CodeConflict: the directory account that a line was to be
// settled with differs from the trouble's, or is another holder's by now. The line must be looked
// up again: see Workflow.Retry.
const AttentionChanged = "attention.changed"

// Changed returns the CodeConflict of AttentionChanged.
func Changed(s Stamp) error {
	return problem.Refuse(problem.CodeConflict, AttentionChanged, "stamp", string(s))
}

// unclaimed returns AttentionChanged if another holder's line has the account.
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
