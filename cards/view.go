package cards

import (
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// MaxPeople is the maximum number of people of a form, and that a card shows individually; of longer
// lists it shows the first ones and the number of the others.
const MaxPeople = 30

// Form is a draft, as its cards show it.
type Form struct {
	Draft   string // id
	Kind    provisioning.RequestKind
	Version int
	Folio   provisioning.Folio // of the returned request that is corrected
	Mark    string             // of that request
	Comment string             // why it was returned
	Values  map[string]string  // of the card's inputs, by name
	Errors  map[string]error   // by input name
	Refused error              // why the form was refused, if not because of an input

	People    []Entry    // entered so far, in order
	Editing   int        // number of the person whose Values are shown; 0 for a new one
	Limit     int        // maximum number of people; MaxPeople if 0
	Catalogue bool       // there is a catalogue of work centres: the input cct searches the data set Centres
	Rows      []RowFault // of StepPaste: the rows that were not accepted
	Accepted  int        // how many rows were
	Centre    string     // name of the work centre with the present CCT; "" if it is not in the catalogue
}

// Centres is the data set that the input cct searches.
const Centres = "centros"

// Entry is a person or work centre of a draft.
type Entry struct {
	Holder   identity.Holder
	Address  identity.Address // proposed
	Warnings []problem.Warning
	Taken    []identity.Address // preferred ones that belong to other users
	Existing identity.Address   // of the account that the holder has
	Pending  provisioning.Folio // of another request for the same holder
	Guarded  bool               // that account or request is another person's: the requester learns only that it exists
}

// Type returns the chosen account type.
func (f Form) Type() identity.AccountType {
	return identity.AccountType(f.Values["type"])
}

// MayAdd reports whether another person can be added: up to the number that the stages' cards show,
// and none to a work centre.
func (f Form) MayAdd() bool { return !isWorkCentre(f.Type()) && len(f.People) < f.limit() }

// hasNew reports whether an account would be created for anybody on the form.
func (f Form) hasNew() bool {
	return slices.ContainsFunc(f.People, func(p Entry) bool { return p.Existing == "" && p.Pending == "" })
}

// Limited returns the most people that the form takes.
func (f Form) Limited() int { return f.limit() }

func (f Form) limit() int {
	if f.Limit > 0 {
		return min(f.Limit, MaxPeople)
	}
	return MaxPeople
}

func (f Form) data(verb, step string) Data {
	return Data{Verb: verb, Draft: f.Draft, Kind: f.Kind, Version: f.Version, Step: step, Folio: f.Folio, Mark: f.Mark}
}

// RequestView is a request with what its cards show of it.
type RequestView struct {
	Request  provisioning.Request
	Accounts []provisioning.Account // the first lines, at least MaxPeople if there are as many
	Tally    provisioning.Tally
	Stages   []provisioning.StageName // in order; director and subdirector if nil
	Worked   time.Duration            // working time at the present stage; 0 if unknown
	Place    int                      // of its first line in the queue for a licence; 0 if not queued
	Others   bool                     // the reader is not the requester: the card has no buttons
	Open     int                      // of Accounts, those whose password can be shown: they are not handed over
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

// shown returns the lines that a card shows individually.
func (d RequestView) shown() []provisioning.Account {
	return d.Accounts[:min(len(d.Accounts), MaxPeople)]
}

func (d RequestView) data(verb string) Data {
	return Data{Verb: verb, Folio: d.Request.Folio, Mark: d.Request.Mark, Version: d.Request.Version, Round: d.Request.Round}
}

// of identifies the request for Card.Of.
func (d RequestView) of() Data {
	return Data{Folio: d.Request.Folio, Mark: d.Request.Mark, Version: d.Request.Version}
}

// Approval is a request at one of its stages.
type Approval struct {
	RequestView
	Stage  provisioning.StageName
	Round  int                    // of the posted card; if the request has a later one, the card is superseded
	Stock  []provisioning.Licence // of the SKUs for the account type; nil if unknown
	Due    time.Time              // when the request expires undecided; zero if unknown
	Tried  provisioning.Verdict   // the decision that was refused because of Errors
	Values map[string]string      // of the inputs of that decision
	Errors map[string]error       // by input name
}

// Delivery is a created account, for its requester.
type Delivery struct {
	Account provisioning.Account
	Mark    string    // of its request
	Closed  error     // why a password cannot be shown any more; nil if it can
	Refused error     // why it cannot be shown now
	Until   time.Time // end of the time in which it can be shown
	Left    int       // how often it can still be shown
	// OnComputer is set if the password was requested by an Action.Submit: the card says to use a
	// computer, and its button is an Action.Execute.
	OnComputer bool
	SignIn     string // address of the sign-in page; Microsoft 365's where ""
	Together   bool   // its request has several accounts, which can be shown together
	Listed     bool   // it was chosen on the card of its request, which is shown again afterwards
}

func (d Delivery) data(verb string) Data {
	data := Data{Verb: verb, Stamp: d.Account.Stamp, Folio: d.Account.Folio(), Mark: d.Mark}
	if d.Listed {
		data.Number = d.Account.Number
	}
	return data
}

func (d Delivery) signIn() string {
	if d.SignIn == "" {
		return "https://m365.cloud.microsoft"
	}
	return d.SignIn
}

// Attention is a line that awaits a decision of the head of department.
type Attention struct {
	Request provisioning.Request
	Account provisioning.Account     // with its Trouble, if it has one
	Alike   int                      // number of the request's lines with the same trouble, including this one
	Settled *provisioning.Settlement // the decision, if there is one
	Values  map[string]string        // of the inputs, if they had errors
	Errors  map[string]error         // by input name
	Refused error
}

// Row is a request in a list.
type Row struct {
	Request provisioning.Request
	Worked  time.Duration // working time at the present stage; 0 if unknown
	URL     string        // of its card in the channel; "" if it cannot be opened
}

// List is a page of requests: a person's own, newest first, or a stage's, longest waiting first.
type List struct {
	Rows  []Row
	Total int                    // on all pages; 0 if not counted
	More  bool                   // there are further pages
	First bool                   // this is the first page
	Stage provisioning.StageName // of Pending
}

// statusData is the data of a button that shows a request.
func statusData(r provisioning.Request) Data {
	return Data{Verb: RequestStatus, Folio: r.Folio, Mark: r.Mark}
}

// PageSize is the number of requests on a page.
const PageSize = 6

// News is a notice with what it is about.
type News struct {
	Notice   provisioning.Notice
	View     RequestView
	Account  provisioning.Account // of Notice.Stamp
	Delivery Delivery             // of NoticeReady
	Letter   LetterView           // of letter.NoticeSent

	URL         string                    // of a reminder: the card in the channel; "" if it cannot be opened
	Substitutes []provisioning.Substitute // of a reminder: who may decide instead of the stage's approvers
}

// isWorkCentre reports whether accounts of the type are for a work centre.
func isWorkCentre(t identity.AccountType) bool { return t == identity.WorkCentre }

// curp returns a CURP for a card: masked unless whole is set, in the requester's own form.
func curp(c identity.CURP, whole bool) string {
	if whole {
		return string(c)
	}
	return maskedShort(c)
}

// phone formats a Mexican telephone number, stored as ten digits, in groups.
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
