package cards

import (
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The verbs of the buttons. Cards that were posted long ago carry them too: none
// is ever renamed.
const (
	RequestBegin   = "request.begin"
	RequestNext    = "request.next"
	RequestBack    = "request.back"
	RequestAdd     = "request.add"    // another person
	RequestEdit    = "request.edit"   // the person of number
	RequestRemove  = "request.remove" // the person of number
	RequestSubmit  = "request.submit"
	RequestDiscard = "request.discard"
	RequestCancel  = "request.cancel"
	RequestCorrect = "request.correct"
	RequestMine    = "request.mine"    // folio: those before it
	RequestPending = "request.pending" // stage; folio: those after it
	RequestStatus  = "request.status"
	RequestFind    = "request.find" // query; stamp: those before it

	ApprovalApprove = "approval.approve"
	ApprovalReturn  = "approval.return"
	ApprovalReject  = "approval.reject"

	PasswordReveal = "password.reveal"
	PasswordHide   = "password.hide" // back to the card without the password
	PasswordDone   = "password.done"

	AttentionRetry      = "attention.retry"
	AttentionRetryAlike = "attention.retryAlike" // and the others that stopped for the same reason
	AttentionAdopt      = "attention.adopt"      // entry
	AttentionRename     = "attention.rename"     // input address
	AttentionDrop       = "attention.drop"       // input comment
	AttentionRestore    = "attention.restore"    // entry
	AttentionDisable    = "attention.disable"    // the account that was made

	LanguageSet = "language.set" // locale
	ButtonsSet  = "buttons.set"  // buttons
	HelpShow    = "help.show"

	CardRefresh = "card.refresh" // of a client that shows the card; folio, or stage and round, or stamp
)

// The steps of the form.
const (
	StepPetition = "petition"
	StepHolder   = "holder"
	StepReview   = "review"
)

// Data is what a button sends beside the inputs. It says what was clicked, and
// proves nothing.
type Data struct {
	Verb    string                   `json:"verb"`
	Draft   string                   `json:"draft,omitempty"`
	Kind    provisioning.RequestKind `json:"kind,omitempty"`    // of the request that a form asks for; "" is Create
	Version int                      `json:"version,omitempty"` // of the draft or the request
	Step    string                   `json:"step,omitempty"`
	Folio   provisioning.Folio       `json:"folio,omitempty"`
	Mark    string                   `json:"mark,omitempty"` // of the request that folio or stamp names
	Stage   provisioning.StageName   `json:"stage,omitempty"`
	Stamp   provisioning.Stamp       `json:"stamp,omitempty"`
	Number  int                      `json:"number,omitempty"` // of a person or line, from 1
	Round   int                      `json:"round,omitempty"`
	Entry   string                   `json:"entry,omitempty"`  // object id of an account in the directory
	Locale  string                   `json:"locale,omitempty"` // one of Locales
	Query   string                   `json:"query,omitempty"`  // what was searched for
	Buttons Buttons                  `json:"buttons,omitempty"`
}

// with returns the data for another button of the same card.
func (d Data) with(verb string) Data {
	d.Verb = verb
	return d
}

type action struct {
	Type     string    `json:"type"`
	Title    string    `json:"title"`
	Verb     string    `json:"verb,omitempty"`
	Data     *Data     `json:"data,omitempty"`
	Style    string    `json:"style,omitempty"`
	Inputs   string    `json:"associatedInputs,omitempty"`
	URL      string    `json:"url,omitempty"`
	Targets  []target  `json:"targetElements,omitempty"`
	Card     *rendered `json:"card,omitempty"`
	Fallback *action   `json:"fallback,omitempty"`
}

type target struct {
	ID      string `json:"elementId"`
	Visible bool   `json:"isVisible"`
}

// execute returns a button that sends its data and every input. Clients that know
// no Action.Execute send the same as a message.
func (t *Texts) execute(title string, d Data) action {
	if t.buttons == SubmitButtons {
		return submit(title, d)
	}
	fallback := submit(title, d)
	return action{Type: "Action.Execute", Title: title, Verb: d.Verb, Data: &d, Fallback: &fallback}
}

// submit returns a button that sends its data and every input as a message, in every
// client.
func submit(title string, d Data) action {
	return action{Type: "Action.Submit", Title: title, Data: &d}
}

// bare makes the button send no inputs, so that none needs to be valid.
func (a action) bare() action {
	a.Inputs = "none"
	if a.Fallback != nil {
		fallback := *a.Fallback
		fallback.Inputs = "none"
		a.Fallback = &fallback
	}
	return a
}

// usual marks the button most people want, grave the one that cannot be undone.
func (a action) usual() action { return a.styled("positive") }
func (a action) grave() action { return a.styled("destructive") }

func (a action) styled(style string) action {
	a.Style = style
	if a.Fallback != nil {
		fallback := *a.Fallback
		fallback.Style = style
		a.Fallback = &fallback
	}
	return a
}

// Buttons beside each other are squeezed until their titles can't be read. narrow
// is what a row of them may take on a telephone, in pixels of Teams' fonts.
const (
	narrow       = 268
	buttonMargin = 34
	letterWidth  = 7
)

func width(actions []action) int {
	total := 0
	for _, a := range actions {
		total += buttonMargin + letterWidth*utf8.RuneCountInString(a.Title)
	}
	return total
}

// rows puts buttons one beside the other as long as they fit a narrow card.
func rows(actions ...action) []any {
	var sets []any
	start := 0
	for i := range actions {
		if i > start && width(actions[start:i+1]) > narrow {
			sets = append(sets, row(sets, actions[start:i]))
			start = i
		}
	}
	if start < len(actions) {
		sets = append(sets, row(sets, actions[start:]))
	}
	return sets
}

// row returns one row of buttons, close below those that are there.
func row(above []any, actions []action) actionSet {
	set := buttons(actions...)
	if len(above) > 0 {
		set.Spacing = "Small"
	}
	return set
}

// unfold returns a button that opens a small card below.
func unfold(title string, body []any, actions ...action) action {
	return action{Type: "Action.ShowCard", Title: title, Card: &rendered{Type: "AdaptiveCard", Body: body, Actions: actions}}
}

// show returns a button that shows some elements and hides others.
func show(title string, targets ...target) action {
	return action{Type: "Action.ToggleVisibility", Title: title, Targets: targets}
}

func open(title, url string) action {
	return action{Type: "Action.OpenUrl", Title: title, URL: url}
}
