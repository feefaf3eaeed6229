package retention

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Register finds rows of the receipts; provisioning.Receipts implements it.
type Register interface {
	Find(ctx context.Context, q provisioning.ReceiptQuery) ([]provisioning.Receipt, error)
}

// Archive is what the store keeps about people. Its methods may be called while the service runs; after
// Erase the store's file must be compacted, which needs it closed.
type Archive struct {
	Store    provisioning.Store
	Receipts Register
	Redraw   func(provisioning.Stamp) []job.Job // that draw the cards of a line anew
	Digest   func(identity.CURP) string         // keyed, by a secret that is not in the store: of CURPs that are masked
	Location *time.Location                     // in which the years of a term are counted; for Mask alone
	Now      func() time.Time
}
