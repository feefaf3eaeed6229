package confirm

import (
	"context"
	"errors"
	"fmt"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Config holds the dependencies of Questions.
type Config struct {
	Store provisioning.Store
	Posts *post.Keeper
	Now   func() time.Time
}

// Questions stores the open questions, and carries out the confirmed acts. It is safe for
// concurrent use after the last Register.
type Questions struct {
	Config
	acts  map[string]Act // by verb
	twice []error
}

// Act is how the room of an act asks for its confirmation and carries it out.
type Act struct {
	Asked func(ctx context.Context, t turn.Context, q Question) (text string, err error) // the text of the question
	Do    func(ctx context.Context, t turn.Context, q Question) (cards.Message, error)
}

// Err returns an error for each verb that was given two acts: two rooms claim its button.
func (qs *Questions) Err() error { return errors.Join(qs.twice...) }

// Register sets the act of a verb, that of the equivalent button.
func (qs *Questions) Register(verb string, a Act) {
	if _, known := qs.acts[verb]; known {
		qs.twice = append(qs.twice, fmt.Errorf("confirm: two acts for %s", verb))
	}
	if qs.acts == nil {
		qs.acts = make(map[string]Act)
	}
	qs.acts[verb] = a
}
