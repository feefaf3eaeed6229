package provisioning

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// Receipts is the "Servidor de Recibos", the ministry's database of addresses. Its errors are
// CodeUnavailable if the database does not answer (only the row is delayed), Permanent if it
// refuses the row.
type Receipts interface {
	// Put writes the row of r's stamp. Repeating it changes nothing. A stamp or address of another
	// holder's row is CodeConflict, and nothing is written. The recovery of an existing row stays as
	// it is; a new row has r's. A row whose holder was erased stays as it is.
	Put(ctx context.Context, r Receipt) error
	// Find returns the matching rows, in no order.
	Find(ctx context.Context, q ReceiptQuery) ([]Receipt, error)
	// Recovered writes into the row of the address, compared as Put does, that the request f renewed
	// its account's password at the given time. Repeating it, or an earlier time than the row has,
	// changes nothing. An address without a row is no error.
	Recovered(ctx context.Context, address identity.Address, f Folio, at time.Time) error
}

// ReceiptQuery selects the rows that have the stamp, the CURP or CCT with the type, or the address.
// Empty fields, and generic CURPs, select none.
type ReceiptQuery struct {
	Stamp   Stamp
	Type    identity.AccountType
	CURP    identity.CURP
	CCT     identity.CCT // of a work centre's own account, not of its people's
	Address identity.Address
}

// Receipt is one row. Times are UTC.
type Receipt struct {
	Stamp        Stamp
	Folio        Folio
	Address      identity.Address
	Holder       identity.Holder
	Petition     Petition
	Requester    Actor
	Director     string // names of those who approved
	Subdirector  string
	ObjectID     string
	State        ReceiptState
	RequestedAt  time.Time
	AuthorizedAt time.Time
	CreatedAt    time.Time

	RecoveredAt   time.Time // of the latest password recovery; zero if there was none
	RecoveryFolio Folio     // of its request
}

// ReceiptState is the state of a recorded account.
type ReceiptState string

// The states of a row, as stored in the database.
const (
	ReceiptActive   ReceiptState = "activa"
	ReceiptDisabled ReceiptState = "inhabilitada"
	ReceiptImported ReceiptState = "importada" // from the list older than Altas; without a stamp of ours
	ReceiptErased   ReceiptState = "suprimida" // its holder was erased: it has a stamp, and an address that nobody can have
)
