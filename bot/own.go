package bot

import (
	"context"
	"errors"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// takeOver makes the form's card the request's. The one before it, of the form that was
// returned, and all else that showed the request in its requester's chat give way to it.
func (b *Bot) takeOver(tx provisioning.Tx, r provisioning.Request, form string) error {
	f := r.Folio
	before, _, err := requesterCards.Get(tx, string(f))
	if err != nil {
		return err
	}
	keys := []string{postOfReturn(f), postOfStatus(f, r.Requester.ID)}
	if before != "" && before != form {
		keys = append(keys, postOfDraft(before))
	}
	p, _, err := posts.Get(tx, postOfDraft(form))
	p.Folio = f
	for _, key := range keys {
		old, _, unread := posts.Get(tx, key)
		old = old.passed()
		p.Former, p.Lost = append(p.Former, old.Former...), min(p.Lost+old.Lost, maxLost)
		err = errors.Join(err, unread, posts.Drop(tx, key))
	}
	return errors.Join(err, posts.Put(tx, postOfDraft(form), p), requesterCards.Put(tx, string(f), form))
}

// showOwn keeps true what else shows the request in people's chats: that it was returned,
// and the state of it that somebody asked for last. Once nothing can change any more, or
// whoever asked may not read it any more, they are forgotten.
func (b *Bot) showOwn(ctx context.Context, f provisioning.Folio) error {
	var keys []string
	err := b.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		keys, err = keysOf(tx, posts.Kind, postsOfOwn(f))
		return err
	})
	failed := []error{err}
	for _, key := range keys {
		failed = append(failed, b.drawing.do(ctx, postsOfOwn(f), func() error { return b.showOwned(ctx, key, f) }))
	}
	return errors.Join(failed...)
}

func (b *Bot) showOwned(ctx context.Context, key string, f provisioning.Folio) error {
	d, reader, err := b.ownedBy(ctx, key, f)
	if err != nil {
		return err
	}
	p, err := posts.Read(ctx, b.Store, key)
	if err != nil {
		return err
	}
	to, err := b.recipients.Find(ctx, reader.id)
	if err != nil || to.Chat.ID == "" {
		return err
	}
	if !reader.may {
		return b.withdraw(ctx, key, to)
	}
	if len(p.IDs) == 0 { // never sent anew: whoever deleted it can ask
		return errors.Join(b.retire(ctx, key, to, cards.Data{Folio: f, Mark: d.Request.Mark}), b.forgetOwned(ctx, key, d.Request.State.Final()))
	}
	if err := b.ensureFor(ctx, key, to, to.Texts.StandingStatus(d)); err != nil {
		return err
	}
	return b.forgetOwned(ctx, key, d.Request.State.Final())
}

// reader is the person in whose chat a post of a request stands, and whether they may read
// it by now.
type reader struct {
	id  string
	may bool
}

// ownedBy reads the request of a post as it is by now, and whose the post is.
func (b *Bot) ownedBy(ctx context.Context, key string, f provisioning.Folio) (d cards.Dossier, r reader, err error) {
	person, asked := strings.CutPrefix(key, postOfStatus(f, ""))
	err = b.Store.View(ctx, func(tx provisioning.Tx) error {
		if d, err = b.view.RequestIn(tx, f); err != nil {
			return err
		}
		if r.id = person; !asked {
			r.id = d.Request.Requester.ID
		}
		d.Others = r.id != d.Request.Requester.ID
		r.may, err = b.Access.Reads(tx, d.Request, provisioning.Actor{ID: r.id})
		return err
	})
	return d, r, err
}

// withdraw has a post say that it is out of date, and forgets it.
func (b *Bot) withdraw(ctx context.Context, key string, to recipient.Place) error {
	err := b.note(ctx, key, func(p *post) { *p = post{Former: slices.Concat(p.Former, p.everywhere())} })
	return errors.Join(err, b.retire(ctx, key, to, cards.Data{}), b.forgetOwned(ctx, key, true))
}

// forgetOwned drops a post that needs nothing any more.
func (b *Bot) forgetOwned(ctx context.Context, key string, final bool) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		p, found, err := posts.Get(tx, key)
		needed := p.unheard() > 0 || len(p.Former) > 0 || !final && len(p.everywhere()) > 0
		if err != nil || !found || needed {
			return err
		}
		return posts.Drop(tx, key)
	})
}

// keepStatus keeps where the state of a request stands that somebody asked for, in place of
// the one that they had asked for before.
func (b *Bot) keepStatus(ctx context.Context, person string, chat connector.Conversation, of cards.Data, id string) error {
	if of.Folio == "" || of.Stage != "" {
		return nil
	}
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := tx.Request(of.Folio)
		if err != nil || r.State.Final() && r.Version == of.Version {
			return err
		}
		key := postOfStatus(of.Folio, person)
		p, _, err := posts.Get(tx, key)
		if err != nil {
			return err
		}
		p = p.passed()
		p.Folio, p.Conversation, p.IDs = of.Folio, chat, []string{id}
		err = posts.Put(tx, key, p)
		if len(p.Former) > 0 || r.Version != of.Version {
			err = errors.Join(err, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(of.Folio), Urgent: true, Due: b.Now()}))
		}
		return err
	})
}

// keysOf reads the keys of a kind of record that begin so.
func keysOf(tx provisioning.Tx, kind, begin string) ([]string, error) {
	var keys []string
	for key, err := range tx.Keys(kind, begin) {
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}
