package bot

import (
	"context"
	"net/http"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
)

// admit refuses what is verified but not ours: another tenant, or a person Teams
// does not name by their Entra object id.
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

// isObjectID reports whether a person can be filed under the id: records lie under it,
// some with more behind a slash, and one with a slash of its own could name another's.
func isObjectID(id string) bool {
	return len(id) <= 64 && !strings.ContainsFunc(id, func(r rune) bool { return r == '/' || r <= ' ' || r > '~' })
}

// handle sees to an admitted activity. The answer is the body of the HTTP 200, nil
// for none.
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

// once passes an activity on unless Teams sent it before. One that failed may come
// again; one that comes while it is being handled waits for how that ends, so that it
// is not called done when it is not.
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
