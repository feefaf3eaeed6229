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
	"seducoahuila.gob.mx/altas/provisioning/letter"
)

// Deliver sends the pending notices of a person or stage, in order. Each is marked as delivered
// when it is sent. Those of an unreachable person are kept; one that Teams refuses does not
// delay the others. After at least one was sent, an error is returned as job.Advanced.
func (nt *Notifier) Deliver(ctx context.Context, j job.Job) error {
	for sent := 0; ; sent++ {
		n, found, err := nt.nextNotice(ctx, j.Key)
		if err == nil && !found {
			err = nt.reviewHeld(ctx, j.Key)
		}
		if err != nil || !found {
			return err
		}
		reached, err := nt.send(ctx, n)
		if connector.IsRejected(err) {
			reached, err = true, nt.Recipients.NoticeRefused(ctx, n, err)
		}
		if err != nil && sent > 0 {
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
			if later || next.Held(nt.Now()) > 0 {
				continue
			}
			n, found = next, true
			return nil
		}
		return nil
	})
	return n, found, err
}

// send sends one notice; reached is false if its recipient is unreachable. A reminder whose
// request has changed since is not sent, nor a held notice that was overtaken.
func (nt *Notifier) send(ctx context.Context, n provisioning.Notice) (reached bool, err error) {
	to, err := nt.Recipients.Find(ctx, n.To)
	if err != nil {
		return false, err
	}
	switch {
	case to.Nowhere() && n.Optional:
		return true, nt.drop(ctx, n)
	case to.Nowhere():
		return false, nt.Recipients.RetryLater(ctx, n.To)
	}
	news, err := nt.news(ctx, n)
	if err != nil {
		return false, err
	}
	if n.Kind.Prompts() && n.Args["version"] != strconv.Itoa(news.View.Request.Version) || overtaken(news) {
		return true, nt.drop(ctx, n)
	}
	said := to.Texts.Notice(news)
	if said.Text == "" && said.Card.None() { // written by a newer version; it must not delay the others
		nt.Log.ErrorContext(ctx, "notice without text", "kind", n.Kind, "folio", n.Folio)
		return true, nt.drop(ctx, n)
	}
	said.Card = said.Card.Refreshing(to.Users...)
	conv, id, err := nt.Posts.SendNotice(ctx, post.OfNotice(n), to, outgoing(n, said, to))
	if connector.IsUnnamed(err) {
		nt.Log.WarnContext(ctx, "notice accepted without an id", "kind", n.Kind, "folio", n.Folio)
		conv, err = to.Chat, nil // it was sent: not again
	}
	if connector.IsGone(err) && to.Chat.ID != "" {
		nt.Log.WarnContext(ctx, "person unreachable; notices kept", "person", n.To, "err", err)
		return false, nt.Recipients.MarkUnreachable(ctx, n.To)
	}
	if err != nil {
		return false, fmt.Errorf("send notice %s %s: %w", n.Kind, n.Folio, err)
	}
	err = nt.Store.Update(ctx, func(tx provisioning.Tx) error {
		return errors.Join(tx.Delivered(n.To, n.ID), nt.Recipients.NoticeAccepted(tx, n), nt.recordCard(tx, n, conv, id))
	})
	if to.Person.Gone && err == nil {
		err = nt.Recipients.MarkReachable(ctx, n.To)
	}
	return true, err
}

// drop removes a notice that is not to be sent.
func (nt *Notifier) drop(ctx context.Context, n provisioning.Notice) error {
	return nt.Store.Update(ctx, func(tx provisioning.Tx) error { return tx.Delivered(n.To, n.ID) })
}

// recordCard records the message of a notice's card, so that it is updated when its buttons no
// longer apply.
func (nt *Notifier) recordCard(tx provisioning.Tx, n provisioning.Notice, conv connector.Conversation, id string) error {
	key := post.OfNotice(n)
	if key == "" {
		return nil
	}
	return errors.Join(nt.Posts.NoticeSent(tx, key, conv, id), tx.Enqueue(nt.cardJob(n)))
}

// cardJob returns the job that next updates the card of a notice: for an account's card, when no
// password may be shown any more; for a request's card, at once, since it may have changed.
func (nt *Notifier) cardJob(n provisioning.Notice) job.Job {
	if n.Kind == provisioning.NoticeReady {
		return job.Job{Kind: post.JobAccount, Key: string(n.Stamp), Due: nt.Now().Add(nt.Rules.Limits.RevealWithin)}
	}
	return job.Job{Kind: provisioning.JobCards, Key: string(n.Folio), Due: nt.Now()}
}

// news reads what a notice is about.
func (nt *Notifier) news(ctx context.Context, n provisioning.Notice) (cards.News, error) {
	news := cards.News{Notice: n}
	err := nt.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		if n.Folio != "" {
			if news.View, err = nt.View.RequestIn(tx, n.Folio); err != nil {
				return err
			}
			news.View.Worked = nt.View.Worked(news.View.Request)
			if news.URL, err = nt.cardURL(tx, n, news.View.Request); err != nil {
				return err
			}
			if news.Substitutes, err = nt.Access.Substituting(tx, provisioning.StageName(news.View.Request.State)); err != nil {
				return err
			}
		}
		if n.Stamp != "" {
			news.Account, err = tx.Account(n.Stamp)
		}
		if n.Kind == letter.NoticeSent && err == nil {
			serial, _ := strconv.Atoi(n.Args["serial"])
			news.Letter, _, err = nt.View.LetterIn(tx, n.Folio, serial)
		}
		return err
	})
	if err == nil && n.Kind == provisioning.NoticeReady {
		news.Delivery = nt.View.Delivery(news.Account, news.View.Request)
	}
	return news, err
}
