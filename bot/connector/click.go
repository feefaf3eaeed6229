package connector

import (
	"cmp"
	"encoding/json"
)

// InvokeCardAction is the name of the invoke of an Action.Execute.
const InvokeCardAction = "adaptiveCard/action"

// Click is an action of a card, by Action.Execute or Action.Submit.
type Click struct {
	Verb      string
	Data      json.RawMessage // the action's data joined with the card's inputs, an object
	Invoke    bool            // Action.Execute: answered in the HTTP response; else Action.Submit
	Automatic bool            // the card's refresh, not a person
}

// Click returns the action that the activity carries, if it is one.
func (a *Activity) Click() (Click, bool) {
	switch {
	case a.Type == TypeInvoke && a.Name == InvokeCardAction:
		return a.executed()
	case a.Type == TypeMessage && a.Text == "":
		return a.submitted()
	}
	return Click{}, false
}

func (a *Activity) executed() (Click, bool) {
	value := asFields(a.Value)
	action := value.object("action")
	verb := cmp.Or(action.text("verb"), action.object("data").text("verb"))
	return Click{
		Verb:      verb,
		Data:      action["data"],
		Invoke:    true,
		Automatic: value.text("trigger") == "automatic",
	}, verb != ""
}

// submitted reads an Action.Submit: a message without text whose value is the data.
func (a *Activity) submitted() (Click, bool) {
	verb := asFields(a.Value).text("verb")
	return Click{Verb: verb, Data: a.Value}, verb != ""
}
