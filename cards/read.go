package cards

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Click is what a button of one of our cards sent: its data, and the inputs of
// the card by name, as typed. It is a claim of the sender's and proves nothing.
type Click struct {
	Data
	Inputs map[string]string
}

// errNotAClick says that the value is not what our buttons send.
var errNotAClick = errors.New("read click: not an object with a verb")

// Read returns the click in the value of an Action.Execute's data or of an
// Action.Submit's message. Clients turn numbers into texts and back: both are
// taken, and a list for the text that joins it with commas. Values of other shapes
// are left out; the caller bounds the length of inputs.
func Read(value []byte) (Click, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(value, &raw); err != nil {
		return Click{}, errors.Join(errNotAClick, err)
	}
	c := Click{Inputs: make(map[string]string, len(raw))}
	for key, v := range raw {
		text, ok := typedAs(v)
		if key == exclude && !ok && string(v) != "null" {
			text, ok = string(v), true // left out, it would leave nobody out
		}
		if ok && !c.take(key, text) {
			c.Inputs[key] = text
		}
	}
	if c.Verb == "" || c.overlong() {
		return Click{}, errNotAClick
	}
	return c, nil
}

// maxText bounds each text of Data, in bytes: a search has up to 200 characters, and
// no other is longer.
const maxText = 1000

func (d *Data) overlong() bool {
	return max(len(d.Verb), len(d.Draft), len(d.Kind), len(d.Step), len(d.Folio), len(d.Mark), len(d.Stage), len(d.Stamp), len(d.Entry), len(d.Locale), len(d.Query), len(d.Buttons)) > maxText
}

// take puts the value of one of Data's keys in its place; false for any other key.
func (d *Data) take(key, text string) bool {
	switch key {
	case "verb":
		d.Verb = text
	case "draft":
		d.Draft = text
	case "kind":
		d.Kind = provisioning.RequestKind(text)
	case "version":
		d.Version, _ = strconv.Atoi(text)
	case "step":
		d.Step = text
	case "folio":
		d.Folio = provisioning.Folio(text)
	case "mark":
		d.Mark = text
	case "stage":
		d.Stage = provisioning.StageName(text)
	case "stamp":
		d.Stamp = provisioning.Stamp(text)
	case "number":
		d.Number, _ = strconv.Atoi(text)
	case "round":
		d.Round, _ = strconv.Atoi(text)
	case "entry":
		d.Entry = text
	case "query":
		d.Query = text
	case "locale":
		d.Locale = text
	case "buttons":
		d.Buttons = Buttons(text)
	default:
		return false
	}
	return true
}

// typedAs returns a JSON string, number or boolean as text, and a list of them as
// the choices of a ChoiceSet are written: parted by commas.
func typedAs(v json.RawMessage) (string, bool) {
	var value any
	if err := json.Unmarshal(v, &value); err != nil {
		return "", false
	}
	list, ok := value.([]any)
	if !ok {
		return scalar(value)
	}
	texts := make([]string, len(list))
	for i, each := range list {
		if texts[i], ok = scalar(each); !ok {
			return "", false
		}
	}
	return strings.Join(texts, ","), true
}

func scalar(value any) (string, bool) {
	switch x := value.(type) {
	case string:
		return x, true
	case float64:
		return strconv.FormatFloat(x, 'f', -1, 64), true
	case bool:
		return strconv.FormatBool(x), true
	}
	return "", false
}

// exclude is the input at which an approver leaves lines out.
const exclude = "exclude"

// Excluded returns the line numbers chosen at the input "exclude", from 1. readable is
// false where something else stands there: then nobody may be approved by mistake.
func (c Click) Excluded() (numbers []int, readable bool) {
	for s := range strings.SplitSeq(c.Inputs[exclude], ",") {
		if s = strings.TrimSpace(s); s == "" {
			continue
		}
		n, err := strconv.Atoi(s)
		if err != nil || n < 1 {
			return nil, false
		}
		numbers = append(numbers, n)
	}
	return numbers, true
}
