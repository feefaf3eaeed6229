package status

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/view"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// Config holds the dependencies of Requests.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Inquiries  *access.Inquiries
	Workflow   *provisioning.Workflow
	Rules      *provisioning.Rules
	View       *view.Reader
	Posts      *post.Keeper
	Recipients *recipient.Registry
	Location   *time.Location
	Now        func() time.Time
}

// Requests answers questions about requests. It is safe for concurrent use.
type Requests struct{ Config }
