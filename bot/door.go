package bot

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
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
	by    provisioning.Actor
	chat  chat
	stage provisioning.StageName // whose channel it came from; "" elsewhere
	texts *cards.Texts
}

// personal reports whether the turn is a chat with one person.
func (t turn) personal() bool { return t.Conversation.Type == connector.Personal }

// brings reports whether a file or card came along. Teams adds the text itself once
// more, as HTML.
func (t turn) brings() bool {
	return slices.ContainsFunc(t.Attachments, func(a connector.Attachment) bool { return a.ContentType != "text/html" })
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
	return b.handling.do(ctx, key, func() error {
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
	var known chat
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if known, _, err = chats.get(tx, t.by.ID); err != nil {
			return err
		}
		t.stage, err = b.stageOf(tx, a)
		return err
	})
	if err != nil {
		return t, err
	}
	t.chat = known.heard(a)
	if a.Conversation.Type == connector.Personal && t.chat != known {
		err = b.Store.Update(ctx, func(tx provisioning.Tx) error { return b.remember(tx, t, known.Gone || known.Conversation.ID == "") })
	}
	t.texts = b.textsFor(t.chat)
	if t.stage != "" && t.chat.Chosen == "" {
		t.texts = b.textsIn(b.Locale)
	}
	return t, err
}

// heard returns the chat with what the activity tells of it.
func (c chat) heard(a *connector.Activity) chat {
	if a.Locale != "" {
		c.Locale = a.Locale
	}
	if a.From.Name != "" {
		c.Name = a.From.Name
	}
	if a.Conversation.Type == connector.Personal {
		c = c.found()
		c.Conversation, c.UserID = a.Conversation, a.From.ID
	}
	return c
}

func (b *Bot) remember(tx provisioning.Tx, t turn, missed bool) error {
	err := errors.Join(chats.put(tx, t.by.ID, t.chat), services.put(tx, "url", t.Conversation.ServiceURL))
	if missed {
		err = errors.Join(err, b.reunite(tx, t.by.ID))
	}
	return err
}

// lookBack is how many of a person's newest requests have their cards looked after
// when the person comes back.
const lookBack = 20

// reunite sets going what a person who could not be reached has missed.
func (b *Bot) reunite(tx provisioning.Tx, person string) error {
	now := b.Now()
	errs := []error{tx.Enqueue(provisioning.Job{Kind: provisioning.JobNotices, Key: person, Urgent: true, Due: now})}
	n := 0
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		if n++; err != nil || n > lookBack {
			break
		}
		errs = append(errs, tx.Enqueue(provisioning.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: now}))
	}
	return errors.Join(errs...)
}

// textsFor returns the texts in the person's language, as of now.
func (b *Bot) textsFor(c chat) *cards.Texts { return b.textsIn(c.locale(b.Locale)) }

func (b *Bot) textsIn(locale string) *cards.Texts {
	return cards.In(locale).At(b.Now().In(b.Location))
}

// stageOf returns the stage whose channel an activity came from; "" for none.
func (b *Bot) stageOf(tx provisioning.Tx, a *connector.Activity) (provisioning.StageName, error) {
	place := placeOf(a)
	if a.Conversation.Type == connector.Personal || place == "" {
		return "", nil
	}
	for _, stage := range b.stages() {
		c, found, err := b.channel(tx, stage)
		if err != nil {
			return "", err
		}
		if found && c.ChannelID == place {
			return stage, nil
		}
	}
	return "", nil
}

// placeOf returns the id of the channel, or of the group chat, where somebody said or
// pressed something. It is "" where the activity names two: authority hangs on the
// place, and no part of an activity is believed against another.
func placeOf(a *connector.Activity) string {
	id, _, _ := strings.Cut(a.Conversation.ID, ";")
	if a.ChannelID != "" && a.ChannelID != id {
		return ""
	}
	return id
}

// stages returns the stages of approval and the platform's.
func (b *Bot) stages() []provisioning.StageName {
	names := make([]provisioning.StageName, 0, len(b.Rules.Stages)+1)
	for _, s := range b.Rules.Stages {
		names = append(names, s.Name)
	}
	return append(names, provisioning.Platform)
}

// channel returns where a stage works: as registered from Teams, else as configured.
func (b *Bot) channel(tx provisioning.Tx, stage provisioning.StageName) (Channel, bool, error) {
	c, found, err := channels.get(tx, string(stage))
	if err != nil || found {
		return c, found, err
	}
	c, found = b.Channels[stage]
	return c, found && c.ChannelID != "", nil
}
