package cards

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Click is what a button of our cards sent: its data, and the card's inputs by name, as typed. It
// comes from the client and is not evidence of anything.
type Click struct {
	Data
	Inputs map[string]string
}

// errNotAClick says that the value is not one that our buttons send.
var errNotAClick = errors.New("read click: not an object with a verb")

// Read parses the value of an Action.Execute's data or of an Action.Submit's message. Clients
// convert numbers to strings and back: both are accepted, and a list is read as its elements joined
// with commas. Values of other types are ignored; the caller limits the length of inputs.
func Read(value []byte) (Click, error) {
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(value, &raw); err != nil {
		return Click{}, errors.Join(errNotAClick, err)
	}
	c := Click{Inputs: make(map[string]string, len(raw))}
	for key, v := range raw {
		text, ok := textOf(v)
		if key == exclude && !ok && string(v) != "null" {
			text, ok = string(v), true // ignoring it would exclude nobody
		}
		if ok && !c.set(key, text) {
			c.Inputs[key] = text
		}
	}
	if c.Verb == "" || c.tooLong() {
		return Click{}, errNotAClick
	}
	return c, nil
}

// maxText is the maximum length of each string of Data, in bytes. The longest is a search text, of
// up to 200 characters.
const maxText = 1000

func (d *Data) tooLong() bool {
	return max(len(d.Verb), len(d.Draft), len(d.Kind), len(d.Step), len(d.Folio), len(d.Mark), len(d.Stage), len(d.Stamp), len(d.Entry), len(d.Locale), len(d.Query), len(d.Buttons), len(d.Notice), len(d.Lines)) > maxText
}

// set sets the field with this key; false if there is none.
func (d *Data) set(key, text string) bool {
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
	case "lines":
		d.Lines = text
	case "notice":
		d.Notice = text
	default:
		return false
	}
	return true
}

// textOf returns a JSON string, number or boolean as text, and a list of them joined with commas,
// as a ChoiceSet's value is.
func textOf(v json.RawMessage) (string, bool) {
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

// Shown returns the line numbers of the button's Lines, from 1, each once. readable is false if they
// contain anything else.
func (d Data) Shown() (numbers []int, readable bool) { return lineNumbers(d.Lines) }

// exclude is the input for the lines that an approver excludes.
const exclude = "exclude"

// Excluded returns the line numbers chosen in the input "exclude", from 1. readable is false if the
// input contains anything else, so that nobody is approved by mistake.
func (c Click) Excluded() (numbers []int, readable bool) { return lineNumbers(c.Inputs[exclude]) }

func lineNumbers(list string) (numbers []int, readable bool) {
	for s := range strings.SplitSeq(list, ",") {
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
