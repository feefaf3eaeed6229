package post

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Teams is what is asked of the Bot Framework; connector.Connector is one. Errors are
// *connector.Error.
type Teams interface {
	Send(ctx context.Context, to connector.Conversation, m connector.Message) (id string, err error)
	Update(ctx context.Context, in connector.Conversation, id string, m connector.Message) error
	Delete(ctx context.Context, in connector.Conversation, id string) error
	Post(ctx context.Context, serviceURL, tenantID, channelID string, m connector.Message) (connector.Conversation, string, error)
}

// Config is what a Keeper works with.
type Config struct {
	Store      provisioning.Store
	Teams      Teams
	Recipients *recipient.Registry
	TenantID   string
	Now        func() time.Time
	Log        *slog.Logger
}

// Keeper keeps posts. It is safe for concurrent use.
type Keeper struct {
	Config
	drawing KeyLock // by post
}
