package turn

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// Verb does what a button says. A *provisioning.Error is told to whoever clicked.
type Verb func(ctx context.Context, t Context, c cards.Click) (Answer, error)

// Routes are what a room answers: commands, and buttons by verb. Personal ones are of the chat with one
// person, and refused elsewhere; Channel ones are of the stages' channels, and the room asks
// the domain who may.
type Routes struct {
	Personal, Channel map[string]Verb
	Commands          []Command
}

// Command is something that is asked for by typing. A nil half is not answered there, and says
// where it is. An empty message says nothing.
type Command struct {
	Name    string   // as the help and its texts name it
	Words   []string // by which it is known, folded as words.Plain does
	Hints   []string // words that are no command and come near it
	Offered bool     // by the help, and where somebody typed nearly its words
	Decides bool     // read before a plain yes or no to what was asked in a channel

	Personal, Channel func(ctx context.Context, t Context, c words.Asked) (cards.Message, error)
}
