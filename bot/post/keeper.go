package post

import (
	"context"
	"log/slog"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Teams is the part of the Bot Framework that is used here; connector.Connector implements it.
// Errors are *connector.Error.
type Teams interface {
	Send(ctx context.Context, to connector.Conversation, m connector.Message) (id string, err error)
	Update(ctx context.Context, in connector.Conversation, id string, m connector.Message) error
	Delete(ctx context.Context, in connector.Conversation, id string) error
	Post(ctx context.Context, serviceURL, tenantID, channelID string, m connector.Message) (connector.Conversation, string, error)
}

// Config holds the dependencies of a Keeper.
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
	drawing KeyLock // by post key
}
