package bot

import (
	"context"
	"errors"
	"time"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// openedAgain is how long a card that somebody opened is not drawn for them anew: Teams
// itself asks once a minute at most.
const openedAgain = 5 * time.Second

// opened answers a client that shows a card: with the card as it is by now, in the view of
// whoever looks at it, where they may see it; with nothing otherwise. It changes nothing
// of a request. A card that nobody told the id of is known from then on.
func (b *Bot) opened(ctx context.Context, t turn.Context, c connector.Click) (any, error) {
	click, err := b.readClick(ctx, c)
	if err != nil || c.Verb != cards.CardRefresh || !b.opens.First(t.By.ID+"/"+t.Conversation.ID+"/"+t.ReplyToID) {
		return nil, nil //nolint:nilerr // a card of another version, or request, or forged: it stays as it is
	}
	card, keys, err := b.cardOpened(ctx, t, click)
	if err != nil || card.None() {
		b.log.DebugContext(ctx, "card not drawn for who opened it", "person", t.By.ID, "folio", click.Folio, "stamp", click.Stamp, "err", err)
		return nil, nil
	}
	if err := b.learn(ctx, t, click, keys); err != nil {
		b.log.WarnContext(ctx, "opened card not kept", "person", t.By.ID, "err", err)
	}
	return connector.AnswerCard(card.Refreshing(t.From.ID)), nil
}

// cardOpened draws what somebody opened, and returns the keys of the posts that it may be
// a copy of. It is no card where they may not see it, or where it would take a password
// from their view.
func (b *Bot) cardOpened(ctx context.Context, t turn.Context, c cards.Click) (card cards.Card, keys []string, err error) {
	switch {
	case c.Stage != "":
		return b.openedInChannel(ctx, t, c)
	case !t.Personal():
		return card, nil, nil
	case c.Stamp != "":
		return b.passwords.OpenedAccount(ctx, t, c.Stamp)
	}
	return b.requests.Opened(ctx, t, c.Folio)
}

// openedInChannel draws a card of a stage, or of the platform, for who reads its channel:
// one that was posted there.
func (b *Bot) openedInChannel(ctx context.Context, t turn.Context, c cards.Click) (card cards.Card, keys []string, err error) {
	key := post.OfStage(c.Folio, c.Stage, c.Round)
	if c.Stage == provisioning.Platform {
		key = post.OfAttention(c.Stamp)
	}
	p, err := b.posts.Read(ctx, key)
	if err != nil || c.Stage != t.Stage || !p.Posted() {
		return card, nil, err
	}
	if c.Stage == provisioning.Platform {
		card, err = b.lines.Card(ctx, t, c.Stamp)
	} else {
		card, err = b.approvals.Card(ctx, t, c)
	}
	return card, []string{key}, err
}

// learn adopts the message that somebody opened, where one of the posts may stand without
// its id being known, and who opened it is who decides on it. From then on it is true for
// everybody.
func (b *Bot) learn(ctx context.Context, t turn.Context, c cards.Click, keys []string) error {
	copied, err := b.posts.CopyOf(ctx, keys, t.Source())
	if err != nil || copied == "" {
		return err
	}
	if decides, err := b.decidesOn(ctx, t, c.Stage); err != nil || !decides {
		return err
	}
	return b.store.Update(ctx, func(tx provisioning.Tx) error {
		next := job.Job{Kind: provisioning.JobCards, Key: string(c.Folio), Urgent: true, Due: b.now()}
		if c.Stamp != "" {
			next.Key = string(c.Stamp.Folio())
		}
		if c.Stamp != "" && c.Stage == "" {
			next.Kind, next.Key = post.JobAccount, string(c.Stamp)
		}
		return errors.Join(b.posts.Adopt(tx, copied, t.Source()), tx.Enqueue(next))
	})
}

// decidesOn reports whether the person decides at the stage; in their own chat they do.
func (b *Bot) decidesOn(ctx context.Context, t turn.Context, stage provisioning.StageName) (bool, error) {
	if stage == "" {
		return true, nil
	}
	click, err := b.access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return false, err
	}
	var auth provisioning.Authority
	err = b.store.View(ctx, func(tx provisioning.Tx) (err error) {
		auth, err = b.access.Authority(tx)
		return err
	})
	return auth.InOffice(stage, click), err
}
