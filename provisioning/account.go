package provisioning

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// AccountType is the kind of account asked for.
type AccountType string

// The three kinds of the procedure.
const (
	Student    AccountType = "alumno"
	Teacher    AccountType = "docente"
	WorkCentre AccountType = "centro"
)

// AccountTypes lists the kinds in the order people are offered them.
var AccountTypes = [...]AccountType{Teacher, Student, WorkCentre}

// ParseAccountType returns the type named by s, or an error at the input "type".
func ParseAccountType(s string) (AccountType, error) {
	for _, t := range AccountTypes {
		if string(t) == strings.ToLower(strings.TrimSpace(s)) {
			return t, nil
		}
	}
	return "", Invalid("type", "type.unknown")
}

// Stamp names one line of one request for ever, "2026-000123-0001": 16
// characters, exactly what Graph's employeeId holds. It carries no personal data;
// the account in the directory that bears it is ours.
type Stamp string

// MaxLines is how many lines a request may have for their stamps to keep their length.
const MaxLines = 9999

// NewStamp returns the stamp of line number (1..MaxLines) of a request.
func NewStamp(f Folio, number int) Stamp { return Stamp(fmt.Sprintf("%s-%04d", f, number)) }

var stampShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{6}-[0-9]{4}$`)

// Valid reports whether s has the shape of a stamp: the property that holds it may hold
// what others wrote.
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

// Person is whom a student's or teacher's account is for. CCT is the work centre
// they belong to; Level, Grade and Group are a student's, EmployeeNumber a
// teacher's.
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

// Centre is the work centre that an account is for.
type Centre struct {
	CCT         CCT    `json:"cct,omitempty"`
	Name        string `json:"name,omitempty"`
	Responsible string `json:"responsible,omitempty"`
}

// Holder is who an account is for: a Person or, for WorkCentre, a Centre.
type Holder struct {
	Type   AccountType `json:"type"`
	Person Person      `json:"person,omitzero"`
	Centre Centre      `json:"centre,omitzero"`
}

// DisplayName returns the name as its owner writes it.
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

// Identity is the key by which the same holder is known again: the type with the
// CURP, or with the CCT. A person may be a student and a teacher; those are two. It
// tells nothing of a holder who is not Known: compare with Is.
type Identity string

// Identity returns the holder's key, "docente:HEGG560427MVZRRL04".
func (h Holder) Identity() Identity {
	if h.Type == WorkCentre {
		return Identity(string(h.Type) + ":" + string(h.Centre.CCT))
	}
	return Identity(string(h.Type) + ":" + string(h.Person.CURP))
}

// Known reports whether the holder's key is theirs alone: a person without a CURP, or
// with one that stands for none, is nobody known.
func (h Holder) Known() bool {
	if h.Type == WorkCentre {
		return h.Centre.CCT != ""
	}
	return h.Person.CURP.Identifies()
}

// Key returns the holder's key as others may read it: the CURP masked, or the CCT.
func (h Holder) Key() string {
	if h.Type == WorkCentre {
		return string(h.Centre.CCT)
	}
	return h.Person.CURP.Masked()
}

// Is reports whether both are known to be one and the same.
func (h Holder) Is(other Holder) bool { return h.Known() && h.Identity() == other.Identity() }

// Warnings returns what deserves a second look about the holder's identifiers, on
// now's date.
func (h Holder) Warnings(now time.Time) []Warning {
	var w []Warning
	if h.Type != WorkCentre {
		w = append(h.Person.CURP.Match(h.Person), h.Person.CURP.AgeWarnings(h.Type, now)...)
	}
	return append(w, h.CCT().Warnings()...)
}

// Account is one line of a request: who it is for, and how far it has come. It
// never holds a password.
type Account struct {
	Stamp    Stamp        `json:"stamp"`
	Kind     RequestKind  `json:"kind,omitempty"` // its request's; "" is Create
	Number   int          `json:"number"`         // within the request, from 1
	Holder   Holder       `json:"holder"`
	State    AccountState `json:"state"`
	Address  Address      `json:"address,omitempty"`  // reserved for it; final once created; the one found when it exists
	ObjectID string       `json:"objectId,omitempty"` // Graph's id of the user
	SKU      string       `json:"sku,omitempty"`      // licence held for it, a skuId
	Warnings []Warning    `json:"warnings,omitempty"`
	Trouble  *Trouble     `json:"trouble,omitempty"`  // why it waits for the head of department
	Note     string       `json:"note,omitempty"`     // why it was excluded or dropped
	Passed   []Address    `json:"passed,omitempty"`   // proposed before, and found to be somebody else's
	Chosen   Address      `json:"chosen,omitempty"`   // typed by the head of department: this one or none
	Distinct bool         `json:"distinct,omitempty"` // in records of before Others: the head of department said that whoever is found is somebody else

	// Others and OtherNames are what the head of department was shown, and said to be somebody
	// else's: accounts of the directory, by object id, and names under which the CURP is known.
	// Whoever else is found is a doubt again.
	Others     []string `json:"others,omitempty"`
	OtherNames []string `json:"otherNames,omitempty"`

	// Guarded keeps from the requester whose account it is that stands in the line's way: its
	// address until the request is authorised, for its name is not the one that was typed;
	// the folio of another's request for good.
	Guarded bool `json:"guarded,omitempty"`

	CreateSentAt time.Time `json:"createSentAt,omitzero"` // when its creation was about to be asked for, the last time
	FirstSentAt  time.Time `json:"firstSentAt,omitzero"`  // and the first
	CreatedAt    time.Time `json:"createdAt,omitzero"`
	LicensedAt   time.Time `json:"licensedAt,omitzero"`
	RecordedAt   time.Time `json:"recordedAt,omitzero"` // zero while the receipts row is still owed
	AnnouncedAt  time.Time `json:"announcedAt,omitzero"`
	DisabledAt   time.Time `json:"disabledAt,omitzero"` // when its holder was kept from signing in; zero while they may
	Handover     Handover  `json:"password,omitzero"`
}

// Folio returns the request that the account belongs to.
func (a Account) Folio() Folio { return a.Stamp.Folio() }

// With returns the line with an account that was found: what was done to it since it was
// made was done by others. Once its owner changed the password, or signed in, it is theirs.
func (a Account) With(e Entry) Account {
	a.Address, a.ObjectID, a.CreatedAt = e.Address, e.ID, e.Created
	a.Handover.Used = a.Handover.Used || passwordOf(a, e) == ownersPassword
	return a
}

// Made reports whether the line's account is known to exist.
func (a Account) Made() bool { return a.ObjectID != "" || a.State == AccountExists }

// Handover is what is known of the temporary password: never the password. SetFrom and
// SetAt, like Trial, are by the directory's clock, which its own stamps are by as well.
type Handover struct {
	Reveals int       `json:"reveals,omitempty"` // how often one was set and shown
	ShownAt time.Time `json:"shownAt,omitzero"`  // the last time
	SetFrom time.Time `json:"setFrom,omitzero"`  // the last one that was shown was set no earlier
	SetAt   time.Time `json:"setAt,omitzero"`    // nor later: a change later than this is not ours
	Trial   Trial     `json:"trial,omitzero"`    // one that may have been set since; nobody was shown it
	Used    bool      `json:"used,omitempty"`    // its owner signed in or changed it
	Done    bool      `json:"done,omitempty"`    // the requester said it was handed over
}

// Trial is a setting of a password whose end is not known: the answer was lost, or the
// process died.
type Trial struct {
	Before  time.Time `json:"before,omitzero"`   // of the last change of the password before it
	Likely  time.Time `json:"likely,omitzero"`   // until when a change is taken for it where nobody knew a password before
	Until   time.Time `json:"until,omitzero"`    // when it has been done, or never will be; brought forward once it was refused
	Unclear bool      `json:"unclear,omitempty"` // a change came that may be it, or the owner's
}
