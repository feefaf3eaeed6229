package turn

import (
	"context"

	"seducoahuila.gob.mx/altas/cards"
)

// Verb does what a button says. A *provisioning.Error is told to whoever clicked.
type Verb func(ctx context.Context, t Context, c cards.Click) (Answer, error)

// Routes are the buttons that a room answers, by verb. Personal ones are of the chat with one
// person, and refused elsewhere; Channel ones are of the stages' channels, and the room asks
// the domain who may.
type Routes struct {
	Personal, Channel map[string]Verb
}
