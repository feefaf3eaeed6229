package creation

import (
	"context"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Record writes the receipts row of the line.
func (cr *Creation) Record(ctx context.Context, rows provisioning.Receipts, r provisioning.Request, a provisioning.Account) error {
	return rows.Put(ctx, rowOf(r, a))
}

// rowOf returns the receipts row of a line.
func rowOf(r provisioning.Request, a provisioning.Account) provisioning.Receipt {
	row := provisioning.Receipt{
		Stamp: a.Stamp, Folio: r.Folio, Address: a.Address, Holder: a.Holder, Petition: r.Petition,
		Requester: r.Requester, ObjectID: a.ObjectID, State: provisioning.ReceiptActive,
		RequestedAt: r.SubmittedAt, CreatedAt: a.CreatedAt, RecoveredAt: a.Recovery.At, RecoveryFolio: a.Recovery.Folio,
	}
	if !a.DisabledAt.IsZero() {
		row.State = provisioning.ReceiptDisabled
	}
	if d, ok := r.Decision(provisioning.Director); ok {
		row.Director = d.By.Name
	}
	if d, ok := r.Decision(provisioning.Subdirector); ok {
		row.Subdirector, row.AuthorizedAt = d.By.Name, d.At
	}
	return row
}
