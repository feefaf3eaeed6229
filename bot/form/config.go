package form

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/catalogue"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
)

// Previewer looks up the result of submitting a form; provisioning.Executor implements it.
type Previewer interface {
	Preview(ctx context.Context, about provisioning.Inquiry) ([]provisioning.Proposal, error)
}

// Config holds the dependencies of Forms.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Inquiries  *access.Inquiries
	Workflow   *provisioning.Workflow
	Preview    Previewer
	Catalogue  *catalogue.Catalogue
	Rules      *provisioning.Rules
	View       *view.Reader
	Posts      *post.Keeper
	Turns      *turn.Responder
	Privacy    *privacy.Register
	Recipients *recipient.Registry
	Locale     string
	Location   *time.Location
	Now        func() time.Time
	Log        *slog.Logger
}

// Forms handles the forms being filled in. It is safe for concurrent use.
type Forms struct {
	Config
	kinds map[provisioning.RequestKind]Kind
}

// New returns Forms for new accounts, and for the other kinds of request.
func New(cfg Config, others ...Kind) *Forms {
	fs := &Forms{cfg, make(map[provisioning.RequestKind]Kind)}
	for _, k := range append(others, &accounts{cfg}) {
		fs.kinds[k.kind()] = k
	}
	return fs
}
