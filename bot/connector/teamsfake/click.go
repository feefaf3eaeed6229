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

// Inputs are the entered values by input id. An input that is left out keeps the card's value.
type Inputs map[string]string

// InputError is an input that fails the client's validation, so that nothing is sent.
type InputError struct {
	ID      string
	Message string // the input's errorMessage, or what is wrong
}

// Error names the field and its message.
func (e *InputError) Error() string { return fmt.Sprintf("field %s: %s", e.ID, e.Message) }

// Click enters the inputs and executes the action with that verb, if it is visible and enabled.
func (f *Fake) Click(ctx context.Context, personID string, card *Card, verb string, inputs Inputs) (*Turn, error) {
	return f.press(ctx, personID, card, verb, inputs, current)
}

// ClickOldClient executes an action in a client without Action.Execute: the action's fallback, an
// Action.Submit, is sent as a message activity.
func (f *Fake) ClickOldClient(ctx context.Context, personID string, card *Card, verb string, inputs Inputs) (*Turn, error) {
	return f.press(ctx, personID, card, verb, inputs, outdated)
}

// ClickOnPhone executes an action in Teams for iOS or Android. Since January 2026 an Action.Execute
// does nothing there, and its fallback is not sent either, since the client knows the action:
// ErrDead. https://github.com/microsoft/AdaptiveCards/issues/9315
func (f *Fake) ClickOnPhone(ctx context.Context, personID string, card *Card, verb string, inputs Inputs) (*Turn, error) {
	return f.press(ctx, personID, card, verb, inputs, phone)
}

// ErrDead is the error of ClickOnPhone for an action that sends no activity.
var ErrDead = errors.New("the button does nothing on a phone")

// client is the kind of Teams client.
type client int

const (
	current  client = iota
	outdated        // without Action.Execute: uses the fallback
	phone           // knows Action.Execute, but sends nothing
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
	entered, err := action.collect(inputs)
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

// collect returns the entered values together with the card's, and refuses what a client's
// validation would refuse.
func (a *Action) collect(inputs Inputs) (object, error) {
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

// inputs returns the inputs that are submitted with the action: those of its own card and of the
// enclosing cards, but not of other ShowCards.
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
	activity, err := f.cardActivity("invoke", personID, card)
	if err != nil {
		return nil, err
	}
	activity["name"] = "adaptiveCard/action"
	activity["value"] = object{"action": action, "trigger": "manual"}
	turn, err := f.deliver(ctx, activity)
	if err != nil {
		return turn, err
	}
	return turn, f.applyResponse(turn, personID, card)
}

func (f *Fake) submit(ctx context.Context, personID string, card *Card, raw object, entered object) (*Turn, error) {
	value := object{}
	maps.Copy(value, child(raw, "data"))
	maps.Copy(value, entered)
	activity, err := f.cardActivity("message", personID, card)
	if err != nil {
		return nil, err
	}
	activity["value"] = value
	child(activity, "channelData")["source"] = object{"name": "message"}
	child(activity, "channelData")["legacy"] = object{"replyToId": card.Message}
	return f.deliver(ctx, activity)
}

// LookAt displays a card to a person: a client that supports Universal Actions sends the card's
// refresh action, if the card has one for that person. It returns nil if nothing is sent.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/up-to-date-views
func (f *Fake) LookAt(ctx context.Context, personID string, card *Card) (*Turn, error) {
	refresh := child(card.Content, "refresh")
	if refresh == nil || !f.refreshes(personID, refresh) {
		return nil, nil
	}
	activity, err := f.cardActivity("invoke", personID, card)
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
	return turn, f.applyResponse(turn, personID, card)
}

// refreshes reports whether the refresh action is sent for the person: Teams sends it for everybody
// if userIds is empty, as the fake's conversations have few members.
func (f *Fake) refreshes(personID string, refresh object) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	p, named := f.person(personID), list(refresh, "userIds")
	return p != nil && (len(named) == 0 || slices.Contains(named, any(p.TeamsID)))
}

// cardActivity returns the activity of a person who executed an action of a card.
func (f *Fake) cardActivity(kind, personID string, card *Card) (object, error) {
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

// applyResponse does what Teams does with the response to an Action.Execute.
func (f *Fake) applyResponse(turn *Turn, personID string, card *Card) error {
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
		f.setView(personID, card, content)
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

// setView makes content the user-specific view that a person has of a message.
func (f *Fake) setView(personID string, card *Card, content object) {
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
		f.signal()
	}
}
