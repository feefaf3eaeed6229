package bot

import (
	"context"
	"net/http"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
)

// admit refuses verified activities of another tenant, and of a sender without an Entra object
// id.
func (b *Bot) admit(a *connector.Activity) error {
	if !strings.EqualFold(a.TenantID, b.tenantID) {
		return &connector.Refusal{Status: http.StatusForbidden, Reason: "another tenant"}
	}
	if (a.Type == connector.TypeMessage || a.Type == connector.TypeInvoke) && a.From.AADObjectID == "" {
		return &connector.Refusal{Status: http.StatusForbidden, Reason: "no object id of the sender"}
	}
	if !isObjectID(a.From.AADObjectID) {
		return &connector.Refusal{Status: http.StatusForbidden, Reason: "an object id of another shape"}
	}
	return nil
}

// isObjectID reports whether the id can be part of a key. Keys may append more after a slash, so
// an id with a slash could name another person's record.
func isObjectID(id string) bool {
	return len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool { return r == '/' || r <= ' ' || r > '~' })
}

// handle dispatches an admitted activity by its type. The answer is the body of the HTTP 200,
// nil for none.
func (b *Bot) handle(ctx context.Context, a *connector.Activity) (answer any, err error) {
	err = connector.Handlers{
		Message: func(ctx context.Context, a *connector.Activity) error { return b.once(ctx, a, b.message) },
		Invoke: func(ctx context.Context, a *connector.Activity) error {
			answer, err = b.invoke(ctx, a)
			return err
		},
		ConversationUpdate: func(ctx context.Context, a *connector.Activity) error { return b.once(ctx, a, b.conversation) },
		InstallationUpdate: func(ctx context.Context, a *connector.Activity) error { return b.once(ctx, a, b.installation) },
	}.Dispatch(ctx, a)
	return answer, err
}

// once handles an activity unless it was handled before. One that failed is handled again. A
// repeated one waits for the first to end, so that Teams gets no success for one that then
// fails.
func (b *Bot) once(ctx context.Context, a *connector.Activity, handle func(context.Context, *connector.Activity) error) error {
	if a.ID == "" {
		return handle(ctx, a)
	}
	key := a.Conversation.ID + "/" + a.ID
	return b.handling.Do(ctx, key, func() error {
		if !b.seen.First(key) {
			return nil
		}
		err := handle(ctx, a)
		if err != nil {
			b.seen.Forget(key)
		}
		return err
	})
}
