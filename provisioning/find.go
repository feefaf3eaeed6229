package provisioning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// find looks whether the holder has an account, and whether the address is free:
// in our own requests, in the receipts, and in the directory, its recycle bin
// included. The line then goes on with its address, gets the next one, exists, or
// is for the head of department.
func (p *Provisioner) find(ctx context.Context, a Account, rule TypeRule) (change, error) {
	if a.SKU == "" && len(rule.SKUs) > 0 {
		return nil, errParked // in the queue for a seat
	}
	f, err := p.look(ctx, a, rule)
	if err != nil {
		return nil, fmt.Errorf("find %s: %w", a.Stamp, err)
	}
	switch f.verdict {
	case isOurs:
		return p.adopt(f.entry), nil
	case holderExists:
		return p.exists(f.entry), nil
	case addressTaken:
		return p.another(rule), nil
	case cannotTell:
		return nil, Permanent(&troubleError{Trouble{Reason: f.reason, Entries: []Entry{f.entry}}})
	}
	return p.free, nil
}

// finding is what looking for a line's holder and address came to. entry is what
// was found; reason is why a person must decide.
type finding struct {
	verdict verdict
	entry   Entry
	reason  string
}

type verdict int

const (
	addressFree  verdict = iota
	isOurs               // an account bears the line's stamp
	holderExists         // the holder has an account
	addressTaken         // somebody else has the address
	cannotTell
)

// look asks everyone who may know of the holder or the address.
func (p *Provisioner) look(ctx context.Context, a Account, rule TypeRule) (finding, error) {
	prior, err := p.prior(ctx, a)
	if err != nil {
		return finding{}, err
	}
	if prior.Address != "" {
		return finding{verdict: holderExists, entry: Entry{ID: prior.ObjectID, Address: prior.Address}}, nil
	}
	owned := p.receiptOf(ctx, a)
	entries, err := p.Directory.Find(ctx, Lookup{Stamp: a.Stamp, Address: a.Address, DisplayName: a.Holder.DisplayName()})
	if err != nil {
		return finding{}, err
	}
	if owned != "" && owned != a.Address {
		more, err := p.Directory.Find(ctx, Lookup{Address: owned})
		if err != nil {
			return finding{}, err
		}
		entries = append(entries, more...)
	}
	return p.judge(ctx, a, rule, owned, entries)
}

// judge decides what the entries found mean for the line.
func (p *Provisioner) judge(ctx context.Context, a Account, rule TypeRule, owned Address, entries []Entry) (finding, error) {
	for _, e := range entries {
		if a.Stamp != "" && e.Stamp == a.Stamp && e.Deleted.IsZero() {
			return finding{verdict: isOurs, entry: e}, nil
		}
	}
	for _, e := range entries {
		if owned != "" && e.Has(owned) && e.Deleted.IsZero() {
			return finding{verdict: holderExists, entry: e}, nil
		}
	}
	taken := finding{verdict: addressFree}
	for _, e := range entries {
		if !p.concerns(a, rule, e) {
			continue
		}
		tie, err := p.tie(ctx, a, e)
		switch {
		case err != nil:
			return finding{}, err
		case tie == sameHolder && e.Deleted.IsZero():
			return finding{verdict: holderExists, entry: e}, nil
		case !e.Deleted.IsZero() && !a.Distinct:
			return finding{verdict: cannotTell, entry: e, reason: "trouble.deleted"}, nil
		case tie == unknownHolder && !a.Distinct && SameName(e.DisplayName, a.Holder.DisplayName()):
			return finding{verdict: cannotTell, entry: e, reason: "trouble.homonym"}, nil
		}
		if e.Has(a.Address) && e.Deleted.IsZero() {
			taken = finding{verdict: addressTaken, entry: e}
		}
	}
	return taken, nil
}

// concerns reports whether the entry matters to the line: it has the address, our
// stamp, or the same name in the same domain, alive.
func (p *Provisioner) concerns(a Account, rule TypeRule, e Entry) bool {
	if e.Has(a.Address) || e.Stamp != "" && e.Stamp == a.Stamp {
		return true
	}
	return e.Deleted.IsZero() && e.Address.Domain() == rule.Domain && SameName(e.DisplayName, a.Holder.DisplayName())
}

// kinship is what ties an entry of the directory to a line's holder.
type kinship int

const (
	unknownHolder kinship = iota
	sameHolder
	otherHolder
)

// tie tells whose an entry is: by the stamp it bears, else by the receipts row of
// its address.
func (p *Provisioner) tie(ctx context.Context, a Account, e Entry) (kinship, error) {
	id, err := p.identityOf(ctx, e)
	switch {
	case err != nil || id == "":
		return unknownHolder, err
	case id == a.Holder.Identity():
		return sameHolder, nil
	}
	return otherHolder, nil
}

