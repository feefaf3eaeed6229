package cards

// rule is what an input holds to in the client. Patterns are read by JavaScript without
// flags; they are wider than the parsers of provisioning, which have the last word.
type rule struct {
	required  bool
	limit     int
	pattern   string
	multiline bool
	example   bool // the catalogue has a placeholder
	help      bool // and a line below
	style     string
}

const (
	namePattern  = `^[^0-9<>@#$%&*=+/\\|{}\[\]]*$`
	curpPattern  = `^\s*(?:[A-Za-zÑñ0-9][\s\-.]*){18}$`
	cctPattern   = `^\s*(?:[A-Za-z0-9][\s\-.]*){10}$`
	phonePattern = `^[^@<>{}]*[0-9][^@<>{}]*$`
	filled       = `\S`
)

// rules are those of the text inputs, by their stable names.
var rules = map[string]rule{
	"oficio":         {required: true, limit: 60, pattern: filled, example: true, help: true},
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
	"centerName":     {required: true, limit: 120, pattern: filled, example: true},
	"responsible":    {required: true, limit: 120, pattern: filled, example: true},
	"notes":          {limit: 1000, multiline: true, example: true},
	"comment":        {required: true, limit: 1000, pattern: filled, multiline: true, example: true},
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

// filledIn is what the inputs of a card hold: their values, and what is wrong
// with them.
type filledIn struct {
	values map[string]string
	errors map[string]error
}

// field returns the input of a name, with its help, and with what the server
// found wrong.
func (t *Texts) field(in filledIn, name string) []any { return t.text(in, name, rules[name]) }

// text is field for an input that holds to a rule.
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
	items := t.ask(in, text)
	if r.help && in.errors[name] == nil {
		items = append(items, small(t.fixed["input."+name+".help"]))
	}
	return items
}

// wrong says what the server found at an input.
func (t *Texts) wrong(name string, err error) textBlock {
	return failing(name+"-error", t.Reason(err))
}

// choice returns a closed question: a list that opens, or, where style is
// "expanded", one that is always open.
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

// ask returns an input with what the server found wrong.
func (t *Texts) ask(in filledIn, q inputElement) []any {
	if err := in.errors[q.ID]; err != nil {
		return []any{q, t.wrong(q.ID, err)}
	}
	return []any{q}
}

func (t *Texts) date(in filledIn, name string) []any {
	return t.ask(in, inputElement{
		Type: "Input.Date", ID: name, Label: t.fixed["input."+name], Value: in.values[name], Placeholder: t.fixed["input.date.choose"],
	})
}

// refused says, at the head of a form, why it was not taken, or that the inputs
// below need a look.
func (t *Texts) refused(err error, inputs map[string]error) []any {
	switch {
	case err != nil:
		return []any{failing("refused", t.Reason(err))}
	case len(inputs) > 0:
		return []any{failing("refused", t.fixed["form.look"])}
	}
	return nil
}
