package cards

import "seducoahuila.gob.mx/altas/provisioning/identity"

// The elements of Adaptive Cards, with the properties in use: https://adaptivecards.io/explorer.

type textBlock struct {
	Type      string `json:"type"`
	ID        string `json:"id,omitempty"`
	Text      string `json:"text"`
	Wrap      bool   `json:"wrap"`
	Style     string `json:"style,omitempty"`
	Size      string `json:"size,omitempty"`
	Weight    string `json:"weight,omitempty"`
	Color     string `json:"color,omitempty"`
	Subtle    bool   `json:"isSubtle,omitempty"`
	Spacing   string `json:"spacing,omitempty"`
	Separator bool   `json:"separator,omitempty"`
}

type richText struct {
	Type    string    `json:"type"`
	Spacing string    `json:"spacing,omitempty"`
	Inlines []textRun `json:"inlines"`
}

// textRun is shown literally: Markdown is not interpreted in it.
type textRun struct {
	Type     string `json:"type"`
	Text     string `json:"text"`
	FontType string `json:"fontType,omitempty"`
	Size     string `json:"size,omitempty"`
	Weight   string `json:"weight,omitempty"`
}

type factSet struct {
	Type    string `json:"type"`
	Area    string `json:"grid.area,omitempty"` // in the layout of its container
	Spacing string `json:"spacing,omitempty"`
	Facts   []fact `json:"facts"`
}

type fact struct {
	Title string `json:"title"`
	Value string `json:"value"`
}

type container struct {
	Type      string   `json:"type"`
	ID        string   `json:"id,omitempty"`
	Style     string   `json:"style,omitempty"`
	Bleed     bool     `json:"bleed,omitempty"`
	Layouts   []layout `json:"layouts,omitempty"`
	Spacing   string   `json:"spacing,omitempty"`
	Separator bool     `json:"separator,omitempty"`
	Visible   *bool    `json:"isVisible,omitempty"`
	Items     []any    `json:"items"`
	Select    *action  `json:"selectAction,omitempty"`
}

type columnSet struct {
	Type    string   `json:"type"`
	Spacing string   `json:"spacing,omitempty"`
	Columns []column `json:"columns"`
}

type column struct {
	Type  string `json:"type"`
	Width string `json:"width"`
	Items []any  `json:"items"`
}

// picture is an Image. A click on it in Teams opens it in full.
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/cards-format#stageview-for-images-in-adaptive-cards
type picture struct {
	Type  string          `json:"type"`
	URL   string          `json:"url"`
	Alt   string          `json:"altText"`
	Size  string          `json:"size,omitempty"`
	Teams *pictureInTeams `json:"msteams,omitempty"`
}

type pictureInTeams struct {
	Expand bool `json:"allowExpand"`
}

type actionSet struct {
	Type      string   `json:"type"`
	Spacing   string   `json:"spacing,omitempty"`
	Separator bool     `json:"separator,omitempty"`
	Actions   []action `json:"actions"`
}

func paragraph(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true}
}

func heading(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Style: "heading", Size: "Medium", Weight: "Bolder"}
}

func subheading(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Weight: "Bolder", Spacing: "Medium"}
}

// subtle is a small paragraph with isSubtle.
func subtle(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Size: "Small", Subtle: true}
}

// small is subtle for a line that belongs to the one above.
func small(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Size: "Small", Subtle: true, Spacing: "None"}
}

// next is a line that belongs to the one above.
func next(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Spacing: "None"}
}

func coloured(text, colour string) textBlock {
	return textBlock{Type: "TextBlock", Text: text, Wrap: true, Size: "Small", Color: colour, Spacing: "None"}
}

// warning is a line that asks for attention.
func warning(text string) textBlock {
	return textBlock{Type: "TextBlock", Text: marked(markAlarm, text), Wrap: true, Size: "Small", Spacing: "Small"}
}

// errorText is the error of the input above.
func errorText(id, text string) textBlock {
	return textBlock{Type: "TextBlock", ID: id, Text: marked(markStopped, text), Wrap: true, Size: "Small", Color: "Attention", Spacing: "Small"}
}

// addressText is an email address on a line of its own, small enough for the longest common one to
// fit a phone: people copy it.
func addressText(a identity.Address) textBlock {
	return textBlock{Type: "TextBlock", Text: escape(string(a)), Wrap: true, Size: "Small", Spacing: "None"}
}

// facts returns a FactSet of title, value pairs, without those whose value is empty.
func facts(pairs ...string) []any {
	set := factSet{Type: "FactSet"}
	for i := 0; i+1 < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			set.Facts = append(set.Facts, fact{pairs[i], pairs[i+1]})
		}
	}
	if len(set.Facts) == 0 {
		return nil
	}
	return []any{set}
}

func box(items ...any) container {
	return container{Type: "Container", Items: items}
}

func hidden(id string, items ...any) container {
	return container{Type: "Container", ID: id, Visible: new(bool), Items: items}
}

func buttons(actions ...action) actionSet {
	return actionSet{Type: "ActionSet", Actions: actions}
}

func columns(each ...[]any) columnSet {
	set := columnSet{Type: "ColumnSet"}
	for _, items := range each {
		set.Columns = append(set.Columns, column{Type: "Column", Width: "stretch", Items: items})
	}
	return set
}
