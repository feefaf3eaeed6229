package cards

import (
	"encoding/json"
	"slices"
	"strings"
)

// Card is an Adaptive Card 1.5 with a Summary for notifications, screen readers and clients that do
// not render cards. The zero Card is no card.
type Card struct {
	Summary string

	lang    string // the language of its texts
	spoken  string // what a screen reader says after Summary
	body    []any
	actions []action
	apart   []action // the destructive ones, below the others
	wide    bool
	of      Data // what the card shows, if it is kept up to date
	refresh *refresh

	waits    string // the label before the names of waitsFor
	waitsFor []mention
	rings    bool // waitsFor are mentioned
}

// refresh makes a client ask for the current card when one of UserIDs opens it, or anybody in a
// conversation of at most 60 people if there are none.
// https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#refresh-mechanism
type refresh struct {
	Action  action   `json:"action"`
	UserIDs []string `json:"userIds,omitempty"`
}

// maxRefreshed is the maximum of UserIDs.
const maxRefreshed = 60

// Of returns what a card shows that is kept up to date: a request by its folio and version, an
// approval by stage and round, an account by its stamp, a line in attention by stamp and stage;
// each with the request's mark. It is zero for any other card.
func (c Card) Of() Data { return c.of }

// Refreshing returns the card with a refresh, by CardRefresh, for the users; their ids are Teams'
// (29:…). Forms have none, because a refresh would discard what is being typed.
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

// Message is a message to a conversation: a text in Markdown, or a card.
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
	Lang         string         `json:"lang,omitempty"`
	FallbackText string         `json:"fallbackText,omitempty"`
	Speak        string         `json:"speak,omitempty"`
	Body         []any          `json:"body"`
	Actions      []action       `json:"actions,omitempty"`
	Refresh      *refresh       `json:"refresh,omitempty"`
	Teams        map[string]any `json:"msteams,omitempty"`
}

// twoLetters is the two-letter language of a locale, which is what lang takes: "es" of "es-MX".
func twoLetters(locale string) string {
	two, _, _ := strings.Cut(locale, "-")
	return two
}

// version is the newest that all Teams clients render.
const version = "1.5"

// MarshalJSON returns the Adaptive Card.
func (c Card) MarshalJSON() ([]byte, error) {
	r := rendered{
		Schema: "http://adaptivecards.io/schemas/adaptive-card.json", Type: "AdaptiveCard", Version: version,
		Lang: twoLetters(c.lang), FallbackText: c.Summary, Speak: sentences(c.Summary, c.spoken), Body: c.body, Refresh: c.refresh,
	}
	if len(c.waitsFor) > 0 {
		head := min(1, len(c.body))
		c.body = slices.Concat(c.body[:head], []any{c.mentionLine()}, c.body[head:])
		r.Body = c.body
	}
	if len(c.apart) == 0 && width(c.actions) <= phoneWidth {
		r.Actions = c.actions
	} else {
		r.Body = slices.Concat(c.body, rows(c.actions...), apart(c.apart...))
	}
	if c.wide {
		r.Teams = map[string]any{"width": "Full"}
	}
	if c.rings && len(c.waitsFor) > 0 {
		if r.Teams == nil {
			r.Teams = make(map[string]any, 1)
		}
		r.Teams["entities"] = c.waitsFor
	}
	return json.Marshal(r)
}
