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

// TakeOver makes the form's card the request's. The one before it, of the form that was
// returned, and all else that showed the request in its requester's chat give way to it.
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
		old = old.passed()
		p.Former, p.Lost = append(p.Former, old.Former...), min(p.Lost+old.Lost, maxLost)
		err = errors.Join(err, unread, posts.Drop(tx, key))
	}
	return errors.Join(err, posts.Put(tx, OfDraft(form), p), requesterCards.Put(tx, string(f), form))
}

// Withdraw has a post say that it is out of date, and forgets it.
func (k *Keeper) Withdraw(ctx context.Context, key string, to recipient.Place) error {
	err := k.note(ctx, key, func(p *Post) { *p = Post{Former: slices.Concat(p.Former, p.everywhere())} })
	return errors.Join(err, k.Retire(ctx, key, to, cards.Data{}), k.ForgetOwned(ctx, key, true))
}

// ForgetOwned drops a post that needs nothing any more.
func (k *Keeper) ForgetOwned(ctx context.Context, key string, final bool) error {
	return k.Store.Update(ctx, func(tx provisioning.Tx) error {
		p, found, err := posts.Get(tx, key)
		needed := p.unheard() > 0 || len(p.Former) > 0 || !final && len(p.everywhere()) > 0
		if err != nil || !found || needed {
			return err
		}
		return posts.Drop(tx, key)
	})
}

// KeepStatus keeps where the state of a request stands that somebody asked for, in place of
// the one that they had asked for before.
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
		p = p.passed()
		p.Folio, p.Conversation, p.IDs = of.Folio, chat, []string{id}
		err = posts.Put(tx, key, p)
		if len(p.Former) > 0 || r.Version != of.Version {
			err = errors.Join(err, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(of.Folio), Urgent: true, Due: k.Now()}))
		}
		return err
	})
}

// OwnKeys are those of the posts of a request in people's chats, beside its form's card.
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

// requesterCards has, by folio, the id of the draft whose card is now the request's.
var requesterCards = provisioning.Document[string]{Kind: "requester-card"}
