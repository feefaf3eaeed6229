package teamsfake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Inputs is what a person enters, by the field's id. A field left out keeps the value
// that the card proposes.
type Inputs map[string]string

// InputError is a field that the client would mark red, sending nothing.
type InputError struct {
	ID      string
	Message string // what the person reads at the field
}

// Error names the field and its message.
func (e *InputError) Error() string { return fmt.Sprintf("field %s: %s", e.ID, e.Message) }

// Click enters the inputs and presses the button with that verb, if a person could.
func (f *Fake) Click(ctx context.Context, personID string, card *Card, verb string, inputs Inputs) (*Turn, error) {
	return f.press(ctx, personID, card, verb, inputs, current)
}

// ClickOldClient presses a button on a client that knows no Action.Execute: its
// fallback, an Action.Submit, is sent as a message.
func (f *Fake) ClickOldClient(ctx context.Context, personID string, card *Card, verb string, inputs Inputs) (*Turn, error) {
	return f.press(ctx, personID, card, verb, inputs, outdated)
}

// ClickOnPhone presses a button in Teams for iOS or Android, where since January 2026 an
// Action.Execute does nothing and its fallback is not sent either, since the client knows
// the action: ErrDead. https://github.com/microsoft/AdaptiveCards/issues/9315
func (f *Fake) ClickOnPhone(ctx context.Context, personID string, card *Card, verb string, inputs Inputs) (*Turn, error) {
	return f.press(ctx, personID, card, verb, inputs, phone)
}

// ErrDead is returned by ClickOnPhone for a button that tells the bot nothing.
var ErrDead = errors.New("the button does nothing on a phone")

// client is which Teams somebody has.
type client int

const (
	current  client = iota
	outdated        // knows no Action.Execute
	phone           // knows it, and does nothing
)

func (f *Fake) press(ctx context.Context, personID string, card *Card, verb string, inputs Inputs, with client) (*Turn, error) {
	if card == nil {
		return nil, fmt.Errorf("no card to press %q on", verb)
	}
	action := card.Action(verb)
	if action == nil {
		return nil, fmt.Errorf("no button %q on the card; there are %s", verb, strings.Join(card.Verbs(), ", "))
	}
	if with == phone && action.Type == "Action.Execute" {
		return nil, ErrDead
	}
	entered, err := action.gather(inputs)
	if err != nil {
		return nil, err
	}
	raw := action.Raw
	if with == outdated && action.Type == "Action.Execute" {
		if raw = child(raw, "fallback"); text(raw, "type") != "Action.Submit" {
			return nil, fmt.Errorf("button %q has no Action.Submit as its fallback", verb)
		}
	}
	switch text(raw, "type") {
	case "Action.Execute":
		return f.execute(ctx, personID, card, raw, entered)
	case "Action.Submit":
		return f.submit(ctx, personID, card, raw, entered)
	}
	return nil, fmt.Errorf("button %q is a %s, which tells the bot nothing", verb, action.Type)
}

// gather joins what the person entered with what the card proposed, and refuses what a
// client would refuse.
func (a *Action) gather(inputs Inputs) (object, error) {
	entered := object{}
	for _, in := range a.inputs() {
		value, given := inputs[in.ID]
		if !given {
			value = in.Value
		}
		if given && !in.Visible {
			return nil, fmt.Errorf("field %s cannot be seen", in.ID)
		}
		if fault := in.fault(value); fault != "" {
			return nil, &InputError{ID: in.ID, Message: fault}
		}
		entered[in.ID] = value
	}
	for id := range inputs {
		if _, offered := entered[id]; !offered {
			return nil, fmt.Errorf("no field %q on the card", id)
		}
	}
	return entered, nil
}

// inputs lists the fields that travel with the action: those of the card it is on and
// of the cards around that, but not of a ShowCard beside it.
func (a *Action) inputs() []Input {
	if text(a.Raw, "associatedInputs") == "none" {
		return nil
	}
	var all []Input
	for _, card := range a.path {
		all = append(all, inputsOf(card, false)...)
	}
	return all
}

func (f *Fake) execute(ctx context.Context, personID string, card *Card, raw object, entered object) (*Turn, error) {
	data := object{}
	maps.Copy(data, child(raw, "data"))
	maps.Copy(data, entered)
	action := object{"type": "Action.Execute", "verb": text(raw, "verb"), "data": data}
	for _, name := range []string{"id", "title"} {
		if raw[name] != nil {
			action[name] = raw[name]
		}
	}
	activity, err := f.onCard("invoke", personID, card)
	if err != nil {
		return nil, err
	}
	activity["name"] = "adaptiveCard/action"
	activity["value"] = object{"action": action, "trigger": "manual"}
	turn, err := f.deliver(ctx, activity)
	if err != nil {
		return turn, err
	}
	return turn, f.takeAnswer(turn, personID, card)
}

