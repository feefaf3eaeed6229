package connector

import (
	"context"

	"github.com/infracloudio/msbotbuilder-go/core/activity"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// Handler handles one kind of activity.
type Handler func(context.Context, *Activity) error

// Handlers are the handlers by type of activity. A nil one ignores its type.
type Handlers struct {
	Message            Handler
	Invoke             Handler
	ConversationUpdate Handler
	InstallationUpdate Handler
	Other              Handler
}

// Dispatch calls the handler for the activity's type and returns its error. The builder's
// dispatch knows three types; the other types are dispatched here.
func (h Handlers) Dispatch(ctx context.Context, a *Activity) error {
	switch a.Type {
	case TypeMessage, TypeInvoke, TypeConversationUpdate:
		turn := &activity.TurnContext{Activity: a.schema()}
		_, err := activity.PrepareActivityContext(activity.HandlerFuncs{
			OnMessageFunc:            turnWith(ctx, a, h.Message),
			OnInvokeFunc:             turnWith(ctx, a, h.Invoke),
			OnConversationUpdateFunc: turnWith(ctx, a, h.ConversationUpdate),
		}, turn)
		return err
	case TypeInstallationUpdate:
		return call(ctx, a, h.InstallationUpdate)
	}
	return call(ctx, a, h.Other)
}

// turnWith passes the context and the whole activity through the builder's turn, which has
// neither.
func turnWith(ctx context.Context, a *Activity, h Handler) func(*activity.TurnContext) (schema.Activity, error) {
	return func(*activity.TurnContext) (schema.Activity, error) {
		return schema.Activity{}, call(ctx, a, h)
	}
}

func call(ctx context.Context, a *Activity, h Handler) error {
	if h == nil {
		return nil
	}
	return h(ctx, a)
}
