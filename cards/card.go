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
	refresh *refresh
}

// refresh has a client ask for the card as it is by now when somebody opens it: those of
// UserIDs, or everybody where no more than 60 people look at it.
// https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#refresh-mechanism
type refresh struct {
	Action  action   `json:"action"`
	UserIDs []string `json:"userIds,omitempty"`
}

// maxRefreshed is for how many people Teams asks by itself.
const maxRefreshed = 60

// Of returns what a card shows that is kept true: a request by its folio and version, its
// card at a stage by stage and round, an account by its stamp, a line in attention by stamp
// and stage; each with the request's mark. It is zero of any other card.
func (c Card) Of() Data { return c.of }

// Refreshing returns the card with which a client asks for the present one, by
// CardRefresh, when one of the users opens it; their ids are Teams' own (29:…). A form
// never does: what is being typed would be gone.
func (c Card) Refreshing(users ...string) Card {
	if c.of == (Data{}) {
		return c
	}
	d := c.of.with(CardRefresh)
	c.refresh = &refresh{
		Action:  action{Type: "Action.Execute", Title: c.Summary, Verb: d.Verb, Data: &d},
		UserIDs: users[:min(len(users), maxRefreshed)],
	}
	return c
}

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
	Refresh      *refresh       `json:"refresh,omitempty"`
	Teams        map[string]any `json:"msteams,omitempty"`
}

// version is the newest that Teams renders everywhere.
const version = "1.5"

// MarshalJSON returns the Adaptive Card.
func (c Card) MarshalJSON() ([]byte, error) {
	r := rendered{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: version,
		FallbackText: c.Summary, Speak: c.Summary, Body: c.body, Refresh: c.refresh,
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
