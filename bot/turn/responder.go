package turn

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Teams is the part of the Bot Framework that is used here; connector.Connector implements it.
// Errors are *connector.Error.
type Teams interface {
	Send(ctx context.Context, to connector.Conversation, m connector.Message) (id string, err error)
	Member(ctx context.Context, in connector.Conversation, memberID string) (connector.Member, error)
}

// Config holds the dependencies of a Responder.
type Config struct {
	Store      provisioning.Store
	Teams      Teams
	Recipients *recipient.Registry
	Posts      *post.Keeper
	TenantID   string
	Locale     string
	Buttons    cards.Buttons
	Now        func() time.Time
	Log        *slog.Logger
}

// Responder makes a turn of an activity, and replies to it. It is safe for concurrent use.
type Responder struct {
	Config
	replies chan struct{} // bounds the replies queued
	sending chan struct{} // bounds the replies being sent
	drops   LogLimit
	group   sync.WaitGroup
	closing chan struct{} // closed when replies are cancelled
}

// NewResponder returns a Responder. Finish must be called at the end.
func NewResponder(cfg Config) *Responder {
	return &Responder{
		Config: cfg, closing: make(chan struct{}),
		replies: make(chan struct{}, maxReplies), sending: make(chan struct{}, maxSending),
	}
}
