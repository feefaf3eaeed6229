package reconcile

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
)

// together is what the three sides say under one key.
type together struct {
	line, row, asked *fact
	users            []*fact // not deleted
	alias            *fact
}

func gather(group []fact) together {
	var t together
	for i := range group {
		switch f := &group[i]; {
		case f.Side == SideLines && f.Asked:
			t.asked = f
		case f.Side == SideLines:
			t.line = f
		case f.Side == SideRows:
			t.row = f
		case f.Deleted:
		case f.Alias:
			t.alias = f
		default:
			t.users = append(t.users, f)
		}
	}
	if t.line != nil { // of several users the line's own comes first
		slices.SortStableFunc(t.users, func(a, b *fact) int { return t.foreign(a) - t.foreign(b) })
	}
	return t
}

// foreign is 1 for a user that is not the line's own.
func (t together) foreign(user *fact) int {
	if user.ObjectID == t.line.ObjectID {
		return 0
	}
	return 1
}

// judgeStamps compares what bears the same stamp. What has no counterpart there
// may have one by its address.
func (r *reconciliation) judgeStamps(ctx context.Context) error {
	return r.byStamp.groups(ctx, func(group []fact) error {
		t := gather(group)
		switch {
		case t.line == nil:
			return r.judgeStray(t)
		case t.another():
			return r.found(t.difference(HolderDiffers, t.user()))
		case !t.line.Made:
			return nil // on its way, or never made
		}
		for _, again := range t.users[min(1, len(t.users)):] {
			if err := r.found(t.difference(AccountTwice, again)); err != nil {
				return err
			}
		}
		if len(t.users) == 0 {
			return r.later(t.line, t.row)
		}
		return r.judgePair(t)
	})
}

// another reports whether the row of the line's stamp is another holder's, or the user who
// bears it another than the line's.
func (t together) another() bool {
	return t.row != nil && t.row.Holder != "" && t.line.Holder != "" && t.row.Holder != t.line.Holder ||
		t.line.Made && len(t.users) > 0 && t.foreign(t.users[0]) > 0
}

func (t together) user() *fact {
	if len(t.users) == 0 {
		return nil
	}
	return t.users[0]
}

// judgeStray is for a stamp that no line has.
func (r *reconciliation) judgeStray(t together) error {
	if t.row != nil && len(t.users) > 0 {
		return r.found(t.difference(LineMissing, t.users[0]))
	}
	return r.later(append(t.users, t.row)...)
}

// judgePair is for a line whose account is there.
func (r *reconciliation) judgePair(t together) error {
	u := t.users[0]
	var all []Difference
	if t.row == nil {
		all = append(all, t.difference(missing(t.line), u))
	}
	if t.line.Address != u.Address || t.row != nil && t.row.Address != t.line.Address {
		all = append(all, t.difference(AddressDiffers, u))
	}
	if t.row != nil && t.row.Enabled != u.Enabled {
		d := t.difference(StateDiffers, u)
		d.State = provisioning.ReceiptDisabled
		if u.Enabled {
			d.State = provisioning.ReceiptActive
		}
		all = append(all, d)
	}
	if t.line.Licensed && !u.Licensed {
		all = append(all, t.difference(LicenceMissing, u))
	}
	for _, d := range all {
		if err := r.found(d); err != nil {
			return err
		}
	}
	return nil
}

// missing says whether a row that is not there should be.
func missing(line *fact) Kind {
	if line.Fresh {
		return RowYoung
	}
	return RowMissing
}

// later brings what is alone under its stamp together by address.
func (r *reconciliation) later(alone ...*fact) error {
	for _, f := range alone {
		if f == nil {
			continue
		}
		f.Key = string(f.Address)
		if err := r.byAddress.add(*f); err != nil {
			return err
		}
	}
	return nil
}

// judgeAddresses compares what has the same address and no stamp in common.
func (r *reconciliation) judgeAddresses(ctx context.Context) error {
	err := r.byAddress.groups(ctx, func(group []fact) error {
		t := gather(group)
		if t.alias != nil && (t.line != nil || t.row != nil || t.asked != nil) {
			r.aliased[t.alias.ObjectID] = true
		}
		switch {
		case len(t.users) > 0:
			return r.judgeAccount(t)
		case t.alias != nil && t.line == nil:
			return nil // an imported row names the account by another of its addresses
		}
		return r.judgeAbsence(t)
	})
	if err != nil {
		return err
	}
	for _, u := range r.doubtful {
		if r.aliased[u.ObjectID] {
			continue
		}
		if err := r.found(together{}.difference(AccountUnasked, &u)); err != nil {
			return err
		}
	}
	return nil
}

func (r *reconciliation) judgeAccount(t together) error {
	u := t.users[0]
	switch {
	case t.line != nil:
		return r.found(t.difference(AccountUnstamped, u))
	case t.row != nil && !t.row.Imported:
		return r.found(t.difference(LineMissing, u))
	case t.row != nil, t.asked != nil, !slices.Contains(r.Domains, u.Address.Domain()):
		return nil
	case u.Aliases > 0:
		r.doubtful = append(r.doubtful, *u)
		return nil
	}
	return r.found(t.difference(AccountUnasked, u))
}

func (r *reconciliation) judgeAbsence(t together) error {
	switch {
	case t.line == nil && t.row != nil && t.row.Imported && !t.row.Enabled:
		return nil // an existing table keeps those that left
	case t.line != nil && !t.line.Fresh, t.line == nil && t.row != nil && t.row.Imported:
		return r.found(t.difference(AccountMissing, nil))
	case t.line == nil && t.row != nil:
		return r.found(t.difference(LineMissing, nil))
	}
	return nil
}

func (t together) difference(kind Kind, user *fact) Difference {
	d := Difference{Kind: kind}
	if user != nil {
		d.Stamp, d.User, d.ObjectID = user.Stamp, user.Address, user.ObjectID
	}
	if t.row != nil {
		d.Stamp, d.Row = t.row.Stamp, t.row.Address
	}
	if t.line != nil {
		d.Stamp, d.Line = t.line.Stamp, t.line.Address
	}
	if d.ObjectID == "" && t.line != nil {
		d.ObjectID = t.line.ObjectID
	}
	return d
}
