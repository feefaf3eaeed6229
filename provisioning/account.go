package provisioning

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Stamp identifies one line of one request permanently, "2026-000123-0001": 16 characters, the
// maximum of Graph's employeeId. It contains no personal data. The directory account that bears it
// was created by Altas.
type Stamp string

// MaxLines is the most lines that a request may have, so that stamps keep their length.
const MaxLines = 9999

// NewStamp returns the stamp of line number (1..MaxLines) of a request.
func NewStamp(f Folio, number int) Stamp { return Stamp(fmt.Sprintf("%s-%04d", f, number)) }

var stampShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{6}-[0-9]{4}$`)

// Valid reports whether s has the shape of a stamp. The property that stores it may contain values
// that others wrote.
func (s Stamp) Valid() bool { return stampShape.MatchString(string(s)) }

// Number returns the number of the line within its request.
func (s Stamp) Number() int {
	n, _ := strconv.Atoi(string(s[strings.LastIndexByte(string(s), '-')+1:]))
	return n
}

// Folio returns the request that the stamp belongs to.
func (s Stamp) Folio() Folio {
	i := strings.LastIndexByte(string(s), '-')
	if i < 0 {
		return ""
	}
	return Folio(s[:i])
}

// Account is one line of a request: its holder, its state, and the account in the directory. It
// never contains a password.
type Account struct {
	Stamp    Stamp              `json:"stamp"`
	Kind     RequestKind        `json:"kind,omitempty"` // its request's; "" is Create
	Number   int                `json:"number"`         // within the request, from 1
	Holder   identity.Holder    `json:"holder"`
	State    AccountState       `json:"state"`
	Address  identity.Address   `json:"address,omitempty"`  // reserved for it; final once created; if State is AccountExists, the one found
	ObjectID string             `json:"objectId,omitempty"` // Graph's id of the user
	SKU      string             `json:"sku,omitempty"`      // licence reserved for it, a skuId
	Warnings []problem.Warning  `json:"warnings,omitempty"`
	Trouble  *Trouble           `json:"trouble,omitempty"`  // why it is in attention
	Note     string             `json:"note,omitempty"`     // why it was excluded or dropped
	Passed   []identity.Address `json:"passed,omitempty"`   // proposed before, and found to be another person's
	Chosen   identity.Address   `json:"chosen,omitempty"`   // typed by the head of department: only this one is tried
	Distinct bool               `json:"distinct,omitempty"` // in records older than Others: the head of department decided that all accounts found are other people's

	// Others and OtherNames are what the head of department was shown and decided to be other
	// people's: directory accounts, by object id, and names under which the CURP is known. Any
	// other account or name found is a new doubt.
	Others     []string `json:"others,omitempty"`
	OtherNames []string `json:"otherNames,omitempty"`

	// Guarded hides from the requester which account conflicts with the line: its address, until
	// the request is authorised, because its name is not the one typed; the folio of another
	// person's request, permanently.
	Guarded bool `json:"guarded,omitempty"`

	CreateSentAt time.Time `json:"createSentAt,omitzero"` // set just before the last request that creates the account
	FirstSentAt  time.Time `json:"firstSentAt,omitzero"`  // set just before the first one
	CreatedAt    time.Time `json:"createdAt,omitzero"`
	LicensedAt   time.Time `json:"licensedAt,omitzero"`
	RecordedAt   time.Time `json:"recordedAt,omitzero"` // zero while its receipts row is not written
	AnnouncedAt  time.Time `json:"announcedAt,omitzero"`
	DisabledAt   time.Time `json:"disabledAt,omitzero"`    // since when sign-in is blocked; zero while it is allowed
	MaskedAt     time.Time `json:"maskedAt,omitzero"`      // when its CURP was masked, because its request need not be kept any longer
	ErasedAt     time.Time `json:"erasedAt,omitzero"`      // when all that names its holder was erased, as they have a right to
	HolderDigest string    `json:"holderDigest,omitempty"` // keyed digest of the CURP that was masked, by which its holder can still be erased
	Handover     Handover  `json:"password,omitzero"`

	// Recovery is the latest request that renewed the password of the account that the line created;
	// for the receipts, whose row may be written later.
	Recovery Recovery `json:"recovery,omitzero"`
}

// Recovery is when, by our clock, and by which request an account's password was renewed.
type Recovery struct {
	Folio Folio     `json:"folio"`
	At    time.Time `json:"at"`
}

// Folio returns the request that the account belongs to.
func (a Account) Folio() Folio { return a.Stamp.Folio() }

// With returns the line with an account that was found. What changed in the account since its
// creation was not done by Altas: if its owner changed the password or signed in, the password
// counts as used.
func (a Account) With(e Entry) Account {
	a.Address, a.ObjectID, a.CreatedAt = e.Address, e.ID, e.Created
	a.Handover.Used = a.Handover.Used || passwordOf(a, e) == ownersPassword
	return a
}

// Withheld reports whether the line does not say any more whose account it is: its CURP was masked, or
// its holder erased.
func (a Account) Withheld() bool { return !a.MaskedAt.IsZero() || !a.ErasedAt.IsZero() }

// Made reports whether the line's account is known to exist.
func (a Account) Made() bool { return a.ObjectID != "" || a.State == AccountExists }

// Handover is what is known of the temporary password; never the password itself. Since, SetFrom,
// SetAt and Trial are in the directory's clock, as are its own timestamps.
type Handover struct {
	Since   time.Time `json:"since,omitzero"`    // when Altas replaced the former password of an account that existed, by one that nobody knows; zero for accounts that it created
	Reveals int       `json:"reveals,omitempty"` // how many passwords were set and shown
	ShownAt time.Time `json:"shownAt,omitzero"`  // when the last one was shown
	SetFrom time.Time `json:"setFrom,omitzero"`  // earliest time at which the last one shown was set
	SetAt   time.Time `json:"setAt,omitzero"`    // latest such time: a later change was made by others
	Trial   Trial     `json:"trial,omitzero"`    // a password that may have been set since; it was not shown
	Used    bool      `json:"used,omitempty"`    // the account's owner signed in or changed it
	Done    bool      `json:"done,omitempty"`    // the requester confirmed that it was handed over
	DoneAt  time.Time `json:"doneAt,omitzero"`   // when, by our clock; zero in records of earlier versions
}

// Trial is a request to set a password whose result is not known: the answer was lost, or the
// process died.
type Trial struct {
	Before  time.Time `json:"before,omitzero"`   // time of the last password change before it
	Likely  time.Time `json:"likely,omitzero"`   // if no password was shown before, a change up to then is attributed to the trial
	Until   time.Time `json:"until,omitzero"`    // latest time at which the trial may take effect; moved earlier once it was refused
	Unclear bool      `json:"unclear,omitempty"` // a change was seen that the trial or the owner may have made
}
