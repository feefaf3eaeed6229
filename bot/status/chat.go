package status

import (
	"context"
	"errors"
	"strings"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// Opened renders a request on a refresh, for its requester or for somebody else who may read it; keys are those of the posts that the opened message may belong to.
func (rq *Requests) Opened(ctx context.Context, t turn.Context, f provisioning.Folio) (card cards.Card, keys []string, err error) {
	var d cards.RequestView
	_, err = rq.permitted(ctx, t.By, f, func(tx provisioning.Tx, r provisioning.Request) error {
		form, err := post.FormIn(tx, f)
		if err != nil {
			return err
		}
		keys = []string{post.OfReturn(f), post.OfDraft(form), post.OfStatus(f, t.By.ID)}
		d, err = rq.View.RequestIn(tx, f)
		d.Others = r.Requester.ID != t.By.ID
		return err
	})
	if d.Others {
		keys = nil
	}
	return t.Texts.StandingStatus(d), keys, err
}

// showOwn updates the other cards of the request in personal chats: of its return, and the last
// status card of each person who asked. Their posts are dropped once the request is final or the
// person may not read it any more.
func (rq *Requests) showOwn(ctx context.Context, f provisioning.Folio) error {
	keys, err := rq.Posts.OwnKeys(ctx, f)
	failed := []error{err}
	for _, key := range keys {
		failed = append(failed, rq.Posts.OneAtATime(ctx, post.OwnOf(f), func() error { return rq.showOwned(ctx, key, f) }))
	}
	return errors.Join(failed...)
}

func (rq *Requests) showOwned(ctx context.Context, key string, f provisioning.Folio) error {
	d, reader, err := rq.ownedBy(ctx, key, f)
	if err != nil {
		return err
	}
	p, err := rq.Posts.Read(ctx, key)
	if err != nil {
		return err
	}
	to, err := rq.Recipients.Find(ctx, reader.id)
	if err != nil || to.Chat.ID == "" {
		return err
	}
	if !reader.may {
		return rq.Posts.Withdraw(ctx, key, to)
	}
	if !p.Stands() { // a deleted status card is not sent again: the person can ask
		return errors.Join(rq.Posts.Retire(ctx, key, to, cards.Data{Folio: f, Mark: d.Request.Mark}), rq.Posts.ForgetOwned(ctx, key, d.Request.State.Final()))
	}
	if err := rq.Posts.EnsureFor(ctx, key, to, to.Texts.StandingStatus(d)); err != nil {
		return err
	}
	return rq.Posts.ForgetOwned(ctx, key, d.Request.State.Final())
}

// reader is the person in whose chat a post of a request is, and whether they may still read it.
type reader struct {
	id  string
	may bool
}

// ownedBy reads the present state of a post's request, and the person in whose chat the post is.
func (rq *Requests) ownedBy(ctx context.Context, key string, f provisioning.Folio) (d cards.RequestView, r reader, err error) {
	person, asked := strings.CutPrefix(key, post.OfStatus(f, ""))
	err = rq.Store.View(ctx, func(tx provisioning.Tx) error {
		if d, err = rq.View.RequestIn(tx, f); err != nil {
			return err
		}
		if r.id = person; !asked {
			r.id = d.Request.Requester.ID
		}
		d.Others = r.id != d.Request.Requester.ID
		r.may, err = rq.Access.Reads(tx, d.Request, provisioning.Actor{ID: r.id})
		return err
	})
	if err == nil && !r.may {
		r.may, err = rq.reaches(ctx, provisioning.Actor{ID: r.id}, d.Request)
	}
	return d, r, err
}

// Refresh updates the cards of a request in personal chats.
func (rq *Requests) Refresh(ctx context.Context, d cards.RequestView) error {
	return errors.Join(rq.showRequester(ctx, d.Request.Folio), rq.showOwn(ctx, d.Request.Folio))
}

func (rq *Requests) showRequester(ctx context.Context, f provisioning.Folio) error {
	id, err := rq.Posts.FormOf(ctx, f)
	if err != nil || id == "" {
		return err
	}
	draw := func() error {
		d, err := rq.View.Request(ctx, f) // read again under the lock
		if err != nil {
			return err
		}
		to, err := rq.Recipients.Find(ctx, d.Request.Requester.ID)
		if err != nil || to.Chat.ID == "" {
			return err
		}
		return rq.Posts.EnsureFor(ctx, post.OfDraft(id), to, to.Texts.Sent(d))
	}
	return rq.Posts.OneAtATime(ctx, post.OwnOf(f), func() error { return rq.Posts.OneAtATime(ctx, post.OfDraft(id), draw) })
}
