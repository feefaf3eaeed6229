package notify

import (
	"context"
	"errors"
	"fmt"
	"strconv"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Deliver sends what a person, or a stage's channel, is still to be told, in
// order. Each is taken out when it is sent. Who cannot be reached keeps theirs
// until they are heard from again; one that Teams refuses keeps no other back.
func (nt *Notifier) Deliver(ctx context.Context, j job.Job) error {
	for told := 0; ; told++ {
		n, found, err := nt.nextNotice(ctx, j.Key)
		if err != nil || !found {
			return err
		}
		reached, err := nt.tell(ctx, n)
		if connector.IsRejected(err) {
			reached, err = true, nt.Recipients.NoticeRefused(ctx, n, err)
		}
		if err != nil && told > 0 {
			return job.Advanced(err)
		}
		if err != nil || !reached {
			return err
		}
	}
}

func (nt *Notifier) nextNotice(ctx context.Context, to string) (n provisioning.Notice, found bool, err error) {
	err = nt.Store.View(ctx, func(tx provisioning.Tx) error {
		found = false
		for next, err := range tx.Pending(to) {
			if err != nil {
				return err
			}
			later, err := nt.Recipients.NoticeWaits(tx, next)
			if err != nil {
				return err
			}
			if later {
				continue
			}
			n, found = next, true
			return nil
		}
		return nil
	})
	return n, found, err
}

// tell sends one notice; reached is false where its addressee is out of reach. One
// that prompts somebody who has acted meanwhile is not sent any more.
func (nt *Notifier) tell(ctx context.Context, n provisioning.Notice) (reached bool, err error) {
	to, err := nt.Recipients.Find(ctx, n.To)
	if err != nil {
		return false, err
	}
	if to.Nowhere() {
		return false, nt.Recipients.RetryLater(ctx, n.To)
	}
	news, err := nt.news(ctx, n)
	if err != nil {
		return false, err
	}
	if n.Kind.Prompts() && n.Args["version"] != strconv.Itoa(news.View.Request.Version) {
		return true, nt.Store.Update(ctx, func(tx provisioning.Tx) error { return tx.Delivered(n.To, n.ID) })
	}
	said := to.Texts.Notice(news)
	if said.Text == "" && said.Card.None() { // of a version that knew more; it must not keep the others back
		nt.Log.ErrorContext(ctx, "notice without words", "kind", n.Kind, "folio", n.Folio)
		return true, nt.Store.Update(ctx, func(tx provisioning.Tx) error { return tx.Delivered(n.To, n.ID) })
	}
	said.Card = said.Card.Refreshing(to.Users...)
	conv, id, err := nt.Posts.SendNotice(ctx, post.OfNotice(n), to, post.Outgoing(said, to.Texts))
	if connector.IsUnnamed(err) {
		nt.Log.WarnContext(ctx, "Teams took a notice and named no id", "kind", n.Kind, "folio", n.Folio)
		conv, err = to.Chat, nil // it is there: telling it again would be twice
	}
	if connector.IsGone(err) && to.Chat.ID != "" {
		nt.Log.WarnContext(ctx, "person out of reach; notices kept", "person", n.To, "err", err)
		return false, nt.Recipients.MarkUnreachable(ctx, n.To)
	}
	if err != nil {
		return false, fmt.Errorf("tell %s %s: %w", n.Kind, n.Folio, err)
	}
	err = nt.Store.Update(ctx, func(tx provisioning.Tx) error {
		return errors.Join(tx.Delivered(n.To, n.ID), nt.Recipients.NoticeAccepted(tx, n), nt.keepShown(tx, n, conv, id))
	})
	if to.Person.Gone && err == nil {
		err = nt.Recipients.MarkReachable(ctx, n.To)
	}
	return true, err
}

// keepShown keeps where a card stands that a notice was, so that its buttons go when
// they no longer serve.
func (nt *Notifier) keepShown(tx provisioning.Tx, n provisioning.Notice, conv connector.Conversation, id string) error {
	key := post.OfNotice(n)
	if key == "" {
		return nil
	}
	return errors.Join(nt.Posts.NoticeSent(tx, key, conv, id), tx.Enqueue(nt.redrawOf(n)))
}

// redrawOf is the job that next has to look at the card of a notice: an account's, when
// no password may be shown any more; a request's, at once, for it may have moved on.
func (nt *Notifier) redrawOf(n provisioning.Notice) job.Job {
	if n.Kind == provisioning.NoticeReady {
		return job.Job{Kind: post.JobAccount, Key: string(n.Stamp), Due: nt.Now().Add(nt.Rules.Limits.RevealWithin)}
	}
	return job.Job{Kind: provisioning.JobCards, Key: string(n.Folio), Due: nt.Now()}
}

// news reads what a notice tells of.
func (nt *Notifier) news(ctx context.Context, n provisioning.Notice) (cards.News, error) {
	news := cards.News{Notice: n}
	err := nt.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if n.Folio != "" {
			if news.View, err = nt.View.RequestIn(tx, n.Folio); err != nil {
				return err
			}
			news.View.Worked = nt.View.Worked(news.View.Request)
			if news.Substitutes, err = nt.Access.Substituting(tx, provisioning.StageName(news.View.Request.State)); err != nil {
				return err
			}
		}
		if n.Stamp != "" {
			news.Account, err = tx.Account(n.Stamp)
		}
		return err
	})
	if err == nil && n.Kind == provisioning.NoticeReady {
		news.Delivery = nt.View.Delivery(news.Account, news.View.Request)
	}
	return news, err
}
