package attention

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/confirm"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// Checker checks in the directory whether a remedy is possible; provisioning.Executor implements
// it.
type Checker interface {
	Confirm(ctx context.Context, line provisioning.Account, objectID string) error
	Vacant(ctx context.Context, line provisioning.Account, typed string) error
}

// Config holds the dependencies of Lines.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Workflow   *provisioning.Workflow
	Check      Checker
	Custody    provisioning.Custody
	Rules      *provisioning.Rules
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	Questions  *confirm.Questions
	Waiting    func(ctx context.Context, t turn.Context) (cards.Message, error) // the list of what waits for the stage of t's channel
	Now        func() time.Time
	Log        *slog.Logger
}

// Lines handles lines in attention. It is safe for concurrent use.
type Lines struct{ Config }

// New returns Lines, and registers the confirmation of the typed remedies that cannot be undone.
func New(cfg Config) *Lines {
	ls := &Lines{cfg}
	for _, verb := range []string{cards.AttentionDrop, cards.AttentionDisable, cards.AttentionRename} {
		cfg.Questions.Register(verb, confirm.Act{Asked: ls.remedyAsked, Do: ls.remedyConfirmed})
	}
	return ls
}
