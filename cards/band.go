package cards

import (
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// The styles of a Container and of a Badge.
const (
	styleEmphasis    = "emphasis"
	styleGood        = "good"
	styleWarning     = "warning"
	styleAttention   = "attention"
	styleAccent      = "accent"
	styleInformative = "informative"
	styleSubtle      = "subtle"
)

// badge is a word in a small coloured field, which Teams draws beyond 1.5. Other clients show the
// fallback. https://adaptivecards.microsoft.com/?topic=Badge
type badge struct {
	Type       string    `json:"type"`
	Text       string    `json:"text"`
	Style      string    `json:"style"`
	Appearance string    `json:"appearance"`
	Size       string    `json:"size"`
	Spacing    string    `json:"spacing,omitempty"`
	Fallback   textBlock `json:"fallback"`
}

// badged returns a badge with a word; where there are no badges, the word stands after its mark.
func badged(style, word, mark string) badge {
	return badge{
		Type: "Badge", Text: word, Style: style, Appearance: "Tint", Size: "Large", Spacing: "Small",
		Fallback: coloured(marked(mark, escape(word)), ""),
	}
}

// layout arranges the items of a container in Teams; other clients stack them.
// https://adaptivecards.microsoft.com/?topic=container-layouts
type layout struct {
	Type          string     `json:"type"`
	TargetWidth   string     `json:"targetWidth,omitempty"`
	Columns       []int      `json:"columns,omitempty"` // widths in percent; the last takes the rest
	Areas         []gridArea `json:"areas,omitempty"`
	ColumnSpacing string     `json:"columnSpacing,omitempty"`
	RowSpacing    string     `json:"rowSpacing,omitempty"`
	ItemsAlign    string     `json:"horizontalItemsAlignment,omitempty"`
}

type gridArea struct {
	Name   string `json:"name"`
	Column int    `json:"column"`
}

// flowing puts items side by side as far as they fit.
var flowing = []layout{{Type: "Layout.Flow", ColumnSpacing: "Small", RowSpacing: "Small", ItemsAlign: "Left"}}

// halves puts the items with the areas "left" and "right" side by side where the card is wider than
// on a phone or in a meeting's side panel.
var halves = []layout{{
	Type: "Layout.AreaGrid", TargetWidth: "atLeast:standard", Columns: []int{50}, ColumnSpacing: "Default",
	Areas: []gridArea{{"left", 1}, {"right", 2}},
}}

// band is a card's head, from edge to edge: what the card is about, and its state, so that one card
// is told from another in a busy channel.
func band(style string, items ...any) container {
	return container{Type: "Container", Style: style, Bleed: true, Items: items}
}

// badges is a row of badges.
func badges(all ...badge) container {
	c := container{Type: "Container", Spacing: "Small", Layouts: flowing}
	for _, b := range all {
		c.Items = append(c.Items, b)
	}
	return c
}

// alert is a box with a warning on each line.
func alert(texts ...string) container {
	c := container{Type: "Container", Style: styleWarning, Spacing: "Small"}
	for i, text := range texts {
		b := warning(text)
		if i == 0 {
			b.Spacing = "None"
		}
		c.Items = append(c.Items, b)
	}
	return c
}

// alerts is alert, or nothing without texts.
func alerts(texts ...string) []any {
	if len(texts) == 0 {
		return nil
	}
	return []any{alert(texts...)}
}

// below returns the text with a space to an alert above it.
func below(b textBlock, above []any) textBlock {
	if len(above) > 0 {
		if _, boxed := above[len(above)-1].(container); boxed {
			b.Spacing = "Small"
		}
	}
	return b
}

// wideFacts is facts in two columns where the card is wide.
func wideFacts(pairs ...string) []any {
	all := facts(pairs...)
	if len(all) == 0 {
		return nil
	}
	set, _ := all[0].(factSet)
	if len(set.Facts) < 4 {
		return all
	}
	half := (len(set.Facts) + 1) / 2
	left := factSet{Type: "FactSet", Area: "left", Facts: set.Facts[:half]}
	right := factSet{Type: "FactSet", Area: "right", Spacing: "None", Facts: set.Facts[half:]}
	return []any{container{Type: "Container", Layouts: halves, Items: []any{left, right}}}
}

// stateBadge is the badge of a request's state.
func (t *Texts) stateBadge(s provisioning.RequestState) badge {
	l := styleOf(s)
	return badged(l.badge, t.RequestState(s), l.mark)
}

// withWarnings adds a badge with the number of warnings on the card, if there are any.
func (t *Texts) withWarnings(count int, others ...badge) []badge {
	if count == 0 {
		return others
	}
	return append(others, badged(styleWarning, t.count("label.warnings", count), markAlarm))
}

// folioLine is the line with a request's folio, and what else identifies the card.
func (t *Texts) folioLine(f provisioning.Folio, more ...string) textBlock {
	return small(dotted(append([]string{t.md("label.folio_is", "folio", string(f))}, more...)...))
}

// maskedShort is the masked form of a CURP with one character for all that are hidden: a screen
// reader would read twelve dots one by one.
func maskedShort(c identity.CURP) string {
	m := c.Masked()
	first, last := strings.Index(m, maskedRune), strings.LastIndex(m, maskedRune)
	if first < 0 {
		return m
	}
	return m[:first] + "…" + m[last+len(maskedRune):]
}

// saysMasked says that a card shows the CURPs of these lines masked; "" if it shows none.
func (t *Texts) saysMasked(lines ...provisioning.Account) string {
	if slices.ContainsFunc(lines, func(a provisioning.Account) bool { return a.Holder.Person.CURP != "" }) {
		return t.fixed["speak.masked"]
	}
	return ""
}

// maskedRune is what a masked CURP has instead of a character.
const maskedRune = "·"
