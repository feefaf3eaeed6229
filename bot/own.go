package bot

import (
	"context"
	"errors"
	"strings"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// showOwn keeps true what else shows the request in people's chats: that it was returned,
// and the state of it that somebody asked for last. Once nothing can change any more, or
// whoever asked may not read it any more, they are forgotten.
func (b *Bot) showOwn(ctx context.Context, f provisioning.Folio) error {
	keys, err := b.posts.OwnKeys(ctx, f)
	failed := []error{err}
	for _, key := range keys {
		failed = append(failed, b.posts.OneAtATime(ctx, post.OwnOf(f), func() error { return b.showOwned(ctx, key, f) }))
	}
	return errors.Join(failed...)
}

func (b *Bot) showOwned(ctx context.Context, key string, f provisioning.Folio) error {
	d, reader, err := b.ownedBy(ctx, key, f)
	if err != nil {
		return err
	}
	p, err := b.posts.Read(ctx, key)
	if err != nil {
		return err
	}
	to, err := b.recipients.Find(ctx, reader.id)
	if err != nil || to.Chat.ID == "" {
		return err
	}
	if !reader.may {
		return b.posts.Withdraw(ctx, key, to)
	}
	if !p.Stands() { // never sent anew: whoever deleted it can ask
		return errors.Join(b.posts.Retire(ctx, key, to, cards.Data{Folio: f, Mark: d.Request.Mark}), b.posts.ForgetOwned(ctx, key, d.Request.State.Final()))
	}
	if err := b.posts.EnsureFor(ctx, key, to, to.Texts.StandingStatus(d)); err != nil {
		return err
	}
	return b.posts.ForgetOwned(ctx, key, d.Request.State.Final())
}

// reader is the person in whose chat a post of a request stands, and whether they may read
// it by now.
type reader struct {
	id  string
	may bool
}

// ownedBy reads the request of a post as it is by now, and whose the post is.
func (b *Bot) ownedBy(ctx context.Context, key string, f provisioning.Folio) (d cards.Dossier, r reader, err error) {
	person, asked := strings.CutPrefix(key, post.OfStatus(f, ""))
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

// refreshStatus makes what shows a request in people's chats show what is true.
func (b *Bot) refreshStatus(ctx context.Context, d cards.Dossier) error {
	return errors.Join(b.showRequester(ctx, d.Request.Folio), b.showOwn(ctx, d.Request.Folio))
}
