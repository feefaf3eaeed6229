package recovery

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Query is how a person identifies an account: by its address or, if Address is "", by its holder's
// key and name. Key is a CURP or, if CURP is "", a work centre's CCT. Type restricts it to accounts
// of a type; "" does not.
type Query struct {
	Address identity.Address
	CURP    identity.CURP
	CCT     identity.CCT
	Name    string
	Type    identity.AccountType
}

// Inquired returns the key by which inquiries about the account are counted.
func (q Query) Inquired() string {
	return string(q.Address) + "/" + string(q.CURP) + "/" + string(q.CCT) + "/" + q.Name
}

// Found is an account that a person may recover.
type Found struct {
	Entry  provisioning.Entry
	Holder identity.Holder // by our own requests, else by the receipts, else by the directory

	line provisioning.Account // that created or found it; zero if there is none
	row  provisioning.Receipt // of the receipts, if there is no line; zero if there is none
}

// Find returns the accounts that the person identified and may recover, at least one. It is
// CodeNotFound "recovery.unknown" if there is none, whether or not an account exists, and counts
// that; CodeLimited "recovery.locked" after too many; CodeUnavailable while the directory or the
// receipts do not answer.
func (rc *Recovery) Find(ctx context.Context, by provisioning.Actor, q Query) ([]Found, error) {
	err := rc.Store.View(ctx, func(tx provisioning.Tx) error { return rc.locked(tx, by) })
	if err != nil {
		return nil, err
	}
	allowed, err := rc.allowed(ctx, by, q)
	if err != nil {
		return nil, err
	}
	if len(allowed) == 0 {
		return nil, rc.wrong(ctx, by)
	}
	return allowed, rc.disclose(ctx, by, allowed)
}

// Confirm returns nil if the person may still recover the account, by its address and object id;
// CodeNotFound if not.
func (rc *Recovery) Confirm(ctx context.Context, by provisioning.Actor, address identity.Address, objectID string) error {
	found, err := rc.allowed(ctx, by, Query{Address: address})
	if err == nil && !slices.ContainsFunc(found, func(f Found) bool { return f.Entry.ID == objectID }) {
		return unknown()
	}
	return err
}

// allowed returns the accounts that the query leads to and that the person may recover.
func (rc *Recovery) allowed(ctx context.Context, by provisioning.Actor, q Query) ([]Found, error) {
	all, err := rc.identify(ctx, q)
	if err != nil {
		return nil, err
	}
	var allowed []Found
	err = rc.Store.View(ctx, func(tx provisioning.Tx) error {
		allowed = nil
		for _, f := range all {
			may, err := rc.mayRecover(tx, by, f)
			if err != nil {
				return err
			}
			if may {
				allowed = append(allowed, f)
			}
		}
		return nil
	})
	return allowed, err
}

// disclose records in the audit which accounts a person was shown.
func (rc *Recovery) disclose(ctx context.Context, by provisioning.Actor, found []Found) error {
	return rc.Store.Update(ctx, func(tx provisioning.Tx) error {
		var errs []error
		for _, f := range found {
			errs = append(errs, tx.Record(provisioning.Entered{
				At: rc.Now(), By: by, Act: "recovery.identified", Detail: map[string]string{"address": string(f.Entry.Address)},
			}))
		}
		return errors.Join(errs...)
	})
}

// identify returns the accounts that the query leads to.
func (rc *Recovery) identify(ctx context.Context, q Query) ([]Found, error) {
	if q.Address != "" {
		return rc.at(ctx, q.Address)
	}
	var all []Found
	for _, h := range q.holders() {
		addresses, err := rc.addressesOf(ctx, h)
		if err != nil {
			return nil, err
		}
		for _, address := range addresses {
			found, err := rc.at(ctx, address)
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

// matches reports whether the name typed is the holder's; that of a work centre, which people
// shorten, need only share a word.
func matches(h identity.Holder, name string) bool {
	if h.Type == identity.WorkCentre {
		return !identity.Apart(h.DisplayName(), name)
	}
	return h.Agrees(name)
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

// addressesOf returns the addresses that our own requests and the receipts have for the holder, and
// that of a work centre by its CCT.
func (rc *Recovery) addressesOf(ctx context.Context, h identity.Holder) ([]identity.Address, error) {
	known := map[identity.Address]bool{}
	err := rc.Store.View(ctx, func(tx provisioning.Tx) error {
		clear(known)
		for line, err := range tx.AccountsFor(h.Identity()) {
			if err != nil {
				return err
			}
			if line.Kind.Creates() && line.Made() {
				known[line.Address] = true
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	q := provisioning.ReceiptQuery{Type: h.Type, CURP: h.Person.CURP, CCT: h.Centre.CCT}
	rows, err := rc.Executor.FindReceipts(ctx, q)
	if err != nil && len(known) == 0 {
		return nil, unavailable(err)
	}
	for _, row := range rows {
		known[row.Address] = row.Holder.Is(h)
	}
	if rule, ok := rc.Rules.Types[identity.WorkCentre]; ok && h.Type == identity.WorkCentre {
		if a, err := identity.ParseAddress(string(h.Centre.CCT), rule.Domain); err == nil {
			known[a] = true
		}
	}
	maps.DeleteFunc(known, func(a identity.Address, is bool) bool { return a == "" || !is })
	return slices.Sorted(maps.Keys(known)), nil
}

func unavailable(err error) error {
	return fmt.Errorf("read the receipts: %w", &problem.Error{Code: problem.CodeUnavailable, Reason: "receipts.unavailable", Err: err})
}

// at returns the accounts of our types that have the address and are not deleted.
func (rc *Recovery) at(ctx context.Context, address identity.Address) ([]Found, error) {
	entries, err := rc.Directory.Find(ctx, provisioning.Lookup{Address: address})
	if err != nil && problem.ReasonOf(err) != provisioning.DirectoryUnread { // deleted users do not matter
		return nil, err
	}
	var all []Found
	for _, e := range entries {
		kind := rc.typeOf(e.Address)
		if !e.Deleted.IsZero() || !e.Has(address) || kind == "" {
			continue
		}
		f, err := rc.known(ctx, e, kind)
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

// known returns an account with its holder, by our own requests, else by the receipts, else by the
// directory.
func (rc *Recovery) known(ctx context.Context, e provisioning.Entry, kind identity.AccountType) (Found, error) {
	f := Found{Entry: e}
	err := rc.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		f.line, err = provisioning.LineOf(tx, e, rc.Now())
		return err
	})
	if err != nil || f.line.Stamp != "" {
		f.Holder = f.line.Holder
		return f, err
	}
	rows, err := rc.Executor.FindReceipts(ctx, provisioning.ReceiptQuery{Address: e.Address})
	if err != nil {
		return f, unavailable(err)
	}
	for _, row := range rows {
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
