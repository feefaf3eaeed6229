package provisioning

import (
	"context"
	"iter"
	"slices"
	"time"
)

// kinship is what ties an entry of the directory to a line.
type kinship int

const (
	unknownHolder kinship = iota
	sameHolder            // the account is the holder's
	sameKey               // the account goes by the holder's CURP, under a wholly different name
	otherHolder           // it is somebody else's
	sameStamp             // the line's own creation made it
	someStamp             // it bears the line's stamp, and the line did not make it
)

// tie tells whose an entry is. A stamp says so only where our own record bears it out,
// for a store that was lost, or restored from a backup, gives folios again: neither
// the address nor the name makes an account ours, children have namesakes.
func (p *Executor) tie(ctx context.Context, a Account, m *memory, e Entry) (kinship, error) {
	if a.Stamp != "" && e.Stamp == a.Stamp {
		return ownStamp(a, m, e, p.Now())
	}
	owner, known, err := p.ownerOf(ctx, m, e)
	switch {
	case err != nil:
		return unknownHolder, err
	case known && owner.Is(a.Holder):
		return m.same(a, owner.DisplayName(), e), nil
	case known && a.Holder.differs(owner):
		return otherHolder, nil
	case known:
		return unknownHolder, nil // nobody's key, and the same name
	}
	for _, c := range m.known {
		if c.of(e) {
			return m.same(a, c.name, e), nil
		}
	}
	return unknownHolder, nil
}

// ownStamp judges an entry that bears the line's stamp: the line may have made it, or
// the receipts have it for this stamp and this holder.
func ownStamp(a Account, m *memory, e Entry, now time.Time) (kinship, error) {
	switch {
	case a.mayHaveMade(e, now), slices.ContainsFunc(m.mine, func(c claim) bool { return c.of(e) }):
		return sameStamp, nil
	case m.away != nil:
		return unknownHolder, receiptsAway(m.away)
	}
	return someStamp, nil
}

// ours reports whether an entry that bears the line's stamp is of its making; where it
// is not, the error says so to the head of department.
func (p *Executor) ours(ctx context.Context, a Account, e Entry) error {
	now := p.Now()
	if a.mayHaveMade(e, now) {
		return nil
	}
	m, err := p.remember(ctx, a)
	if err != nil {
		return err
	}
	switch k, err := ownStamp(a, &m, e, now); {
	case err != nil:
		return err
	case k == someStamp:
		return stampedBy(&m, e).trouble()
	}
	return nil
}

// stampSkew is by how much an account may be dated before the line asked for it, once
// the difference of the clocks is taken out: it may have changed in between, and where the
// directory does not tell its time nothing is.
const stampSkew = 5 * time.Minute

// mayHaveMade reports whether the line's own creation may have made the account: it
// was asked for before, and what was made looks as asked. now is when the entry was read, by
// our clock, which the line's times are by.
func (a Account) mayHaveMade(e Entry, now time.Time) bool {
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

// same is the kinship of an account that goes by the holder's key, unless the record or
// the directory has a wholly different name for it.
func (m *memory) same(a Account, recorded string, e Entry) kinship {
	for _, name := range []string{recorded, e.DisplayName} {
		if a.Holder.misnamed(name) {
			if !a.disowns(e) {
				m.misnamed = name
			}
			return sameKey
		}
	}
	m.called = recorded
	return sameHolder
}

// ownerOf returns whom the account is for, as our own requests have it, or the receipts.
func (p *Executor) ownerOf(ctx context.Context, m *memory, e Entry) (owner Holder, known bool, err error) {
	err = p.Store.View(ctx, func(tx Tx) error {
		owner, known = Holder{}, false
		line, err := lineOf(tx, e, p.Now())
		if err == nil && line.Stamp != "" {
			owner, known = line.Holder, true
		}
		return err
	})
	if err != nil || known {
		return owner, known, err
	}
	for _, row := range p.receipts(ctx, m, ReceiptQuery{Address: e.Address}) {
		if claimOf(row).of(e) && row.Holder.Known() {
			return row.Holder, true, nil
		}
	}
	return owner, false, nil
}

// differs reports whether an account that is known to be owner's is for that not the
// holder's: the owner has a key of their own, or another name.
func (h Holder) differs(owner Holder) bool {
	return !owner.Is(h) && (owner.Known() || !h.Named(owner.DisplayName()))
}

// lineOf returns the line that has the account: the one whose stamp it bears, the one that
// holds its address, or one that was settled with it.
func lineOf(tx Tx, e Entry, now time.Time) (Account, error) {
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
	case line.ObjectID == e.ID, e.Stamp != "" && line.mayHaveMade(e, now):
		return line, nil
	}
	return Account{}, nil
}

// settledKind is the document of the lines that were settled with an account which they did
// not make: their stamps, by its object id. Its addresses may change.
const settledKind = "settled"

// noteSettled returns the line with an account that it did not make, and notes that it has it.
func noteSettled(tx Tx, a Account, e Entry) (Account, error) {
	var stamps []Stamp
	if _, err := tx.Load(settledKind, e.ID, &stamps); err != nil {
		return a, err
	}
	if slices.Contains(stamps, a.Stamp) {
		return a.with(e), nil
	}
	return a.with(e), tx.Save(settledKind, e.ID, append(stamps, a.Stamp))
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
