package letter

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/confirm"
	"seducoahuila.gob.mx/altas/bot/file"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// SignIn tells whose browser it is; signin.Entra implements it.
type SignIn interface {
	// AuthURL is the address at which the person signs in, and which then posts id_token and state to
	// redirect.
	AuthURL(ctx context.Context, redirect, state, nonce string) (string, error)
	// Verify returns the Entra object id of whoever signed in.
	Verify(ctx context.Context, idToken, nonce string) (objectID string, err error)
}

// Config holds the dependencies of Letters.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Letters    *letter.Letters
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	Turns      *turn.Responder
	Files      *file.Files
	Questions  *confirm.Questions
	SignIn     SignIn
	PublicURL  string // https://host of the bot's own pages; "" for none
	Now        func() time.Time
	Location   *time.Location
	Log        *slog.Logger
}

// Letters gives people letters. It is safe for concurrent use.
type Letters struct{ Config }

// New returns Letters, and registers the confirmation of a typed annulment.
func New(cfg Config) *Letters {
	ls := &Letters{cfg}
	cfg.Questions.Register(cards.LetterAnnul, confirm.Act{Asked: ls.annulAsked, Do: ls.annulConfirmed})
	return ls
}

// authority returns what people may do with letters, in a transaction.
func (ls *Letters) authority(tx provisioning.Tx) (letter.Authority, error) {
	auth, err := ls.Access.Authority(tx)
	return ls.Letters.Authority(auth), err
}
