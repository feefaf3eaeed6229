package connector

import (
	"cmp"
	"encoding/json"
)

// InvokeCardAction is the name of the invoke that an Action.Execute sends.
const InvokeCardAction = "adaptiveCard/action"

// Click is a press on a card's button, whichever way the client sent it.
type Click struct {
	Verb      string
	Data      json.RawMessage // the action's data joined with the card's inputs, an object
	Invoke    bool            // Action.Execute: answer in the HTTP response; otherwise Action.Submit
	Automatic bool            // the card's refresh, not a person
}

// Click returns the press on a card that an activity is, if it is one.
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
