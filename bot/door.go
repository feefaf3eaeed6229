package bot

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// admit refuses what is verified but not ours: another tenant, or a person Teams
// does not name by their Entra object id.
func (b *Bot) admit(a *connector.Activity) error {
	if !strings.EqualFold(a.TenantID, b.TenantID) {
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

// turn is one activity being handled: who acts, from where, in which language.
type turn struct {
	*connector.Activity
	by     provisioning.Actor
	chat   recipient.Person
	stage  provisioning.StageName // whose channel it came from; "" elsewhere
	said   string                 // the whole of what was typed; "" for a click
	quoted string                 // id of the message that was quoted; "" for none
	texts  *cards.Texts
}

// personal reports whether the turn is a chat with one person.
func (t turn) personal() bool { return t.Conversation.Type == connector.Personal }

// brings reports whether a file or card came along. Teams adds the text itself once
// more, as HTML.
func (t turn) brings() bool {
	return slices.ContainsFunc(t.Attachments, func(a connector.Attachment) bool { return a.ContentType != "text/html" })
}

// source is the message that the click came from.
func (t turn) source() post.Source {
	return post.Source{Conversation: t.Conversation, ID: t.ReplyToID, Stage: t.stage}
}

// spotOf is the message that somebody's words are about: the thread's first or, in a group
// chat, which has no threads, the one that they quote.
func (t turn) spotOf() string {
	if t.RootID == "" && t.quoted == "" {
		return ""
	}
	return post.Spot(t.Conversation, t.quoted)
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
		if !b.seen.first(key) {
			return nil
		}
		err := handle(ctx, a)
		if err != nil {
			b.seen.forget(key)
		}
		return err
	})
}

// enter learns who acts and from where, and remembers what is new about it. That
// a person is heard from again sets going what waited for them.
func (b *Bot) enter(ctx context.Context, a *connector.Activity) (turn, error) {
	t := turn{Activity: a, by: provisioning.Actor{ID: strings.ToLower(a.From.AADObjectID), Name: a.From.Name}}
	var known recipient.Person
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if known, err = b.recipients.Person(tx, t.by.ID); err != nil {
			return err
		}
		t.stage, err = b.recipients.StageOf(tx, a)
		return err
	})
	if err != nil {
		return t, err
	}
	t.chat = known.Heard(a)
	if a.Conversation.Type == connector.Personal && t.chat != known {
		err = b.Store.Update(ctx, func(tx provisioning.Tx) error {
			return b.recipients.Remember(tx, t.by.ID, t.chat, known.Gone || known.Conversation.ID == "")
		})
	}
	t.texts = b.recipients.Texts(t.chat)
	if t.stage != "" && t.chat.Chosen == "" {
		t.texts = b.recipients.TextsIn(b.Locale)
	}
	if !t.personal() { // a card that others press too
		t.texts = t.texts.With(b.Buttons)
	}
	return t, err
}
