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

// Outdated answers a click on a card that Altas does not know any more, or never
// did: with a card that leads on or, where others look at it too, in a sentence.
func (t Context) Outdated() Answer {
	if t.Personal() {
		return Answer{Card: t.Texts.Outdated()}
	}
	return Answer{Text: t.Texts.Say("answer.outdated", nil)}
}

// NamesTwo says that words name something else beside what they are about.
func (t Context) NamesTwo(a words.Aim, about, other string) cards.Message {
	args := map[string]string{"folio": about, "typed": other}
	if a.Folio == "" {
		return cards.Message{Text: t.Texts.Say("typed.two", args)}
	}
	return cards.Message{Text: t.Texts.Say("typed.another", args)}
}

// Context is one activity being handled: who acts, from where, in which language.
type Context struct {
	*connector.Activity
	By     provisioning.Actor
	Person recipient.Person
	Stage  provisioning.StageName // whose channel it came from; "" elsewhere
	Said   string                 // the whole of what was typed; "" for a click
	Quoted string                 // id of the message that was quoted; "" for none
	Texts  *cards.Texts
}

// Personal reports whether the turn is a chat with one person.
func (t Context) Personal() bool { return t.Conversation.Type == connector.Personal }

// InPlace reports whether the answer to a click is shown in place of its card, to whoever
// clicked alone: that of an Action.Execute.
func (t Context) InPlace() bool { return t.Type == connector.TypeInvoke }

// Brings reports whether a file or card came along. Teams adds the text itself once
// more, as HTML.
func (t Context) Brings() bool {
	return slices.ContainsFunc(t.Attachments, func(a connector.Attachment) bool { return a.ContentType != "text/html" })
}

// Source is the message that the click came from.
func (t Context) Source() post.Source {
	return post.Source{Conversation: t.Conversation, ID: t.ReplyToID, Stage: t.Stage}
}

// Spot is the message that somebody's words are about: the thread's first or, in a group
// chat, which has no threads, the one that they quote.
func (t Context) Location() string {
	if t.RootID == "" && t.Quoted == "" {
		return ""
	}
	return post.Location(t.Conversation, t.Quoted)
}

// Enter learns who acts and from where, and remembers what is new about it. That
// a person is heard from again sets going what waited for them.
func (r *Responder) Enter(ctx context.Context, a *connector.Activity) (Context, error) {
	t := Context{Activity: a, By: provisioning.Actor{ID: strings.ToLower(a.From.AADObjectID), Name: a.From.Name}}
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
	if !t.Personal() { // a card that others press too
		t.Texts = t.Texts.With(r.Buttons)
	}
	return t, err
}
