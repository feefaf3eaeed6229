package creation

import (
	"context"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
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
func (cr *Creation) tie(ctx context.Context, a provisioning.Account, m *known, e provisioning.Entry) (kinship, error) {
	if a.Stamp != "" && e.Stamp == a.Stamp {
		return ownStamp(a, m, e, cr.Now())
	}
	owner, known, err := cr.ownerOf(ctx, m, e)
	switch {
	case err != nil:
		return unknownHolder, err
	case known && owner.Is(a.Holder):
		return m.same(a, owner.DisplayName(), e), nil
	case known && a.Holder.Differs(owner):
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
func ownStamp(a provisioning.Account, m *known, e provisioning.Entry, now time.Time) (kinship, error) {
	switch {
	case a.MayHaveMade(e, now), slices.ContainsFunc(m.mine, func(c claim) bool { return c.of(e) }):
		return sameStamp, nil
	case m.away != nil:
		return unknownHolder, receiptsAway(m.away)
	}
	return someStamp, nil
}

// ours reports whether an entry that bears the line's stamp is of its making; where it
// is not, the error says so to the head of department.
func (cr *Creation) ours(ctx context.Context, a provisioning.Account, e provisioning.Entry) error {
	now := cr.Now()
	if a.MayHaveMade(e, now) {
		return nil
	}
	m, err := cr.remember(ctx, a)
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

// same is the kinship of an account that goes by the holder's key, unless the record or
// the directory has a wholly different name for it.
func (m *known) same(a provisioning.Account, recorded string, e provisioning.Entry) kinship {
	for _, name := range []string{recorded, e.DisplayName} {
		if a.Holder.Misnamed(name) {
			if !a.Disowns(e) {
				m.misnamed = name
			}
			return sameKey
		}
	}
	m.called = recorded
	return sameHolder
}

// ownerOf returns whom the account is for, as our own requests have it, or the receipts.
func (cr *Creation) ownerOf(ctx context.Context, m *known, e provisioning.Entry) (owner provisioning.Holder, known bool, err error) {
	err = cr.Store.View(ctx, func(tx provisioning.Tx) error {
		owner, known = provisioning.Holder{}, false
		line, err := provisioning.LineOf(tx, e, cr.Now())
		if err == nil && line.Stamp != "" {
			owner, known = line.Holder, true
		}
		return err
	})
	if err != nil || known {
		return owner, known, err
	}
	for _, row := range cr.receipts(ctx, m, provisioning.ReceiptQuery{Address: e.Address}) {
		if claimOf(row).of(e) && row.Holder.Known() {
			return row.Holder, true, nil
		}
	}
	return owner, false, nil
}
