package cards

import (
	"unicode/utf8"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The verbs of the buttons. Posted cards contain them: they are never renamed.
const (
	RequestBegin   = "request.begin"
	RequestNext    = "request.next"
	RequestBack    = "request.back"
	RequestAdd     = "request.add"     // add another person
	RequestPaste   = "request.paste"   // enter several people by pasting rows
	RequestAnother = "request.another" // save the entered person, and add another
	RequestEdit    = "request.edit"    // edit the person Number
	RequestRemove  = "request.remove"  // remove the person Number
	RequestSubmit  = "request.submit"
	RequestDiscard = "request.discard"
	RequestCancel  = "request.cancel"
	RequestCorrect = "request.correct"
	RequestAgain   = "request.again"   // Folio: a new form with the petition of that request
	RequestMine    = "request.mine"    // Folio: the page of older requests before it; "" for the newest
	RequestPending = "request.pending" // Stage; Folio: the page after it
	RequestStatus  = "request.status"
	RequestFind    = "request.find" // Query; Stamp: the page before it

	RequestWaiting = "request.waiting" // Folio: the page after it
	StageStatus    = "stage.status"    // in the channel of a stage

	ApprovalApprove = "approval.approve"
	ApprovalReturn  = "approval.return"
	ApprovalReject  = "approval.reject"

	PasswordReveal = "password.reveal"
	PasswordHide   = "password.hide" // show the card without the password again
	PasswordDone   = "password.done"

	PasswordList      = "password.list"      // Folio: a card of all accounts to hand over
	PasswordRevealAll = "password.revealAll" // Folio; Stamp: of the account whose card has the button
	PasswordHideAll   = "password.hideAll"
	PasswordDoneAll   = "password.doneAll" // Lines: those that were shown

	AttentionRetry      = "attention.retry"
	AttentionRetryAlike = "attention.retryAlike" // also the lines that stopped for the same reason
	AttentionAdopt      = "attention.adopt"      // Entry
	AttentionRename     = "attention.rename"     // input address
	AttentionDrop       = "attention.drop"       // input comment
	AttentionRestore    = "attention.restore"    // Entry
	AttentionDisable    = "attention.disable"    // disables the account that was created

	LetterFile   = "letter.file"   // Number: of the letter
	LetterLink   = "letter.link"   // the file by a link
	LetterNumber = "letter.number" // input oficio
	LetterRange  = "letter.range"  // inputs rangeFrom, rangeTo
	LetterSent   = "letter.sent"
	LetterAnnul  = "letter.annul" // input comment

	LanguageSet = "language.set" // Locale
	ButtonsSet  = "buttons.set"  // Buttons
	HelpShow    = "help.show"

	PrivacyAcknowledge = "privacy.acknowledge" // Notice; Kind, or Folio: the form to open then

	CardRefresh = "card.refresh" // sent by a client that shows the card; Folio, or Stage and Round, or Stamp
)

// The steps of the form.
const (
	StepPetition = "petition"
	StepHolder   = "holder"
	StepPaste    = "paste" // instead of StepHolder: several people
	StepReview   = "review"
)

// Data is what a button sends besides the inputs. It comes from the client and is not evidence of
// anything.
type Data struct {
	Verb    string                   `json:"verb"`
	Draft   string                   `json:"draft,omitempty"`
	Kind    provisioning.RequestKind `json:"kind,omitempty"`    // of the request that a form asks for; "" is Create
	Version int                      `json:"version,omitempty"` // of the draft or the request
	Step    string                   `json:"step,omitempty"`
	Folio   provisioning.Folio       `json:"folio,omitempty"`
	Mark    string                   `json:"mark,omitempty"` // of the request with the folio or stamp
	Stage   provisioning.StageName   `json:"stage,omitempty"`
	Stamp   provisioning.Stamp       `json:"stamp,omitempty"`
	Number  int                      `json:"number,omitempty"` // of a person or line, from 1
	Round   int                      `json:"round,omitempty"`
	Entry   string                   `json:"entry,omitempty"`  // object id of a user in the directory
	Locale  string                   `json:"locale,omitempty"` // one of Locales
	Query   string                   `json:"query,omitempty"`  // the search text
	Buttons Buttons                  `json:"buttons,omitempty"`
	Lines   string                   `json:"lines,omitempty"`  // numbers of lines, "1,2,5"
	Notice  string                   `json:"notice,omitempty"` // version of the privacy notice that the card shows
}

// with returns the data with another verb.
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

// execute returns a button that sends its data and all inputs as an Action.Execute. A client
// without Action.Execute uses the fallback, an Action.Submit with the same data.
func (t *Texts) execute(title string, d Data) action {
	if t.buttons == SubmitButtons {
		return submit(title, d)
	}
	fallback := submit(title, d)
	return action{Type: "Action.Execute", Title: title, Verb: d.Verb, Data: &d, Fallback: &fallback}
}

// submit returns a button that sends its data and all inputs as a message.
func submit(title string, d Data) action {
	return action{Type: "Action.Submit", Title: title, Data: &d}
}

// withoutInputs makes the button send no inputs, so that the client validates none.
func (a action) withoutInputs() action {
	a.Inputs = "none"
	if a.Fallback != nil {
		fallback := *a.Fallback
		fallback.Inputs = "none"
		a.Fallback = &fallback
	}
	return a
}

// primary styles the main action of a card, destructive one that cannot be undone.
func (a action) primary() action     { return a.styled("positive") }
func (a action) destructive() action { return a.styled("destructive") }

func (a action) styled(style string) action {
	a.Style = style
	if a.Fallback != nil {
		fallback := *a.Fallback
		fallback.Style = style
		a.Fallback = &fallback
	}
	return a
}

// Teams compresses buttons in one row until their titles are cut off. phoneWidth is the width of a
// row on a phone, in pixels; the other two estimate the width of a button.
const (
	phoneWidth   = 268
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

// rows arranges buttons in rows of at most phoneWidth.
func rows(actions ...action) []any {
	var sets []any
	start := 0
	for i := range actions {
		if i > start && width(actions[start:i+1]) > phoneWidth {
			sets = append(sets, row(sets, actions[start:i]))
			start = i
		}
	}
	if start < len(actions) {
		sets = append(sets, row(sets, actions[start:]))
	}
	return sets
}

// row returns one row of buttons, with a small space to the rows above.
func row(above []any, actions []action) actionSet {
	set := buttons(actions...)
	if len(above) > 0 {
		set.Spacing = "Small"
	}
	return set
}

// apart arranges destructive buttons below the others, behind a line.
func apart(actions ...action) []any {
	if len(actions) == 0 {
		return nil
	}
	set := buttons(actions...)
	set.Separator, set.Spacing = true, "Medium"
	return []any{set}
}

// showCard returns a button that opens a card below itself.
func showCard(title string, body []any, actions ...action) action {
	return action{Type: "Action.ShowCard", Title: title, Card: &rendered{Type: "AdaptiveCard", Body: body, Actions: actions}}
}

// toggle returns a button that shows or hides elements.
func toggle(title string, targets ...target) action {
	return action{Type: "Action.ToggleVisibility", Title: title, Targets: targets}
}

func openURL(title, url string) action {
	return action{Type: "Action.OpenUrl", Title: title, URL: url}
}
