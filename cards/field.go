package cards

// rule is what the client checks of an input. The patterns are JavaScript regular expressions
// without flags, and wider than the parsers of provisioning, which decide.
type rule struct {
	required  bool
	limit     int
	pattern   string
	multiline bool
	example   bool // the catalogue has a placeholder text
	help      bool // and a help text
	style     string
}

const (
	namePattern     = `^[^0-9<>@#$%&*=+/\\|{}\[\]]*$`
	curpPattern     = `^\s*(?:[A-Za-zÑñ0-9][\s\-.]*){18}$`
	cctPattern      = `^\s*(?:[A-Za-z0-9][\s\-.]*){10}$`
	phonePattern    = `^[^@<>{}]*[0-9][^@<>{}]*$`
	numberPattern   = `^\s*[0-9]+\s*$`
	nonEmptyPattern = `\S`
)

// rules are those of the text inputs, by their stable names.
var rules = map[string]rule{
	"oficio":         {required: true, limit: 60, pattern: nonEmptyPattern, example: true, help: true},
	"area":           {limit: 120, example: true},
	"phone":          {limit: 40, pattern: phonePattern, example: true, style: "Tel"},
	"givenNames":     {required: true, limit: 60, pattern: namePattern, example: true},
	"firstSurname":   {required: true, limit: 60, pattern: namePattern, example: true},
	"secondSurname":  {limit: 60, pattern: namePattern, example: true},
	"curp":           {required: true, limit: 30, pattern: curpPattern, example: true, help: true},
	"cct":            {required: true, limit: 20, pattern: cctPattern, example: true, help: true},
	"cctTyped":       {limit: 20, pattern: cctPattern, example: true, help: true},
	"employeeNumber": {limit: 20, example: true},
	"grade":          {limit: 30, example: true},
	"group":          {limit: 30, example: true},
	"centerName":     {required: true, limit: 120, pattern: nonEmptyPattern, example: true},
	"responsible":    {required: true, limit: 120, pattern: nonEmptyPattern, example: true},
	"rows":           {required: true, limit: MaxPasted, pattern: nonEmptyPattern, multiline: true, example: true},
	"notes":          {limit: 1000, multiline: true, example: true},
	"comment":        {required: true, limit: 1000, pattern: nonEmptyPattern, multiline: true, example: true},
	"rangeFrom":      {required: true, limit: 9, pattern: numberPattern, example: true},
	"rangeTo":        {required: true, limit: 9, pattern: numberPattern, example: true},
	"address":        {limit: 113, example: true, help: true, style: "Email"},
}

type inputElement struct {
	Type         string   `json:"type"`
	ID           string   `json:"id"`
	Label        string   `json:"label"`
	Placeholder  string   `json:"placeholder,omitempty"`
	Value        string   `json:"value,omitempty"`
	Required     bool     `json:"isRequired,omitempty"`
	ErrorMessage string   `json:"errorMessage,omitempty"`
	MaxLength    int      `json:"maxLength,omitempty"`
	Regex        string   `json:"regex,omitempty"`
	Multiline    bool     `json:"isMultiline,omitempty"`
	Style        string   `json:"style,omitempty"`
	Multiple     bool     `json:"isMultiSelect,omitempty"`
	Choices      []choice `json:"choices,omitempty"`
	Query        *query   `json:"choices.data,omitempty"`
	Wrap         bool     `json:"wrap,omitempty"`
}

type choice struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type query struct {
	Type    string `json:"type"`
	Dataset string `json:"dataset"`
}

// filledIn are the values of a card's inputs, and their errors.
type filledIn struct {
	values map[string]string
	errors map[string]error
}

// field returns the input with this name, with its help text or its error.
func (t *Texts) field(in filledIn, name string) []any { return t.text(in, name, rules[name]) }

// text is field with a rule.
func (t *Texts) text(in filledIn, name string, r rule) []any {
	text := inputElement{
		Type: "Input.Text", ID: name, Label: t.fixed["input."+name], Value: in.values[name],
		Required: r.required, MaxLength: r.limit, Regex: r.pattern, Multiline: r.multiline, Style: r.style,
	}
	if r.example {
		text.Placeholder = t.fixed["input."+name+".example"]
	}
	if r.required || r.pattern != "" {
		text.ErrorMessage = t.fixed["input."+name+".error"]
	}
	items := t.withError(in, text)
	if r.help && in.errors[name] == nil {
		items = append(items, small(t.fixed["input."+name+".help"]))
	}
	return items
}

// inputError is the error of an input.
func (t *Texts) inputError(name string, err error) textBlock {
	return errorText(name+"-error", t.Reason(err))
}

// choice returns a ChoiceSet; style is "compact", "expanded" or "filtered".
func (t *Texts) choice(in filledIn, name, style string, required bool, choices ...choice) inputElement {
	set := inputElement{
		Type: "Input.ChoiceSet", ID: name, Label: t.fixed["input."+name], Value: in.values[name],
		Required: required, Style: style, Choices: choices, Wrap: true,
	}
	if style == "compact" {
		set.Placeholder = t.fixed["input.choose"]
	}
	if required {
		set.ErrorMessage = t.fixed["input."+name+".error"]
	}
	return set
}

// withError returns an input, followed by its error if it has one.
func (t *Texts) withError(in filledIn, q inputElement) []any {
	if err := in.errors[q.ID]; err != nil {
		return []any{q, t.inputError(q.ID, err)}
	}
	return []any{q}
}

func (t *Texts) date(in filledIn, name string) []any {
	return t.withError(in, inputElement{
		Type: "Input.Date", ID: name, Label: t.fixed["input."+name], Value: in.values[name], Placeholder: t.fixed["input.date.choose"],
	})
}

// errorSummary says, at the top of a form, why it was refused, or that inputs have errors.
func (t *Texts) errorSummary(err error, inputs map[string]error) []any {
	switch {
	case err != nil:
		return []any{errorText("refused", t.Reason(err))}
	case len(inputs) > 0:
		return []any{errorText("refused", t.fixed["form.look"])}
	}
	return nil
}
