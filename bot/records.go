package bot

import (
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// table is one kind of the small records that the bot keeps in the store's
// Documents.
type table[T any] struct{ kind string }

// The bot's records, with what their keys are.
var (
	chats          = table[chat]{"chat"}                          // Entra object id
	channels       = table[Channel]{"channel"}                    // stage
	drafts         = table[draft]{"draft"}                        // draftKey
	posts          = table[post]{"post"}                          // what it shows: "request/2026-000001/director"
	requesterCards = table[string]{"requester-card"}              // folio: the draft whose card is now the request's
	settlements    = table[cards.Settled]{"settlement"}           // stamp of a line that was in attention
	services       = table[string]{"service"}                     // "url": where Teams was last heard from
	outages        = table[outage]{"outage"}                      // stage whose channel takes no message
	substitutes    = table[provisioning.Substitute]{"substitute"} // "director/" and an Entra object id
)

func (t table[T]) get(tx provisioning.Tx, key string) (v T, found bool, err error) {
	found, err = tx.Load(t.kind, key, &v)
	return v, found, err
}

func (t table[T]) put(tx provisioning.Tx, key string, v T) error { return tx.Save(t.kind, key, v) }

func (t table[T]) drop(tx provisioning.Tx, key string) error { return tx.Drop(t.kind, key) }

// chat is where, and how, a person is talked to. Area, CCT and Phone are what they
// wrote last, to be offered again.
type chat struct {
	Conversation connector.Conversation `json:"conversation"`
	UserID       string                 `json:"userId"` // 29:…
	Name         string                 `json:"name"`
	Locale       string                 `json:"locale,omitempty"` // of their Teams
	Chosen       string                 `json:"chosen,omitempty"` // by idioma
	Gone         bool                   `json:"gone,omitempty"`   // Teams refused: uninstalled or blocked
	Lost         time.Time              `json:"lost,omitzero"`    // since when, where Teams refused without a word before
	Retry        time.Time              `json:"retry,omitzero"`   // when they may be tried once more
	Role         string                 `json:"role,omitempty"`   // roleMember or roleGuest, once Teams was asked
	Area         string                 `json:"area,omitempty"`
	CCT          provisioning.CCT       `json:"cct,omitempty"`
	Phone        string                 `json:"phone,omitempty"`
}

// locale returns the language to speak to the person, or the one of the house.
func (c chat) locale(house string) string {
	for _, l := range []string{c.Chosen, c.Locale} {
		if l != "" {
			return l
		}
	}
	return house
}

// reachable reports whether the person may be written to.
func (c chat) reachable(now time.Time) bool {
	return !c.Gone || !c.Retry.IsZero() && !now.Before(c.Retry)
}

// found returns the chat of a person who was heard from, or reached.
func (c chat) found() chat {
	c.Gone, c.Lost, c.Retry = false, time.Time{}, time.Time{}
	return c
}

// post is a message that stands somewhere and is kept true. IDs are usually one;
// more where an answer was lost and it had to be sent again.
type post struct {
	Conversation connector.Conversation `json:"conversation"`
	IDs          []string               `json:"ids,omitempty"`
	Shown        string                 `json:"shown,omitempty"` // a digest of what they show
	SentAt       time.Time              `json:"sentAt,omitzero"` // set before the first is sent
	Strays       []stray                `json:"strays,omitempty"`
}

// everywhere returns all messages of the post, the strays last.
func (p post) everywhere() []stray {
	all := make([]stray, 0, len(p.IDs)+len(p.Strays))
	for _, id := range p.IDs {
		all = append(all, stray{p.Conversation, id})
	}
	return append(all, p.Strays...)
}

// stray is a message like those of its post, in another thread: sent before its post
// was, by an answer that was lost, and known once somebody clicked on it.
type stray struct {
	Conversation connector.Conversation `json:"conversation"`
	ID           string                 `json:"id"`
}
