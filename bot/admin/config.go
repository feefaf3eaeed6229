package admin

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// Teams looks up a member of a conversation; connector.Connector implements it.
type Teams interface {
	Member(ctx context.Context, in connector.Conversation, memberID string) (connector.Member, error)
}

// Config holds the dependencies of Commands.
type Config struct {
	Store      provisioning.Store
	Access     *access.Policy
	Rules      *provisioning.Rules
	Teams      Teams
	Recipients *recipient.Registry
	TenantID   string
	Location   *time.Location
	Now        func() time.Time
	Log        *slog.Logger
}

// Commands are those of administrators and of office holders. It is safe for concurrent use.
type Commands struct{ Config }
