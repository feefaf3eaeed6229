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
// taken. Values of other shapes are left out; the caller bounds the length.
func Read(value []byte) (Click, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(value, &raw); err != nil {
		return Click{}, errors.Join(errNotAClick, err)
	}
	c := Click{Inputs: make(map[string]string, len(raw))}
	for key, v := range raw {
		text, ok := scalar(v)
		if ok && !c.take(key, text) {
			c.Inputs[key] = text
		}
	}
	if c.Verb == "" {
		return Click{}, errNotAClick
	}
	return c, nil
}

// take puts the value of one of Data's keys in its place; false for any other key.
func (d *Data) take(key, text string) bool {
	switch key {
	case "verb":
		d.Verb = text
	case "draft":
		d.Draft = text
	case "version":
		d.Version, _ = strconv.Atoi(text)
	case "step":
		d.Step = text
	case "folio":
		d.Folio = provisioning.Folio(text)
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
	default:
		return false
	}
	return true
}

// scalar returns a JSON string, number or boolean as text.
func scalar(v json.RawMessage) (string, bool) {
	var value any
	if err := json.Unmarshal(v, &value); err != nil {
		return "", false
	}
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

// Excluded returns the line numbers chosen at the input "exclude", from 1.
func (c Click) Excluded() []int {
	var numbers []int
	for s := range strings.SplitSeq(c.Inputs["exclude"], ",") {
		if n, err := strconv.Atoi(strings.TrimSpace(s)); err == nil && n > 0 {
			numbers = append(numbers, n)
		}
	}
	return numbers
}
