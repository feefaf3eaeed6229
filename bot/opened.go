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

// refreshInterval is the time within which a person's repeated refresh of a card is not
// answered; Teams itself refreshes at most once a minute.
const refreshInterval = 5 * time.Second

// opened answers a refresh: with the present card for the person's view if they may see it, else
// with nothing. It does not change the request. A message without a known id is adopted.
func (b *Bot) opened(ctx context.Context, t turn.Context, c connector.Click) (any, error) {
	click, err := b.readClick(ctx, c)
	if err != nil || c.Verb != cards.CardRefresh || !b.opens.First(t.By.ID+"/"+t.Conversation.ID+"/"+t.ReplyToID) {
		return nil, nil //nolint:nilerr // outdated or forged: the card stays as it is
	}
	card, keys, err := b.cardOpened(ctx, t, click)
	if err != nil || card.None() {
		b.log.DebugContext(ctx, "card not refreshed", "person", t.By.ID, "folio", click.Folio, "stamp", click.Stamp, "err", err)
		return nil, nil
	}
	if err := b.adoptOpened(ctx, t, click, keys); err != nil {
		b.log.WarnContext(ctx, "refreshed card not adopted", "person", t.By.ID, "err", err)
	}
	return connector.AnswerCard(card.Refreshing(t.From.ID)), nil
}

// cardOpened renders the refreshed card, and returns the keys of the posts that it may be a copy
// of. The card is empty if the person may not see it, or if it would remove a visible password.
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

// openedInChannel renders a posted card of a stage, or of the platform, for a member of its
// channel.
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

// adoptOpened adopts a refreshed message if one of the posts has an unacknowledged one and the
// person decides on it, so that it is updated for everybody.
func (b *Bot) adoptOpened(ctx context.Context, t turn.Context, c cards.Click, keys []string) error {
	key, err := b.posts.CopyOf(ctx, keys, t.Source())
	if err != nil || key == "" {
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
		return errors.Join(b.posts.Adopt(tx, key, t.Source()), tx.Enqueue(next))
	})
}

// decidesOn reports whether the person decides at the stage; true in their personal chat ("").
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
