package approval

import (
	"context"
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

// Config holds the dependencies of Approvals.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Workflow   *provisioning.Workflow
	Rules      *provisioning.Rules
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	Questions  *confirm.Questions
	Private    func(ctx context.Context, t turn.Context) (cards.Message, error) // the list of what waits for a person, in their own chat
	Location   *time.Location
	Now        func() time.Time
}

// Approvals handles the cards and decisions of the stages. It is safe for concurrent use.
type Approvals struct{ Config }

// New returns Approvals, and registers the confirmation of a typed rejection.
func New(cfg Config) *Approvals {
	ap := &Approvals{cfg}
	cfg.Questions.Register(cards.ApprovalReject, confirm.Act{Asked: ap.rejectAsked, Do: ap.rejectConfirmed})
	return ap
}
