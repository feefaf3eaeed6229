package bot

import (
	"context"

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
	threads        = table[string]{"thread"}                      // channel and message: the key of the post
	questions      = table[question]{"question"}                  // stage and Entra object id
	settlements    = table[cards.Settled]{"settlement"}           // stamp of a line that was in attention
	services       = table[string]{"service"}                     // "url": where Teams was last heard from
	outages        = table[outage]{"outage"}                      // stage: whether its channel takes no message
	refusals       = table[refusal]{"refusal"}                    // refusedNotice, refusedCard: what Teams does not take
	substitutes    = table[provisioning.Substitute]{"substitute"} // "director/" and an Entra object id
)

// read is get in a transaction of its own: the zero value where there is no record.
func (t table[T]) read(ctx context.Context, s provisioning.Store, key string) (v T, err error) {
	err = s.View(ctx, func(tx provisioning.Tx) (err error) {
		v, _, err = t.get(tx, key)
		return err
	})
	return v, err
}

func (t table[T]) get(tx provisioning.Tx, key string) (v T, found bool, err error) {
	found, err = tx.Load(t.kind, key, &v)
	return v, found, err
}

func (t table[T]) put(tx provisioning.Tx, key string, v T) error { return tx.Save(t.kind, key, v) }

func (t table[T]) drop(tx provisioning.Tx, key string) error { return tx.Drop(t.kind, key) }
