package provisioning

import (
	"context"
	"iter"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/audit"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Store is the database of record: requests, their lines, and everything owed because of them.
// Update runs fn in one serializable transaction, which is on disk when Update returns nil. It may
// run fn more than once, so fn may change only the Tx and values that it sets anew each time. An
// error from fn rolls everything back and is returned as it is. View is the same read-only; a write
// in a View fails. provisioningtest.Store tests every implementation of this contract.
type Store interface {
	View(ctx context.Context, fn func(Tx) error) error
	Update(ctx context.Context, fn func(Tx) error) error
}

// Tx is one transaction. A missing record is CodeNotFound unless a method says otherwise. A Tx and
// its iterators are valid only while fn runs; a loop over an iterator may write. Records are
// values: a change is stored only by a Put. Keys contain no zero byte.
type Tx interface {
	Requests
	Accounts
	Search
	Addresses
	Seats
	job.Enqueuer
	Outbox
	Audit
	Documents
}

// Requests stores the requests, indexed by requester and state.
type Requests interface {
	// NextFolio returns the year's next folio. A folio taken in a transaction that fails may be
	// returned again; a committed one never is.
	NextFolio(year int) (Folio, error)
	// PassFolio makes NextFolio continue after f, unless it does already, and returns the folio
	// after which it continues. It never goes back.
	PassFolio(f Folio) (Folio, error)
	Request(Folio) (Request, error)
	PutRequest(Request) error
	// ListRequests yields the requests that match the filter, newest folio first, or oldest first.
	ListRequests(RequestFilter) iter.Seq2[Request, error]
}

// RequestFilter selects requests. A zero field does not restrict.
type RequestFilter struct {
	Requester string       // Entra object id
	State     RequestState // in this state
	Before    Folio        // folios below this one, for the next page
	Oldest    bool         // the oldest first; then After counts in place of Before
	After     Folio        // folios above this one, for the next page of the oldest first
}

// Accounts stores the lines, indexed by request, by Identity and by the words of their names. It
// counts them by state, so that Tally reads no line.
type Accounts interface {
	Account(Stamp) (Account, error)
	PutAccount(Account) error
	// AccountsOf yields a request's lines in order of number, starting behind after.
	AccountsOf(f Folio, after int) iter.Seq2[Account, error]
	// AccountsFor yields all lines of a holder, newest first.
	AccountsFor(identity.Identity) iter.Seq2[Account, error]
	// Tally counts a request's lines by state; none for an unknown folio.
	Tally(Folio) (Tally, error)
}

// Search is the full-text search of lines.
type Search interface {
	// SearchAccounts yields, newest first, the lines that contain every word of the text in the
	// holder's or the responsible's name, the CURP, the CCT or the address. If Requester is set,
	// the address of a Guarded line is not searched until its request is authorised. Words are
	// matched whole, without case and accents. A text without words yields nothing. It reads about
	// as many index entries as the rarest word has, or as the requester has lines if those are
	// fewer, and yields the error of View's context once that has ended.
	SearchAccounts(AccountSearch) iter.Seq2[Account, error]
}

// AccountSearch selects lines. A zero field other than Text does not restrict.
type AccountSearch struct {
	Text      string
	Requester string // Entra object id: only lines of their requests
	Below     Stamp  // lines below this one, for the next page
}

// Addresses stores which line holds which address, from its proposal on.
type Addresses interface {
	// Reserve assigns the address to the line. Repeating it for the same line changes nothing; if
	// another line holds the address it is CodeConflict "address.held".
	Reserve(identity.Address, Stamp) error
	// Release frees the address if that line holds it.
	Release(identity.Address, Stamp) error
	// HolderOf returns the line that holds the address, "" if none does.
	HolderOf(identity.Address) (Stamp, error)
	// Retire makes the store forget the address, and the line hold it for ever: Reserve and HolderOf
	// recognise it by a keyed digest, and Release leaves it. If another line holds it, nothing changes.
	Retire(identity.Address, Stamp) error
}

// Seats stores which lines have a licence seat reserved, and the queues of lines that wait for one,
// in order of arrival. A queue is named by its account type.
type Seats interface {
	// Hold reserves a seat of the SKU for the line and removes it from every queue. Repeating it
	// for the same line and SKU changes nothing; for another SKU it frees the former seat.
	Hold(sku string, s Stamp) error
	// Wait appends the line to the queue, unless it is in one already, and frees its seat.
	Wait(queue string, s Stamp) error
	// Leave frees the line's seat and removes it from any queue.
	Leave(s Stamp) error
	// Held counts the reserved seats of the SKU.
	Held(sku string) (int, error)
	// Waiting yields the lines of a queue in order of arrival.
	Waiting(queue string) iter.Seq2[Stamp, error]
}

// Outbox stores the undelivered notices, in order for each addressee.
type Outbox interface {
	// Post appends a notice to its addressee's and sets its ID, which increases. If Notice.Once is
	// set and was ever posted before, to any addressee, Post does nothing.
	Post(Notice) error
	// Pending yields an addressee's undelivered notices, oldest first.
	Pending(to string) iter.Seq2[Notice, error]
	// Delivered removes the notice; a missing one is no error.
	Delivered(to string, id uint64) error
	// Addressees yields those who have undelivered notices, in byte order.
	Addressees() iter.Seq2[string, error]
}

// Audit is the permanent record of who did what. Its entries are chained by their hashes: see package
// audit.
type Audit interface {
	// Record appends the entry and assigns the next Seq.
	Record(Entered) error
	// Entries yields a request's entries, oldest first; for "" all entries.
	Entries(Folio) iter.Seq2[Entered, error]
	// Redact erases the actor's name and the details of the entries for good, and records e, as act
	// audit.Redact, with their numbers. Entries that were erased before are passed over; if all were,
	// nothing is recorded. A missing entry is CodeNotFound.
	Redact(e Entered, seqs ...uint64) error
	// Head returns the head of the chain, without reading the other entries.
	Head() (audit.Head, error)
	// Chain yields all entries as they are chained, oldest first, for audit.Verify. An entry that
	// cannot be read, and removed newest ones, are an *audit.Break.
	Chain() iter.Seq2[audit.Entry, error]
}

// Entered is one entry of the audit trail. Detail contains no password and no CURP. What names a
// person belongs in By.Name or in Detail, which can be erased; all else is permanent.
type Entered struct {
	Seq    uint64            `json:"seq"`
	At     time.Time         `json:"at"`
	By     Actor             `json:"by"`  // and from which conversation
	Act    string            `json:"act"` // "request.submit", "approval.approve", "account.created" …
	Folio  Folio             `json:"folio,omitempty"`
	Stamp  Stamp             `json:"stamp,omitempty"`
	Before string            `json:"before,omitempty"` // the line's state before the act or, of an act on a request, the request's; "" for a new one
	After  string            `json:"after,omitempty"`  // the state after it
	Detail map[string]string `json:"detail,omitempty"`
	Erased bool              `json:"erased,omitempty"` // By.Name and Detail were erased
}

// Documents stores small records of the packages above, as JSON, under a kind and a key: form
// drafts, conversation references, posted cards.
type Documents interface {
	// Load reads the document into *v; false if there is none.
	Load(kind, key string, v any) (bool, error)
	// Save writes v, replacing what was stored.
	Save(kind, key string, v any) error
	// Drop removes the document, if there is one.
	Drop(kind, key string) error
	// Keys yields the kind's keys that begin with prefix, in byte order.
	Keys(kind, prefix string) iter.Seq2[string, error]
	// Kinds yields the kinds of which there are documents, in byte order.
	Kinds() iter.Seq2[string, error]
}
