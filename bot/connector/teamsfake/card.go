package teamsfake

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

const adaptiveCard = "application/vnd.microsoft.card.adaptive"

// Card is an Adaptive Card as one person sees it.
type Card struct {
	Conversation string
	Message      string
	Content      map[string]any
}

// Action is a card action: a button, or the selectAction of an element.
type Action struct {
	Type    string // "Action.Execute", "Action.Submit", "Action.OpenUrl", …
	Title   string
	Verb    string
	Enabled bool
	Visible bool
	Raw     map[string]any
	path    []object // the cards around it, outermost first: the root and any ShowCard
}

// Input is an input element of a card.
type Input struct {
	ID       string
	Type     string
	Label    string
	Value    string
	Required bool
	Regex    string
	Error    string // errorMessage, shown if the value is invalid
	Choices  []string
	Visible  bool
	Raw      map[string]any
}

// Actions returns the actions in reading order, those inside ShowCards included.
func (c *Card) Actions() []Action {
	var found []Action
	walk(c.Content, []object{c.Content}, true, func(o object, path []object, visible bool) {
		if strings.HasPrefix(text(o, "type"), "Action.") {
			found = append(found, newAction(o, path, visible))
		}
	})
	return found
}

func newAction(o object, path []object, visible bool) Action {
	verb := text(o, "verb")
	if verb == "" {
		verb = text(child(o, "data"), "verb")
	}
	return Action{
		Type: text(o, "type"), Title: text(o, "title"), Verb: verb,
		Enabled: flag(o, "isEnabled", true), Visible: visible, Raw: o, path: slices.Clone(path),
	}
}

// Action returns the visible and enabled action with that verb or, where several share a verb, with
// that title; nil if there is none.
func (c *Card) Action(name string) *Action {
	for _, a := range c.Actions() {
		if (a.Verb == name || a.Title == name) && a.Enabled && a.Visible {
			return &a
		}
	}
	return nil
}

// Toggle returns the card after the visible Action.ToggleVisibility with that title was executed;
// nil if there is none. It sends nothing to the bot.
func (c *Card) Toggle(title string) *Card {
	for _, a := range c.Actions() {
		if a.Type != "Action.ToggleVisibility" || a.Title != title || !a.Visible {
			continue
		}
		after := &Card{Conversation: c.Conversation, Message: c.Message, Content: deep(c.Content)}
		for _, target := range list(a.Raw, "targetElements") {
			after.show(target)
		}
		return after
	}
	return nil
}

// show sets an element's visibility as a target element says; a target that is only an id inverts
// it.
func (c *Card) show(target any) {
	id, _ := target.(string)
	detailed, _ := target.(object)
	if detailed != nil {
		id = text(detailed, "elementId")
	}
	walk(c.Content, nil, true, func(o object, _ []object, _ bool) {
		if id != "" && text(o, "id") == id {
			o["isVisible"] = flag(detailed, "isVisible", !flag(o, "isVisible", true))
		}
	})
}

// Offers reports whether there is a visible and enabled action with that verb.
func (c *Card) Offers(verb string) bool { return c.Action(verb) != nil }

// Verbs returns the verbs of the visible and enabled actions.
func (c *Card) Verbs() []string {
	var verbs []string
	for _, a := range c.Actions() {
		if a.Verb != "" && a.Enabled && a.Visible {
			verbs = append(verbs, a.Verb)
		}
	}
	return verbs
}

// Monospace returns the last visible text in the Monospace font type, in which passwords are shown;
// "" if there is none.
func (c *Card) Monospace() (said string) {
	walk(c.Content, nil, true, func(o object, _ []object, visible bool) {
		if visible && text(o, "fontType") == "Monospace" {
			said = text(o, "text")
		}
	})
	return said
}

// Inputs returns the input elements in reading order.
func (c *Card) Inputs() []Input {
	return inputsOf(c.Content, true)
}

// Input returns the input element with that id; nil if there is none.
func (c *Card) Input(id string) *Input {
	for _, in := range c.Inputs() {
		if in.ID == id {
			return &in
		}
	}
	return nil
}

