package provisioning

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// AccountType is the type of account requested.
type AccountType string

// The three types of the procedure.
const (
	Student    AccountType = "alumno"
	Teacher    AccountType = "docente"
	WorkCentre AccountType = "centro"
)

// AccountTypes lists the types in the order in which forms offer them.
var AccountTypes = [...]AccountType{Teacher, Student, WorkCentre}

// ParseAccountType returns the type named by s, or an error at the input "type".
func ParseAccountType(s string) (AccountType, error) {
	for _, t := range AccountTypes {
		if string(t) == strings.ToLower(strings.TrimSpace(s)) {
			return t, nil
		}
	}
	return "", problem.Invalid("type", "type.unknown")
}

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

// Person is the holder of a student's or teacher's account. CCT is their work centre; Level, Grade
// and Group are for students, EmployeeNumber is for teachers.
type Person struct {
	GivenNames     string `json:"givenNames,omitempty"`
	FirstSurname   string `json:"firstSurname,omitempty"`
	SecondSurname  string `json:"secondSurname,omitempty"`
	CURP           CURP   `json:"curp,omitempty"`
	CCT            CCT    `json:"cct,omitempty"`
	Level          string `json:"level,omitempty"`
	Grade          string `json:"grade,omitempty"`
	Group          string `json:"group,omitempty"`
	EmployeeNumber string `json:"employeeNumber,omitempty"`
}

// Centre is the work centre that holds an account.
type Centre struct {
	CCT         CCT    `json:"cct,omitempty"`
	Name        string `json:"name,omitempty"`
	Responsible string `json:"responsible,omitempty"`
}

// Holder is whose account it is: a Person or, for WorkCentre, a Centre.
type Holder struct {
	Type   AccountType `json:"type"`
	Person Person      `json:"person,omitzero"`
	Centre Centre      `json:"centre,omitzero"`
}

// DisplayName returns the name as typed, a person's with single spaces.
func (h Holder) DisplayName() string {
	if h.Type == WorkCentre {
		return h.Centre.Name
	}
	return strings.Join(strings.Fields(h.Person.GivenNames+" "+h.Person.FirstSurname+" "+h.Person.SecondSurname), " ")
}

// CCT returns the work centre that the holder is, or belongs to.
func (h Holder) CCT() CCT {
	if h.Type == WorkCentre {
		return h.Centre.CCT
	}
	return h.Person.CCT
}

// Identity is the key by which a holder is recognised: the type with the CURP, or with the CCT. A
// person who is a student and a teacher has two. It does not identify a holder who is not Known:
// compare with Is.
type Identity string

// Identity returns the holder's key, "docente:HEGG560427MVZRRL04".
func (h Holder) Identity() Identity {
	if h.Type == WorkCentre {
		return Identity(string(h.Type) + ":" + string(h.Centre.CCT))
	}
	return Identity(string(h.Type) + ":" + string(h.Person.CURP))
}

// Known reports whether the holder's key is unique to them. A person without a CURP, or with a
// generic one, is not Known.
func (h Holder) Known() bool {
	if h.Type == WorkCentre {
		return h.Centre.CCT != ""
	}
	return h.Person.CURP.Identifies()
}

// Key returns the holder's key for display: the CURP masked, or the CCT.
func (h Holder) Key() string {
	if h.Type == WorkCentre {
		return string(h.Centre.CCT)
	}
	return h.Person.CURP.Masked()
}

// Is reports whether both are Known and have the same Identity.
func (h Holder) Is(other Holder) bool { return h.Known() && h.Identity() == other.Identity() }

// Warnings returns the doubts about the holder's identifiers, on now's date.
func (h Holder) Warnings(now time.Time) []problem.Warning {
	var w []problem.Warning
	if h.Type != WorkCentre {
		w = append(h.Person.CURP.Match(h.Person), h.Person.CURP.AgeWarnings(h.Type, now)...)
	}
	return append(w, h.CCT().Warnings()...)
}

// Account is one line of a request: its holder, its state, and the account in the directory. It
// never contains a password.
type Account struct {
	Stamp    Stamp             `json:"stamp"`
	Kind     RequestKind       `json:"kind,omitempty"` // its request's; "" is Create
	Number   int               `json:"number"`         // within the request, from 1
	Holder   Holder            `json:"holder"`
	State    AccountState      `json:"state"`
	Address  Address           `json:"address,omitempty"`  // reserved for it; final once created; if State is AccountExists, the one found
	ObjectID string            `json:"objectId,omitempty"` // Graph's id of the user
	SKU      string            `json:"sku,omitempty"`      // licence reserved for it, a skuId
	Warnings []problem.Warning `json:"warnings,omitempty"`
	Trouble  *Trouble          `json:"trouble,omitempty"`  // why it is in attention
	Note     string            `json:"note,omitempty"`     // why it was excluded or dropped
	Passed   []Address         `json:"passed,omitempty"`   // proposed before, and found to be another person's
	Chosen   Address           `json:"chosen,omitempty"`   // typed by the head of department: only this one is tried
	Distinct bool              `json:"distinct,omitempty"` // in records older than Others: the head of department decided that all accounts found are other people's

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
	DisabledAt   time.Time `json:"disabledAt,omitzero"` // since when sign-in is blocked; zero while it is allowed
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
}

// Trial is a request to set a password whose result is not known: the answer was lost, or the
// process died.
type Trial struct {
	Before  time.Time `json:"before,omitzero"`   // time of the last password change before it
	Likely  time.Time `json:"likely,omitzero"`   // if no password was shown before, a change up to then is attributed to the trial
	Until   time.Time `json:"until,omitzero"`    // latest time at which the trial may take effect; moved earlier once it was refused
	Unclear bool      `json:"unclear,omitempty"` // a change was seen that the trial or the owner may have made
}
