package cards

import (
	"encoding/json"
	"slices"
)

// Card is an Adaptive Card 1.5 with the text that stands for it where no card is
// drawn: notifications, screen readers, old clients. The zero Card is none.
type Card struct {
	Summary string

	body    []any
	actions []action
	wide    bool
	of      Data // what it shows, of a card that is kept true
}

// Of returns what a card shows that is kept true: a request by its folio and version, its
// card at a stage by stage and round, an account by its stamp, a line in attention by stamp
// and stage. It is zero of any other card.
func (c Card) Of() Data { return c.of }

// Message is what is sent to a conversation: a text, as Markdown, or a card.
type Message struct {
	Text string
	Card Card
}

// None reports whether there is no card.
func (c Card) None() bool { return len(c.body) == 0 }

type rendered struct {
	Schema       string         `json:"$schema,omitempty"`
	Type         string         `json:"type"`
	Version      string         `json:"version,omitempty"`
	FallbackText string         `json:"fallbackText,omitempty"`
	Speak        string         `json:"speak,omitempty"`
	Body         []any          `json:"body"`
	Actions      []action       `json:"actions,omitempty"`
	Teams        map[string]any `json:"msteams,omitempty"`
}

// version is the newest that Teams renders everywhere.
const version = "1.5"

// MarshalJSON returns the Adaptive Card.
func (c Card) MarshalJSON() ([]byte, error) {
	r := rendered{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: version,
		FallbackText: c.Summary, Speak: c.Summary, Body: c.body,
	}
	if width(c.actions) <= narrow {
		r.Actions = c.actions
	} else {
		r.Body = slices.Concat(c.body, rows(c.actions...))
	}
	if c.wide {
		r.Teams = map[string]any{"width": "Full"}
	}
	return json.Marshal(r)
}
