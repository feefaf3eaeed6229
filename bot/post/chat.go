package post

import (
	"context"
	"errors"
	"slices"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// TakeOver makes the form's card the card of the request. The card of the returned form before
// it, and the other cards of the request in the requester's chat, become former messages of it.
func (k *Keeper) TakeOver(tx provisioning.Tx, r provisioning.Request, form string) error {
	f := r.Folio
	before, _, err := requesterCards.Get(tx, string(f))
	if err != nil {
		return err
	}
	keys := []string{OfReturn(f), OfStatus(f, r.Requester.ID)}
	if before != "" && before != form {
		keys = append(keys, OfDraft(before))
	}
	p, _, err := posts.Get(tx, OfDraft(form))
	p.Folio = f
	for _, key := range keys {
		old, _, unread := posts.Get(tx, key)
		old = old.retired()
		p.Former, p.Lost = append(p.Former, old.Former...), min(p.Lost+old.Lost, maxLost)
		err = errors.Join(err, unread, posts.Drop(tx, key))
	}
	return errors.Join(err, posts.Put(tx, OfDraft(form), p), requesterCards.Put(tx, string(f), form))
}

// Withdraw replaces every message of a post by the note that it is out of date, and drops the
// post.
func (k *Keeper) Withdraw(ctx context.Context, key string, to recipient.Place) error {
	err := k.note(ctx, key, func(p *Post) { *p = Post{Former: slices.Concat(p.Former, p.all())} })
	return errors.Join(err, k.Retire(ctx, key, to, cards.Data{}), k.ForgetOwned(ctx, key, true))
}

// ForgetOwned drops a post that has no former or unacknowledged messages left; unless final,
// only one without messages at all.
func (k *Keeper) ForgetOwned(ctx context.Context, key string, final bool) error {
	return k.Store.Update(ctx, func(tx provisioning.Tx) error {
		p, found, err := posts.Get(tx, key)
		needed := p.unacknowledged() > 0 || len(p.Former) > 0 || !final && len(p.all()) > 0
		if err != nil || !found || needed {
			return err
		}
		return posts.Drop(tx, key)
	})
}

// KeepStatus records the message that shows a request's state to the person who asked for it. It
// takes the place of that person's earlier one.
func (k *Keeper) KeepStatus(ctx context.Context, person string, chat connector.Conversation, of cards.Data, id string) error {
	if of.Folio == "" || of.Stage != "" {
		return nil
	}
	return k.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(of.Folio)
		if err != nil || r.State.Final() && r.Version == of.Version {
			return err
		}
		key := OfStatus(of.Folio, person)
		p, _, err := posts.Get(tx, key)
		if err != nil {
			return err
		}
		p = p.retired()
		p.Folio, p.Conversation, p.IDs = of.Folio, chat, []string{id}
		err = posts.Put(tx, key, p)
		if len(p.Former) > 0 || r.Version != of.Version {
			err = errors.Join(err, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(of.Folio), Urgent: true, Due: k.Now()}))
		}
		return err
	})
}

// KeepHandover records the clicked message in whose place passwords of a request are shown, so that they
// can be taken away again. A message of another post is left to that one.
func (k *Keeper) KeepHandover(tx provisioning.Tx, f provisioning.Folio, from Source) error {
	free, err := unclaimed(tx, from)
	if err != nil || !free || from.ID == "" {
		return err
	}
	key := OfHandover(f)
	p, _, err := posts.Get(tx, key)
	if err != nil {
		return err
	}
	p = p.retired()
	p.Folio, p.Conversation, p.IDs = f, from.Conversation, []string{from.ID}
	return errors.Join(posts.Put(tx, key, p), index(tx, key, p))
}

// OwnKeys returns the keys of the posts of a request in personal chats, other than the form's
// card.
func (k *Keeper) OwnKeys(ctx context.Context, f provisioning.Folio) (keys []string, err error) {
	err = k.Store.View(ctx, func(tx provisioning.Tx) error {
		keys = nil
		for key, err := range posts.Keys(tx, OwnOf(f)) {
			if err != nil {
				return err
			}
			keys = append(keys, key)
		}
		return nil
	})
	return keys, err
}

// FormOf returns the id of the form whose card is now a request's; "" for none.
func (k *Keeper) FormOf(ctx context.Context, f provisioning.Folio) (string, error) {
	return requesterCards.Read(ctx, k.Store, string(f))
}

// FormIn is FormOf in a transaction.
func FormIn(tx provisioning.Tx, f provisioning.Folio) (string, error) {
	form, _, err := requesterCards.Get(tx, string(f))
	return form, err
}

// requesterCards holds, by folio, the id of the draft whose card is now the request's.
var requesterCards = provisioning.Document[string]{Kind: "requester-card"}
