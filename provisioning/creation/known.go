package creation

import (
	"context"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// known is what our requests and the receipts have recorded about a line's holder, stamp and
// address, whether or not it still holds.
type known struct {
	known    []claim               // accounts recorded for the holder
	mine     []claim               // accounts that the receipts have for this line and holder
	stamped  *provisioning.Receipt // another holder's row with the line's stamp
	misnamed string                // a wholly different name under which the holder's CURP is known, unless the head of department decided that it is another person's
	called   string                // the name under which the holder's account is recorded
	fresh    bool                  // an account of ours was created so recently that the directory may not show it
	recorded bool                  // another receipts row has the address
	away     error                 // error of the receipts, if they did not answer
}

// claim is a record that an account belongs to a holder: its address then, and what else was
// recorded.
type claim struct {
	address  identity.Address
	objectID string // "" if not recorded
	stamp    provisioning.Stamp
	name     string
}

// of reports whether the claim is about that account, not about another one that has the address by
// now.
func (c claim) of(e provisioning.Entry) bool {
	return e.Has(c.address) && (c.objectID == "" || c.objectID == e.ID) && (c.stamp == "" || e.Stamp == "" || c.stamp == e.Stamp)
}

func claimOf(row provisioning.Receipt) claim {
	return claim{row.Address, row.ObjectID, row.Stamp, row.Holder.DisplayName()}
}

func (cr *Creation) remember(ctx context.Context, a provisioning.Account) (known, error) {
	m, err := cr.rememberLines(ctx, a)
	if err != nil {
		return m, err
	}
	h := a.Holder
	q := provisioning.ReceiptQuery{Stamp: a.Stamp, Type: h.Type, CURP: h.Person.CURP, Address: a.Address}
	if h.Type == identity.WorkCentre {
		q.CURP, q.CCT = "", h.Centre.CCT
	}
	for _, row := range cr.receipts(ctx, &m, q) {
		m.row(a, row)
	}
	return m, nil
}

// rememberLines reads the other lines for the same holder.
func (cr *Creation) rememberLines(ctx context.Context, a provisioning.Account) (known, error) {
	var m known
	if !a.Holder.Known() {
		return m, nil
	}
	err := cr.Store.View(ctx, func(tx provisioning.Tx) error {
		m = known{}
		for other, err := range tx.AccountsFor(a.Holder.Identity()) {
			if err == nil && other.Kind.Creates() && other.Stamp != a.Stamp {
				err = m.line(tx, a, other, cr.Now())
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
	return m, err
}

// line adds another line of the holder. A line without an account counts only if its request is
// being provisioned under a wholly different name: then a person decides between the two.
func (m *known) line(tx provisioning.Tx, a, other provisioning.Account, now time.Time) error {
	misnamed := a.Holder.Misnamed(other.Holder.DisplayName())
	if !other.Made() {
		if !misnamed || other.State == provisioning.AccountExcluded {
			return nil
		}
		r, err := tx.Request(other.Folio())
		if err == nil && (r.State == provisioning.StateProvisioning || r.State == provisioning.StateAttention) {
			m.doubt(a, other.Holder.DisplayName())
		}
		return err
	}
	m.know(a, claim{other.Address, other.ObjectID, other.Stamp, other.Holder.DisplayName()})
	m.fresh = m.fresh || !misnamed && now.Sub(other.CreatedAt) < provisioning.Lately
	return nil
}

// row adds a row of the receipts.
func (m *known) row(a provisioning.Account, row provisioning.Receipt) {
	theirs := row.Holder.Is(a.Holder)
	switch ours := a.Stamp != "" && row.Stamp == a.Stamp; {
	case ours && theirs && !a.Holder.Misnamed(row.Holder.DisplayName()):
		m.mine = append(m.mine, claimOf(row))
		return
	case ours:
		m.stamped = &row
		return
	case theirs && row.State != provisioning.ReceiptDisabled:
		m.know(a, claimOf(row))
	}
	// A row from the list older than Altas becomes ours; any other row keeps its address.
	m.recorded = m.recorded || row.Address == a.Address && !(theirs && row.Stamp == "")
}

func (m *known) know(a provisioning.Account, c claim) {
	if a.Holder.Misnamed(c.name) {
		m.doubt(a, c.name)
	}
	if c.address != "" {
		m.known = append(m.known, c)
	}
}

// doubt records a wholly different name under which the holder's CURP is known.
func (m *known) doubt(a provisioning.Account, name string) {
	if !a.DisownsName(name) {
		m.misnamed = name
	}
}

// addresses returns the addresses under which the holder is known, each once.
func (m *known) addresses() []identity.Address {
	var all []identity.Address
	for _, c := range m.known {
		if !slices.Contains(all, c.address) {
			all = append(all, c.address)
		}
	}
	return all
}

// stampedFor returns the holder for whom the receipts have the line's stamp, as arguments of the
// text.
func (m *known) stampedFor() map[string]string {
	if m.stamped == nil {
		return nil
	}
	h := m.stamped.Holder
	return map[string]string{"holder": strings.TrimSpace(h.DisplayName() + " " + h.Key())}
}

// receipts finds rows. If the database is unavailable it returns none and sets m.away, so that only
// decisions that need them are delayed.
func (cr *Creation) receipts(ctx context.Context, m *known, q provisioning.ReceiptQuery) []provisioning.Receipt {
	rows, err := cr.Executor.FindReceipts(ctx, q)
	if err != nil {
		cr.Log.WarnContext(ctx, "receipts not read", "err", err)
		m.away = err
		return nil
	}
	return rows
}
