package confirm

import (
	"context"
	"time"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Config is what Questions work with.
type Config struct {
	Store provisioning.Store
	Posts *post.Keeper
	Now   func() time.Time
}

// Questions keeps what was asked, and does it once it is meant. It is safe for concurrent
// use, after the last Register.
type Questions struct {
	Config
	acts map[string]Act // by verb
}

// Act is what is done once somebody says that they mean it.
type Act struct {
	Asked func(ctx context.Context, t turn.Context, q Question) (text string, err error) // the question in words
	Do    func(ctx context.Context, t turn.Context, q Question) (cards.Message, error)
}

// Register has an act done by the verb of the button that does the same.
func (qs *Questions) Register(verb string, a Act) {
	if qs.acts == nil {
		qs.acts = make(map[string]Act)
	}
	qs.acts[verb] = a
}