// Text returns the visible text of the card without its ShowCards, one line per element.
func (c *Card) Text() string {
	var lines []string
	walk(c.Content, []object{c.Content}, true, func(o object, path []object, visible bool) {
		if !visible || len(path) > 1 {
			return // hidden, or in a ShowCard
		}
		switch text(o, "type") {
		case "TextBlock", "TextRun", "Badge":
			lines = append(lines, text(o, "text"))
		case "FactSet":
			for _, f := range list(o, "facts") {
				fact, _ := f.(object)
				lines = append(lines, text(fact, "title")+" "+text(fact, "value"))
			}
		}
	})
	return strings.Join(lines, "\n")
}

// inputsOf returns the input elements of a card; those of its ShowCards only if deep is set.
func inputsOf(card object, deep bool) []Input {
	var found []Input
	walk(card, []object{card}, true, func(o object, path []object, visible bool) {
		if strings.HasPrefix(text(o, "type"), "Input.") && (deep || len(path) == 1) {
			found = append(found, newInput(o, visible))
		}
	})
	return found
}

func newInput(o object, visible bool) Input {
	in := Input{
		ID: text(o, "id"), Type: text(o, "type"), Label: text(o, "label"), Required: flag(o, "isRequired", false),
		Regex: text(o, "regex"), Error: text(o, "errorMessage"), Visible: visible, Raw: o,
	}
	if value, set := o["value"]; set && value != nil {
		in.Value = fmt.Sprint(value)
	}
	if in.Type == "Input.Toggle" && in.Value == "" {
		in.Value = cmp.Or(text(o, "valueOff"), "false")
	}
	for _, c := range list(o, "choices") {
		choice, _ := c.(object)
		in.Choices = append(in.Choices, text(choice, "value"))
	}
	return in
}

// fault returns why a client would not submit the value; "" if it would.
func (in Input) fault(value string) string {
	otherwise := cmp.Or(in.Error, "not acceptable")
	if value == "" {
		if in.Required && in.Visible {
			return cmp.Or(in.Error, "required")
		}
		return ""
	}
	if in.Regex != "" {
		// Patterns of cards are JavaScript's; the bot uses only what both languages support.
		pattern, err := regexp.Compile(in.Regex)
		if err != nil {
			return "unusable pattern " + in.Regex
		}
		if !pattern.MatchString(value) {
			return otherwise
		}
	}
	if limit, set := in.Raw["maxLength"].(float64); set && len([]rune(value)) > int(limit) {
		return otherwise
	}
	if in.Type == "Input.ChoiceSet" && !in.chosen(value) {
		return fmt.Sprintf("%q is not among the choices", value)
	}
	return ""
}

func (in Input) chosen(value string) bool {
	if len(in.Choices) == 0 || text(in.Raw, "style") == "filtered" && in.Raw["choices.data"] != nil {
		return true
	}
	values := []string{value}
	if flag(in.Raw, "isMultiSelect", false) {
		values = strings.Split(value, ",")
	}
	for _, v := range values {
		if !slices.Contains(in.Choices, v) {
			return false
		}
	}
	return true
}

// walk visits every element and action of a card in reading order, with the enclosing cards and its
// visibility. Fallbacks are not visited.
func walk(o object, path []object, visible bool, visit func(o object, path []object, visible bool)) {
	visible = visible && flag(o, "isVisible", true)
	visit(o, path, visible)
	for _, name := range []string{"body", "items", "columns", "rows", "cells", "inlines", "images", "actions"} {
		for _, e := range list(o, name) {
			if element, isObject := e.(object); isObject {
				walk(element, path, visible, visit)
			}
		}
	}
	for _, name := range []string{"selectAction", "inlineAction"} {
		if action := child(o, name); action != nil {
			walk(action, path, visible, visit)
		}
	}
	if card := child(o, "card"); card != nil && text(o, "type") == "Action.ShowCard" {
		walk(card, append(slices.Clone(path), card), visible, visit)
	}
}