func (p *Provisioner) identityOf(ctx context.Context, e Entry) (Identity, error) {
	var id Identity
	err := p.Store.View(ctx, func(tx Tx) error {
		owner := e.Stamp
		if owner == "" {
			var err error
			if owner, err = tx.HolderOf(e.Address); err != nil || owner == "" {
				return err
			}
		}
		other, err := tx.Account(owner)
		if err == nil && (other.Made() || e.Stamp != "") {
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
	rows, err := p.Receipts.Find(ctx, ReceiptQuery{Address: e.Address})
	if err != nil {
		p.Log.WarnContext(ctx, "receipts not asked", "address", e.Address, "err", err)
		return "", nil
	}
	for _, row := range rows {
		if row.Holder.Person.CURP != "" || row.Holder.Type == WorkCentre {
			return row.Holder.Identity(), nil
		}
	}
	return "", nil
}

// prior returns the line, of our own, by which the holder got an account before.
func (p *Provisioner) prior(ctx context.Context, a Account) (Account, error) {
	var found Account
	err := p.Store.View(ctx, func(tx Tx) error {
		found = Account{}
		for other, err := range tx.AccountsFor(a.Holder.Identity()) {
			if err != nil {
				return err
			}
			if other.Stamp != a.Stamp && other.Made() {
				found = other
				return nil
			}
		}
		return nil
	})
	return found, err
}

// receiptOf returns the address that the receipts have for the holder. The
// database being away delays nothing: what it would have told is then unknown.
func (p *Provisioner) receiptOf(ctx context.Context, a Account) Address {
	h := a.Holder
	q := ReceiptQuery{Type: h.Type, CURP: h.Person.CURP}
	if h.Type == WorkCentre {
		q = ReceiptQuery{Type: h.Type, CCT: h.Centre.CCT}
	}
	rows, err := p.Receipts.Find(ctx, q)
	if err != nil {
		p.Log.WarnContext(ctx, "receipts not asked", "stamp", a.Stamp, "err", err)
		return ""
	}
	for _, row := range rows {
		if row.Stamp != a.Stamp && row.State != ReceiptDisabled {
			return row.Address
		}
	}
	return ""
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
	next, err := a.To(AccountReserved)
	if err != nil {
		return err
	}
	return tx.PutAccount(next)
}

// another is the change to a line whose address somebody else has: it gets the
// next one that the patterns give, and find looks again.
func (p *Provisioner) another(rule TypeRule) change {
	return func(tx Tx, a Account) error {
		a.Passed = append(a.Passed[:len(a.Passed):len(a.Passed)], a.Address)
		next, err := reserve(tx, rule, a.Holder, a.Stamp, func(c Address) bool { return slices.Contains(a.Passed, c) })
		if err != nil {
			return err
		}
		old := a.Address
		a.Address = next
		return errors.Join(tx.Release(old, a.Stamp), tx.PutAccount(a))
	}
}

// SameName reports whether two names differ in accents, case and spaces alone.
func SameName(a, b string) bool { return a != "" && foldName(a) == foldName(b) }

func foldName(s string) string {
	var b strings.Builder
	for _, r := range norm.NFD.String(strings.ToLower(strings.Join(strings.Fields(s), " "))) {
		if r < 0x300 || r > 0x36f {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// troubleError is a failure that the head of department decides upon.
type troubleError struct{ Trouble }

func (e *troubleError) Error() string { return e.Reason }

// troubleOf returns what the head of department is told of a failure.
func troubleOf(err error) Trouble {
	var t *troubleError
	if errors.As(err, &t) {
		return t.Trouble
	}
	var e *Error
	if !errors.As(err, &e) {
		return Trouble{Reason: "trouble.internal"}
	}
	if reason, ok := directoryTroubles[e.Reason]; ok {
		return Trouble{Reason: reason, Args: e.Args}
	}
	if strings.HasPrefix(e.Reason, "receipts.") {
		return Trouble{Reason: "trouble.receipts", Args: e.Args}
	}
	return Trouble{Reason: e.Reason, Args: e.Args}
}

var directoryTroubles = map[string]string{
	DirectoryAddressTaken: "trouble.unseen_holder",
	DirectoryNotReady:     "trouble.not_ready",
	DirectoryNotFound:     "trouble.vanished",
	DirectoryNoPermission: "trouble.permission",
	DirectoryBadDomain:    "trouble.domain",
	DirectoryWeakPassword: "trouble.password",
	DirectoryRefused:      "trouble.refused",
}
