package provisioning

import (
	"crypto/rand"
	"fmt"
	"regexp"
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// Folio is a request's number, "2026-000123": the year and six digits. A folio is never used twice;
// gaps have no meaning.
type Folio string

// NewFolio returns the folio of the n-th request (1..999999) of a year.
func NewFolio(year, n int) Folio { return Folio(fmt.Sprintf("%04d-%06d", year, n)) }

var folioShape = regexp.MustCompile(`^[0-9]{4}-[0-9]{6}$`)

// Valid reports whether f has the shape of a folio.
func (f Folio) Valid() bool { return folioShape.MatchString(string(f)) }

// Number returns the year and the number of the folio, zeros if it is not a folio.
func (f Folio) Number() (year, n int) {
	if _, err := fmt.Sscanf(string(f), "%4d-%6d", &year, &n); err != nil {
		return 0, 0
	}
	return year, n
}

// Actor is a person of the tenant who acts. ID is their Entra object id, by which alone authority
// is checked; Name is for display. Conversation is the id of the Teams conversation they act in, ""
// for System: Audit keeps it with the act, other records never do.
type Actor struct {
	ID           string `json:"id"`
	Name         string `json:"name,omitempty"`
	Conversation string `json:"-"`
}

// System is the actor of automatic acts.
var System = Actor{ID: "altas", Name: "Altas"}

// Petition is the document that requests the accounts: its medium, its number as written on it, and
// its date (midnight UTC; zero if none was given).
type Petition struct {
	Medium input.Medium `json:"medium"`
	Number string       `json:"number,omitempty"`
	Date   time.Time    `json:"date,omitzero"`
}

// Request is one petition for accounts of one type. Its lines are separate Account records in the
// Store. Version is incremented by each visible change and is on every card. Mark is on the cards
// too: after a restore of the Store the same folio may be given to another request, or be corrected
// differently.
type Request struct {
	Folio       Folio                `json:"folio"`
	Mark        string               `json:"mark,omitempty"`  // random, unique to this round of this request; "" for requests of earlier versions
	Marks       []string             `json:"marks,omitempty"` // of the earlier rounds
	Kind        RequestKind          `json:"kind,omitempty"`  // "" is Create
	Type        identity.AccountType `json:"type"`
	State       RequestState         `json:"state"`
	Version     int                  `json:"version"`
	Round       int                  `json:"round"` // number of submissions, from 1
	Requester   Actor                `json:"requester"`
	Locale      string               `json:"locale,omitempty"` // the requester's, BCP-47
	Area        string               `json:"area,omitempty"`
	CCT         identity.CCT         `json:"cct,omitempty"`
	Phone       string               `json:"phone,omitempty"`
	Petition    Petition             `json:"petition"`
	Notes       string               `json:"notes,omitempty"`
	Lines       int                  `json:"lines"`
	Stages      []StageName          `json:"stages,omitzero"` // that decide on it, in order; nil for all, in requests of earlier versions
	Decisions   []Decision           `json:"decisions,omitempty"`
	Subject     string               `json:"subject"`           // the first line's display name
	Changed     []string             `json:"changed,omitempty"` // inputs that a correction changed; marked for the approvers
	SubmittedAt time.Time            `json:"submittedAt"`
	StageSince  time.Time            `json:"stageSince"` // when the present state began
	EndedAt     time.Time            `json:"endedAt,omitzero"`
	MaskedAt    time.Time            `json:"maskedAt,omitzero"` // when the CURPs of all its lines were masked
}

// Bears reports whether a card with that mark was built for this request, in this round or an
// earlier one.
func (r Request) Bears(mark string) bool { return r.Mark == mark || slices.Contains(r.Marks, mark) }

// newMark returns ten random characters, A-Z and 2-7.
func newMark() string { return rand.Text()[:10] }

// Verdict is what an approver decides.
type Verdict string

// The verdicts.
const (
	Approve Verdict = "approve" // turn over to the next stage, or authorise
	Return  Verdict = "return"  // back to the requester for correction
	Reject  Verdict = "reject"  // final
)

// Decision is one stage's verdict.
type Decision struct {
	Stage    StageName `json:"stage"`
	Verdict  Verdict   `json:"verdict"`
	By       Actor     `json:"by"`
	At       time.Time `json:"at"`
	Comment  string    `json:"comment,omitempty"`
	Excluded []int     `json:"excluded,omitempty"` // numbers of the lines left out
	Round    int       `json:"round"`
}

// Decision returns the stage's decision in the present round.
func (r Request) Decision(stage StageName) (Decision, bool) {
	for _, d := range r.Decisions {
		if d.Stage == stage && d.Round == r.Round {
			return d, true
		}
	}
	return Decision{}, false
}

// Lapsed reports whether the request expired because it was returned and not corrected.
func (r Request) Lapsed() bool {
	last, ok := r.LastDecision()
	return r.State == StateExpired && ok && last.Round == r.Round && last.Verdict == Return
}

// LastDecision returns the newest decision of any round.
func (r Request) LastDecision() (Decision, bool) {
	if len(r.Decisions) == 0 {
		return Decision{}, false
	}
	return r.Decisions[len(r.Decisions)-1], true
}
