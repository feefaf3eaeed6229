package creation

import (
	"context"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// kinship is the relation of a directory entry to a line.
type kinship int

const (
	unknownHolder kinship = iota
	sameHolder            // the account is the holder's
	sameKey               // the account is recorded with the holder's CURP, under a wholly different name
	otherHolder           // it is another holder's
	sameStamp             // the line's own request created it
	someStamp             // it bears the line's stamp, but the line did not create it
)

// tie returns an entry's relation to the line. A stamp counts only if our own records confirm it,
// because a store that was lost, or restored from a backup, gives folios again. Neither the address
// nor the name makes an account ours: children have namesakes.
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
		return unknownHolder, nil // no unique key, and the same name
	}
	for _, c := range m.known {
		if c.of(e) {
			return m.same(a, c.name, e), nil
		}
	}
	return unknownHolder, nil
}

// ownStamp returns the relation of an entry that bears the line's stamp: sameStamp if the line may
// have created it, or the receipts have it for this stamp and holder.
func ownStamp(a provisioning.Account, m *known, e provisioning.Entry, now time.Time) (kinship, error) {
	switch {
	case a.MayHaveMade(e, now), slices.ContainsFunc(m.mine, func(c claim) bool { return c.of(e) }):
		return sameStamp, nil
	case m.away != nil:
		return unknownHolder, receiptsAway(m.away)
	}
	return someStamp, nil
}

// ours returns nil if the line created the entry, which bears its stamp; otherwise the error puts
// the line to attention.
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

// same returns the relation of an account recorded with the holder's key: sameHolder, unless the
// record or the directory has a wholly different name.
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

// ownerOf returns the account's holder by our own requests or, where those do not say any more whose it is,
// by the receipts.
func (cr *Creation) ownerOf(ctx context.Context, m *known, e provisioning.Entry) (owner identity.Holder, known bool, err error) {
	err = cr.Store.View(ctx, func(tx provisioning.Tx) error {
		owner, known = identity.Holder{}, false
		line, err := provisioning.LineOf(tx, e, cr.Now())
		if err == nil && line.Stamp != "" && !line.Withheld() {
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