func (f *Fake) submit(ctx context.Context, personID string, card *Card, raw object, entered object) (*Turn, error) {
	value := object{}
	maps.Copy(value, child(raw, "data"))
	maps.Copy(value, entered)
	activity, err := f.onCard("message", personID, card)
	if err != nil {
		return nil, err
	}
	activity["value"] = value
	child(activity, "channelData")["source"] = object{"name": "message"}
	child(activity, "channelData")["legacy"] = object{"replyToId": card.Message}
	return f.deliver(ctx, activity)
}

// LookAt has a person look at a card: a client that knows Universal Actions asks the bot for
// the present one by itself, where the card says so for them. It returns nil where nothing
// is asked.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/up-to-date-views
func (f *Fake) LookAt(ctx context.Context, personID string, card *Card) (*Turn, error) {
	refresh := child(card.Content, "refresh")
	if refresh == nil || !f.refreshes(personID, refresh) {
		return nil, nil
	}
	activity, err := f.onCard("invoke", personID, card)
	if err != nil {
		return nil, err
	}
	action := child(refresh, "action")
	activity["name"] = "adaptiveCard/action"
	activity["value"] = object{"action": object{"type": "Action.Execute", "verb": text(action, "verb"), "data": child(action, "data")}, "trigger": "automatic"}
	turn, err := f.deliver(ctx, activity)
	if err != nil || len(turn.Body) == 0 {
		return turn, err
	}
	return turn, f.takeAnswer(turn, personID, card)
}

// refreshes reports whether a card asks by itself for the person: the conversations here
// have few members, and Teams asks for everybody there where nobody is named.
func (f *Fake) refreshes(personID string, refresh object) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, named := f.person(personID), list(refresh, "userIds")
	return p != nil && (len(named) == 0 || slices.Contains(named, any(p.TeamsID)))
}

// onCard makes the activity of someone who pressed something on a card.
func (f *Fake) onCard(kind, personID string, card *Card) (object, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, root := f.find(card.Conversation)
	p := f.person(personID)
	if c == nil || p == nil || c.post(card.Message) == nil {
		return nil, fmt.Errorf("the card or person %q is not there any more", personID)
	}
	id := f.nextID()
	if kind == "invoke" {
		id = "f:" + guid("invoke"+id)
	}
	activity := f.event(kind, id, c, root, p)
	activity["replyToId"] = card.Message
	return activity, nil
}

// takeAnswer does what Teams does with the answer to an Action.Execute.
func (f *Fake) takeAnswer(turn *Turn, personID string, card *Card) error {
	var answered struct {
		StatusCode int
		Type       string
		Value      json.RawMessage
	}
	if err := json.Unmarshal(turn.Body, &answered); err != nil {
		return fmt.Errorf("the answer to an Action.Execute is not JSON: %.100s", turn.Body)
	}
	switch answered.Type {
	case adaptiveCard:
		var content object
		if err := json.Unmarshal(answered.Value, &content); err != nil || text(content, "type") != "AdaptiveCard" {
			return fmt.Errorf("the answered card is none: %.100s", answered.Value)
		}
		f.showOwn(personID, card, content)
		turn.Card = &Card{Conversation: card.Conversation, Message: card.Message, Content: deep(content)}
	case "application/vnd.microsoft.activity.message":
		return decodeInto(answered.Value, &turn.Text)
	case "application/vnd.microsoft.error":
		var failed struct{ Code, Message string }
		if err := decodeInto(answered.Value, &failed); err != nil {
			return err
		}
		turn.ErrorCode, turn.Error = failed.Code, failed.Message
	default:
		return fmt.Errorf("unknown answer type %q (statusCode %d)", answered.Type, answered.StatusCode)
	}
	return nil
}

func decodeInto(raw json.RawMessage, into any) error {
	if err := json.Unmarshal(raw, into); err != nil {
		return fmt.Errorf("the answer's value has another shape than its type says: %.100s", raw)
	}
	return nil
}

// showOwn makes a card one person's view of a message.
func (f *Fake) showOwn(personID string, card *Card, content object) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, _ := f.find(card.Conversation)
	if c == nil {
		return
	}
	if p := c.post(card.Message); p != nil {
		if p.views == nil {
			p.views = map[string]object{}
		}
		p.views[personID] = content
		f.inspectCard(content)
		f.touch()
	}
}
