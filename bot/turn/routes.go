package turn

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
)

// Verb handles an action of a card. A *problem.Error is shown to the person who clicked.
type Verb func(ctx context.Context, t Context, c cards.Click) (Answer, error)

// Routes are the commands and action verbs that a room handles. Personal verbs are refused
// outside a personal chat. Channel verbs come from the stages' channels; the room checks with
// the domain who may use them.
type Routes struct {
	Personal, Channel map[string]Verb
	Commands          []Command
}

// Command is something that is requested by typing. Where a handler is nil the reply says where
// the command works.
type Command struct {
	Name     string   // as the help and its texts name it
	Words    []string // that select it, folded as by words.Plain
	Hints    []string // words that suggest it
	Offered  bool     // in the help, and as a correction of a near miss
	Confirms bool     // a yes to what was asked in a channel: in a chat the help is shown
	Decides  bool     // read before a plain yes or no to a question in a channel
	Sentence bool     // its words may begin a sentence that asks for something else, which is then answered

	Personal, Channel func(ctx context.Context, t Context, c words.Asked) (cards.Message, error)
}
