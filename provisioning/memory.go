package provisioning

import (
	"context"
	"slices"
	"time"
)

// memory is what our requests and the receipts remember of a line's holder and of
// its address, whatever became of it since.
type memory struct {
	known    []Address // addresses that the holder had
	fresh    bool      // an account of ours was made so lately that the directory may not show it
	recorded bool      // the address is another row's in the receipts
}

// lately is for how long an account that does not show in the directory is taken
// to be late rather than gone.
const lately = time.Hour

func (p *Provisioner) remember(ctx context.Context, a Account) (memory, error) {
	m, err := p.rememberLines(ctx, a)
	if err != nil {
		return m, err
	}
	h := a.Holder
	q := ReceiptQuery{Type: h.Type, CURP: h.Person.CURP, Address: a.Address}
	if h.Type == WorkCentre {
		q.CURP, q.CCT = "", h.Centre.CCT
	}
	for _, row := range p.receipts(ctx, q) {
		theirs := row.Holder.Is(h)
		switch {
		case row.Stamp != "" && row.Stamp == a.Stamp:
			continue
		case theirs && row.State != ReceiptDisabled:
			m.add(row.Address)
		}
		// A row of the list kept before Altas becomes ours; any other keeps its address.
		m.recorded = m.recorded || row.Address == a.Address && !(theirs && row.Stamp == "")
	}
	return m, nil
}

// rememberLines goes through the other lines for the same holder.
func (p *Provisioner) rememberLines(ctx context.Context, a Account) (memory, error) {
	var m memory
	if !a.Holder.Known() {
		return m, nil
	}
	err := p.Store.View(ctx, func(tx Tx) error {
		m = memory{}
		for other, err := range tx.AccountsFor(a.Holder.Identity()) {
			if err != nil {
				return err
			}
			if other.Stamp != a.Stamp && other.Made() {
				m.add(other.Address)
				m.fresh = m.fresh || p.Now().Sub(other.CreatedAt) < lately
			}
		}
		return nil
	})
	return m, err
}

func (m *memory) add(a Address) {
	if a != "" && !slices.Contains(m.known, a) {
		m.known = append(m.known, a)
	}
}

// receipts asks the receipts. The database being away delays nothing: what it
// would have told is then unknown.
func (p *Provisioner) receipts(ctx context.Context, q ReceiptQuery) []Receipt {
	rows, err := p.findRows(ctx, q)
	if err != nil {
		p.Log.WarnContext(ctx, "receipts not asked", "err", err)
		return nil
	}
	return rows
}
