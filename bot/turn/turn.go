package turn

import (
	"context"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Outdated answers a click on a card that is not known, or no longer: by a card or, in a
// channel, where others see it too, by a text.
func (t Context) Outdated() Answer {
	if t.Personal() {
		return Answer{Card: t.Texts.Outdated()}
	}
	return Answer{Text: t.Texts.Say("answer.outdated", nil)}
}

// NamesTwo replies that a typed message names a second request or line.
func (t Context) NamesTwo(a words.Aim, about, other string) cards.Message {
	args := map[string]string{"folio": about, "typed": other}
	if a.Folio == "" {
		return cards.Message{Text: t.Texts.Say("typed.two", args)}
	}
	return cards.Message{Text: t.Texts.Say("typed.another", args)}
}

// Context is one activity being handled: who acts, from which conversation, in which language.
type Context struct {
	*connector.Activity
	By     provisioning.Actor
	Person recipient.Person
	Stage  provisioning.StageName // of the channel it came from; "" elsewhere
	Said   string                 // the whole typed text; "" for a click
	Quoted string                 // id of the quoted message; "" for none
	Texts  *cards.Texts
}

// Personal reports whether the conversation is a personal chat.
func (t Context) Personal() bool { return t.Conversation.Type == connector.Personal }

// InPlace reports whether the response to a click replaces its card, for the person who clicked
// only: that of an Action.Execute.
func (t Context) InPlace() bool { return t.Type == connector.TypeInvoke }

// HasAttachments reports whether the activity has a file or card. Teams attaches the text itself
// as text/html, which is not counted.
func (t Context) HasAttachments() bool {
	return slices.ContainsFunc(t.Attachments, func(a connector.Attachment) bool { return a.ContentType != "text/html" })
}

// Source returns the message that the click came from.
func (t Context) Source() post.Source {
	return post.Source{Conversation: t.Conversation, ID: t.ReplyToID, Stage: t.Stage}
}

// Location returns the location of the message that a typed text is about: the first of the
// thread or, in a group chat, which has no threads, the quoted one. "" for none.
func (t Context) Location() string {
	if t.RootID == "" && t.Quoted == "" {
		return ""
	}
	return post.Location(t.Conversation, t.Quoted)
}

// Enter reads who acts and from where, and stores what changed. Delivery is resumed for a person
// who was unreachable.
func (r *Responder) Enter(ctx context.Context, a *connector.Activity) (Context, error) {
	t := Context{Activity: a, By: provisioning.Actor{ID: strings.ToLower(a.From.AADObjectID), Name: a.From.Name, Conversation: a.Conversation.ID}}
	var known recipient.Person
	err := r.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if known, err = r.Recipients.Person(tx, t.By.ID); err != nil {
			return err
		}
		t.Stage, err = r.Recipients.StageOf(tx, a)
		return err
	})
	if err != nil {
		return t, err
	}
	t.Person = known.UpdatedFrom(a)
	if a.Conversation.Type == connector.Personal && t.Person != known {
		err = r.Store.Update(ctx, func(tx provisioning.Tx) error {
			return r.Recipients.Remember(tx, t.By.ID, t.Person, known.Gone || known.Conversation.ID == "")
		})
	}
	t.Texts = r.Recipients.Texts(t.Person)
	if t.Stage != "" && t.Person.Chosen == "" {
		t.Texts = r.Recipients.TextsIn(r.Locale)
	}
	if !t.Personal() { // a card that others click too
		t.Texts = t.Texts.With(r.Buttons)
	}
	return t, err
}
