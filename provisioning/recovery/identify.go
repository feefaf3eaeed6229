package recovery

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// lookup is one look-up of a query. away is the error of the receipts, if they did not answer.
type lookup struct {
	rc   *Recovery
	away error
}

// identify returns the accounts that the query leads to.
func (l *lookup) identify(ctx context.Context, q Query) ([]Found, error) {
	if q.Address != "" {
		l.rows(ctx, provisioning.ReceiptQuery{Address: q.Address}) // asked also if nobody has the address
		return l.at(ctx, q.Address)
	}
	var all []Found
	for _, h := range q.holders() {
		addresses, err := l.addressesOf(ctx, h)
		if err != nil {
			return nil, err
		}
		for _, address := range addresses {
			found, err := l.at(ctx, address)
			if err != nil {
				return nil, err
			}
			for _, f := range found {
				if f.Holder.Is(h) && matches(f.Holder, q.Name) && !slices.ContainsFunc(all, func(o Found) bool { return o.Entry.ID == f.Entry.ID }) {
					all = append(all, f)
				}
			}
		}
	}
	return all, nil
}

// matches reports whether the name typed is the holder's. Of a person, every word of the shorter of
// the two names must be in the longer, at least two besides particles; that of a work centre, which
// people shorten, need only share a word, since its key and name are public.
func matches(h identity.Holder, name string) bool {
	few, many := nameWords(name), nameWords(h.DisplayName())
	if len(few) > len(many) {
		few, many = many, few
	}
	missing := slices.DeleteFunc(slices.Clone(few), func(w string) bool { return slices.Contains(many, w) })
	if h.Type == identity.WorkCentre {
		return len(missing) < len(few)
	}
	return len(few) > 1 && len(missing) == 0
}

// nameWords returns the words of a name once each, without particles, accents and tildes.
func nameWords(name string) []string {
	apart := func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }
	words := slices.DeleteFunc(strings.FieldsFunc(strings.ReplaceAll(input.Fold(name), "ñ", "n"), apart), func(w string) bool {
		return len(w) < 2 || slices.Contains(strings.Fields(input.Particles), w)
	})
	slices.Sort(words)
	return slices.Compact(words)
}

// holders returns the holders that have the query's key.
func (q Query) holders() []identity.Holder {
	all := []identity.Holder{
		{Type: identity.Teacher, Person: identity.Person{CURP: q.CURP}},
		{Type: identity.Student, Person: identity.Person{CURP: q.CURP}},
		{Type: identity.WorkCentre, Centre: identity.Centre{CCT: q.CCT}},
	}
	return slices.DeleteFunc(all, func(h identity.Holder) bool {
		return !h.Known() || q.Type != "" && h.Type != q.Type
	})
}

// addressesOf returns the addresses of accounts that our own lines created for the holder, or that
// the receipts have for them, and that of a work centre by its CCT. What a line found, it was told
// by its requester's form: it proves nothing.
func (l *lookup) addressesOf(ctx context.Context, h identity.Holder) ([]identity.Address, error) {
	known := map[identity.Address]bool{}
	err := l.rc.Store.View(ctx, func(tx provisioning.Tx) error {
		clear(known)
		for line, err := range tx.AccountsFor(h.Identity()) {
			if err != nil {
				return err
			}
			if created(line) {
				known[line.Address] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, row := range l.rows(ctx, provisioning.ReceiptQuery{Type: h.Type, CURP: h.Person.CURP, CCT: h.Centre.CCT}) {
		if row.Holder.Is(h) {
			known[row.Address] = true
		}
	}
	if rule, ok := l.rc.Rules.Types[identity.WorkCentre]; ok && h.Type == identity.WorkCentre {
		if a, err := identity.ParseAddress(string(h.Centre.CCT), rule.Domain); err == nil {
			known[a] = true
		}
	}
	delete(known, "")
	return slices.Sorted(maps.Keys(known)), nil
}

// rows finds rows of the receipts; none, and away is set, if they do not answer.
func (l *lookup) rows(ctx context.Context, q provisioning.ReceiptQuery) []provisioning.Receipt {
	rows, err := l.rc.Executor.FindReceipts(ctx, q)
	if err != nil {
		l.away = fmt.Errorf("read the receipts: %w", &problem.Error{Code: problem.CodeUnavailable, Reason: "receipts.unavailable", Err: err})
	}
	return rows
}

// created reports whether the line created its account, rather than found it.
func created(line provisioning.Account) bool {
	return line.Kind.Creates() && line.ObjectID != "" && line.State != provisioning.AccountExists
}

// at returns the accounts of our types that have the address and are not deleted.
func (l *lookup) at(ctx context.Context, address identity.Address) ([]Found, error) {
	entries, err := l.rc.Directory.Find(ctx, provisioning.Lookup{Address: address})
	if err != nil && problem.ReasonOf(err) != provisioning.DirectoryUnread { // deleted users do not matter
		return nil, err
	}
	var all []Found
	for _, e := range entries {
		kind := l.rc.typeOf(e.Address)
		if !e.Deleted.IsZero() || !e.Has(address) || kind == "" {
			continue
		}
		f, err := l.known(ctx, e, kind)
		if err != nil {
			return nil, err
		}
		all = append(all, f)
	}
	return all, nil
}

// typeOf returns the account type of an address's domain; "" for none of ours.
func (rc *Recovery) typeOf(a identity.Address) identity.AccountType {
	for _, t := range identity.AccountTypes {
		if rule, ok := rc.Rules.Types[t]; ok && rule.Domain == a.Domain() {
			return t
		}
	}
	return ""
}

// known returns an account with its holder, by the line that created it, else by the receipts, else
// by the directory.
func (l *lookup) known(ctx context.Context, e provisioning.Entry, kind identity.AccountType) (Found, error) {
	f := Found{Entry: e}
	err := l.rc.Store.View(ctx, func(tx provisioning.Tx) error {
		line, err := provisioning.LineOf(tx, e, l.rc.Now())
		if f.line = (provisioning.Account{}); created(line) && !line.Withheld() {
			f.line = line
		}
		return err
	})
	if err != nil || f.line.Stamp != "" {
		f.Holder = f.line.Holder
		return f, err
	}
	for _, row := range l.rows(ctx, provisioning.ReceiptQuery{Address: e.Address}) {
		if row.Address == e.Address && (row.ObjectID == "" || row.ObjectID == e.ID) {
			f.row = row
		}
	}
	if f.Holder = f.row.Holder; f.row.Address == "" {
		f.Holder = holderOf(e, kind)
	}
	return f, nil
}

// holderOf returns the holder of an account of which only the directory knows: their display name
// and, where the directory has it, the CCT.
func holderOf(e provisioning.Entry, kind identity.AccountType) identity.Holder {
	if kind != identity.WorkCentre {
		return identity.Holder{Type: kind, Person: identity.Person{GivenNames: e.DisplayName, CCT: cctOf(e)}}
	}
	cct, err := identity.ParseCCT(e.Address.Local())
	if err != nil {
		cct = cctOf(e)
	}
	return identity.Holder{Type: kind, Centre: identity.Centre{CCT: cct, Name: e.DisplayName}}
}

// cctOf returns the CCT in the account's department or office; "" if there is none.
func cctOf(e provisioning.Entry) identity.CCT {
	for _, text := range []string{e.Department, e.Office} {
		if cct, err := identity.ParseCCT(text); err == nil {
			return cct
		}
	}
	return ""
}
