package provisioning

import (
	"context"
	"iter"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Store is the one truth: requests, their lines, and everything owed because of
// them. Update runs fn in one serializable transaction that is on disk when
// Update returns nil; it may run fn more than once, so fn must touch nothing but
// the Tx and values it sets afresh. An error from fn undoes all and is returned as it is. View is the same
// without writing; a write in a View fails. provisioningtest.Store holds every
// implementation to this contract.
type Store interface {
	View(ctx context.Context, fn func(Tx) error) error
	Update(ctx context.Context, fn func(Tx) error) error
}

// Tx is one transaction. A record that is not there is CodeNotFound, except where
// a method says otherwise. It is valid only while fn runs, and so are its iterators;
// a loop over one may write. Records are values: changing one changes nothing until
// it is put. Keys hold no zero byte.
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

// Requests keeps the requests, indexed by requester and state.
type Requests interface {
	// NextFolio takes the year's next number. One taken in a transaction that
	// fails may be given again; one that was committed never is.
	NextFolio(year int) (Folio, error)
	// PassFolio has NextFolio count on after f, where it does not already, and returns
	// the folio after which it counts. It never counts back.
	PassFolio(f Folio) (Folio, error)
	Request(Folio) (Request, error)
	PutRequest(Request) error
	// ListRequests yields the requests that fit the filter, newest folio first.
	ListRequests(RequestFilter) iter.Seq2[Request, error]
}

// RequestFilter chooses requests. Zero fields choose all.
type RequestFilter struct {
	Requester string       // Entra object id
	State     RequestState // in this state
	Before    Folio        // folios below this one, for the next page
}

// Accounts keeps the lines, indexed by request, by Identity and by the words of
// their names; and counts them by state, so that Tally reads no line.
type Accounts interface {
	Account(Stamp) (Account, error)
	PutAccount(Account) error
	// AccountsOf yields a request's lines by number, from the one after.
	AccountsOf(f Folio, after int) iter.Seq2[Account, error]
	// AccountsFor yields every line ever asked for a holder, newest first.
	AccountsFor(Identity) iter.Seq2[Account, error]
	// Tally counts a request's lines by state; an unknown folio counts none.
	Tally(Folio) (Tally, error)
}

// Search finds lines as people ask for them.
type Search interface {
	// SearchAccounts yields, newest first, the lines that have every word of the text
	// among those of the holder's and the responsible's names, the CURP, the CCT and
	// the address. To a requester an address that is kept from them is none: that of a
	// Guarded line until its request is authorised. Words are whole; case and accents do not count. A text without
	// words finds nothing. It reads about as many entries as the rarest word has, or as
	// the requester has lines where that is less, and yields the context's error once
	// that of the View has ended.
	SearchAccounts(AccountSearch) iter.Seq2[Account, error]
}

// AccountSearch is what lines are looked for by. Zero fields but Text choose all.
type AccountSearch struct {
	Text      string
	Requester string // Entra object id: only lines of their requests
	Below     Stamp  // lines below this one, for the next page
}

// Addresses keeps who holds which address, from its proposal on.
type Addresses interface {
	// Reserve gives the address to the line. Again for the same line changes
	// nothing; held by another it is CodeConflict "address.held".
	Reserve(Address, Stamp) error
	// Release frees the address if that line holds it.
	Release(Address, Stamp) error
	// HolderOf returns the line that holds the address, "" if none does.
	HolderOf(Address) (Stamp, error)
}

// Seats keeps which lines have a licence put aside, and which wait for one, in
// order of arrival. A queue is named by the account type it serves.
type Seats interface {
	// Hold puts a seat of the SKU aside for the line and takes it out of every
	// queue. Again for the same line and SKU changes nothing; of another SKU, it
	// gives the former seat back.
	Hold(sku string, s Stamp) error
	// Wait puts the line at the end of the queue, if it waits in none, and gives
	// back its seat.
	Wait(queue string, s Stamp) error
	// Leave gives back the line's seat and its place in any queue.
	Leave(s Stamp) error
	// Held counts the seats of the SKU that are put aside.
	Held(sku string) (int, error)
	// Waiting yields the lines of a queue, the first to come first.
	Waiting(queue string) iter.Seq2[Stamp, error]
}

// Outbox keeps what people are still to be told, in order, for each of them.
type Outbox interface {
	// Post adds a notice at the end of its addressee's and sets its ID, which
	// grows. Where Notice.Once is set and was posted before, to anyone and at any
	// time, nothing happens.
	Post(Notice) error
	// Pending yields a person's undelivered notices, oldest first.
	Pending(to string) iter.Seq2[Notice, error]
	// Delivered takes the notice out. One that is not there is no error.
	Delivered(to string, id uint64) error
}

// Audit keeps who did what, for ever.
type Audit interface {
	// Record appends the entry and gives it the next Seq.
	Record(Entered) error
	// Entries yields a request's entries, oldest first; all of them for "".
	Entries(Folio) iter.Seq2[Entered, error]
}

// Entered is one entry of the audit trail. Detail holds no password and no CURP.
type Entered struct {
	Seq    uint64            `json:"seq"`
	At     time.Time         `json:"at"`
	By     Actor             `json:"by"`
	Act    string            `json:"act"` // "request.submit", "approval.approve", "account.created" …
	Folio  Folio             `json:"folio,omitempty"`
	Stamp  Stamp             `json:"stamp,omitempty"`
	Detail map[string]string `json:"detail,omitempty"`
}

// Documents keeps the small records of the rooms above, as JSON, under a kind and
// a key: drafts of the form, conversations, the cards that were posted.
type Documents interface {
	// Load reads the document into the value that v points to; false if there is none.
	Load(kind, key string, v any) (bool, error)
	// Save writes v in place of what was there.
	Save(kind, key string, v any) error
	// Drop removes the document, if it is there.
	Drop(kind, key string) error
	// Keys yields the kind's keys that begin with prefix, in byte order.
	Keys(kind, prefix string) iter.Seq2[string, error]
}
