package cards

import (
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// MaxPeople is how many people a card shows one by one; of longer lists it shows
// the first and tells how many more there are.
const MaxPeople = 10

// Form is a draft as its cards show it.
type Form struct {
	Draft   string // id
	Kind    provisioning.RequestKind
	Version int
	Folio   provisioning.Folio // of the returned request that it corrects
	Mark    string             // of that request
	Comment string             // why that was returned
	Values  map[string]string  // of the card's inputs, by name, as typed or remembered
	Errors  map[string]error   // by input name
	Refused error              // of no input

	People    []Entry // so far, in order
	Editing   int     // number of the person whose Values are shown; 0 for a new one
	Limit     int     // people at most; MaxPeople where 0
	Catalogue bool    // work centres may be searched: the input cct asks the data set Centres
	Centre    string  // name of the one whose CCT stands there; "" where it is not in the catalogue
}

// Centres is the data set that the input cct searches.
const Centres = "centros"

// Entry is a person or work centre of a draft.
type Entry struct {
	Holder   identity.Holder
	Address  identity.Address // proposed
	Warnings []problem.Warning
	Taken    []identity.Address // better ones that somebody else has
	Existing identity.Address   // of the account that the holder has
	Pending  provisioning.Folio // of the request that asks for it already
	Guarded  bool               // of that account, or request, the requester is told no more than that it is there
}

// Type returns the account type chosen so far.
func (f Form) Type() identity.AccountType {
	return identity.AccountType(f.Values["type"])
}

// MayAdd reports whether the form takes one more: of the people of a longer list the
// stages' cards show no more than a few, and a work centre asks for itself alone.
func (f Form) MayAdd() bool { return !centred(f.Type()) && len(f.People) < f.limit() }

// new reports whether there is anybody on the form for whom an account would be made.
func (f Form) new() bool {
	return slices.ContainsFunc(f.People, func(p Entry) bool { return p.Existing == "" && p.Pending == "" })
}

func (f Form) limit() int {
	if f.Limit > 0 {
		return min(f.Limit, MaxPeople)
	}
	return MaxPeople
}

func (f Form) data(verb, step string) Data {
	return Data{Verb: verb, Draft: f.Draft, Kind: f.Kind, Version: f.Version, Step: step, Folio: f.Folio, Mark: f.Mark}
}

// RequestView is a request with what its cards tell of it.
type RequestView struct {
	Request  provisioning.Request
	Accounts []provisioning.Account // the first lines, at least MaxPeople of them where there are
	Tally    provisioning.Tally
	Stages   []provisioning.StageName // in order; director and subdirector where nil
	Worked   time.Duration            // working time that the present holder has had it; 0 where unknown
	Place    int                      // of its first line in the queue for a licence; 0 for none
	Others   bool                     // it is shown to somebody else than its requester: there is nothing to press
}

func (d RequestView) stages() []provisioning.StageName {
	if d.Stages == nil {
		return []provisioning.StageName{provisioning.Director, provisioning.Subdirector}
	}
	return d.Stages
}

// Last reports whether the stage is the request's last one, which authorises; the others turn it
// over.
func (d RequestView) Last(stage provisioning.StageName) bool {
	stages := d.stages()
	return len(stages) > 0 && stages[len(stages)-1] == stage
}

// shown returns the lines that a card shows one by one.
func (d RequestView) shown() []provisioning.Account {
	return d.Accounts[:min(len(d.Accounts), MaxPeople)]
}

func (d RequestView) data(verb string) Data {
	return Data{Verb: verb, Folio: d.Request.Folio, Mark: d.Request.Mark, Version: d.Request.Version, Round: d.Request.Round}
}

// of names the request as its cards to the requester show it.
func (d RequestView) of() Data {
	return Data{Folio: d.Request.Folio, Mark: d.Request.Mark, Version: d.Request.Version}
}

// Approval is a request before one of its stages.
type Approval struct {
	RequestView
	Stage  provisioning.StageName
	Round  int                    // that the card was posted for; an earlier one than the request's is superseded
	Stock  []provisioning.Licence // of the SKUs that the type may get; nil where unknown
	Tried  provisioning.Verdict   // what was refused for the Errors, if anything was
	Values map[string]string      // what was typed then
	Errors map[string]error       // by input name
}

// Delivery is an account that was made, as its requester sees it.
type Delivery struct {
	Account provisioning.Account
	Mark    string    // of its request
	Closed  error     // why no password can be shown any more; nil while it can
	Refused error     // why not just now
	Until   time.Time // when showing ends
	Left    int       // how often it may still be shown
	// OnComputer is that the password was asked for by an Action.Submit: the card says to
	// use a computer, and its button is one that only a computer has.
	OnComputer bool
	SignIn     string // address of the sign-in page; Microsoft 365's where ""
}

func (d Delivery) data(verb string) Data {
	return Data{Verb: verb, Stamp: d.Account.Stamp, Folio: d.Account.Folio(), Mark: d.Mark}
}

func (d Delivery) signIn() string {
	if d.SignIn == "" {
		return "https://m365.cloud.microsoft"
	}
	return d.SignIn
}

// Attention is a line that waits for the head of department.
type Attention struct {
	Request provisioning.Request
	Account provisioning.Account     // with its Trouble, while it has one
	Alike   int                      // how many lines of the request wait for the same reason, this one counted
	Settled *provisioning.Settlement // once it was decided
	Values  map[string]string        // as they were typed, where something is wrong with them
	Errors  map[string]error         // by input name
	Refused error
}

// Row is a request in a list.
type Row struct {
	Request provisioning.Request
	Worked  time.Duration // working time with its present holder; 0 where unknown
	URL     string        // of its card in the channel, where it may be opened
}

// List is a page of requests: a person's own newest first, those that a stage holds
// longest waiting first.
type List struct {
	Rows  []Row
	Total int                    // of all pages; 0 where not counted
	More  bool                   // there are more after the last
	First bool                   // the page is the first
	Stage provisioning.StageName // of Pending
}

// opens is the data of a button that shows a request.
func opens(r provisioning.Request) Data {
	return Data{Verb: RequestStatus, Folio: r.Folio, Mark: r.Mark}
}

// PageSize is how many requests a page shows.
const PageSize = 6

// News is what a notice tells, with what it tells of.
type News struct {
	Notice   provisioning.Notice
	View     RequestView
	Account  provisioning.Account // of Notice.Stamp
	Delivery Delivery             // of a NoticeReady

	Substitutes []provisioning.Substitute // who may decide in the stage's stead, of a reminder
}

// centred reports whether the type is asked for by work centre.
func centred(t identity.AccountType) bool { return t == identity.WorkCentre }

// curp returns a CURP for a card: whole only in the requester's own form.
func curp(c identity.CURP, own bool) string {
	if own {
		return string(c)
	}
	return c.Masked()
}

// phone writes a Mexican number, kept as ten digits, as it is said.
func phone(s string) string {
	s = flat(s)
	if len(s) < 10 || strings.Trim(s[:10], "0123456789") != "" {
		return s
	}
	switch s[:2] {
	case "33", "55", "81":
		return s[:2] + " " + s[2:6] + " " + s[6:]
	}
	return s[:3] + " " + s[3:6] + " " + s[6:]
}
