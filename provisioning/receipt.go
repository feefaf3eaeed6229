package provisioning

import (
	"context"
	"time"
)

// Receipts is the "Servidor de Recibos": the ministry's database of addresses.
// Its errors are CodeUnavailable where the database is away (wait; nothing else
// is delayed), Permanent where it refuses the row.
type Receipts interface {
	// Put makes the row of the stamp say what r says. The same again changes
	// nothing; a stamp or address that is another holder's is CodeConflict, and the
	// row stays as it was.
	Put(ctx context.Context, r Receipt) error
	// Find returns the rows of a holder or an address, in no order.
	Find(ctx context.Context, q ReceiptQuery) ([]Receipt, error)
}

// ReceiptQuery says which rows: those with the stamp, the CURP or CCT of the type, or
// the address. Empty fields, and CURPs that stand for none, look for nothing.
type ReceiptQuery struct {
	Stamp   Stamp
	Type    AccountType
	CURP    CURP
	CCT     CCT // of a work centre's own account; not of the people in it
	Address Address
}

// Receipt is one row. Times are UTC.
type Receipt struct {
	Stamp        Stamp
	Folio        Folio
	Address      Address
	Holder       Holder
	Petition     Petition
	Requester    Actor
	Director     string // names of who decided at each stage
	Subdirector  string
	ObjectID     string
	State        ReceiptState
	RequestedAt  time.Time
	AuthorizedAt time.Time
	CreatedAt    time.Time
}

// ReceiptState is what became of a recorded account.
type ReceiptState string

// The states of a row, as the database holds them.
const (
	ReceiptActive   ReceiptState = "activa"
	ReceiptDisabled ReceiptState = "inhabilitada"
	ReceiptImported ReceiptState = "importada" // from the list kept before Altas; it has no stamp of ours
)
