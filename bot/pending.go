package bot

import (
	"context"
	"errors"
	"net/url"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// pending shows a page of what a stage holds, in its channel: those after a folio,
// the longest waiting first.
func (b *Bot) pending(ctx context.Context, t turn, stage provisioning.StageName, after provisioning.Folio) (cards.Message, error) {
	if stage == "" {
		return cards.Message{}, provisioning.Refuse(provisioning.CodeForbidden, "authority.channel")
	}
	l, err := b.view.Waiting(ctx, stage.Waiting(), after)
	if err != nil {
		return cards.Message{}, err
	}
	l.Stage = stage
	if after == "" {
		err = b.repost(ctx, stage, l.Rows)
	}
	if err = errors.Join(err, b.link(ctx, stage, l.Rows)); err != nil {
		return cards.Message{}, err
	}
	return cards.Message{Card: t.texts.Pending(l)}, nil
}

func (b *Bot) pendingClick(ctx context.Context, t turn, c cards.Click) (shown, error) {
	m, err := b.pending(ctx, t, t.stage, c.Folio)
	return shown{card: m.Card}, err
}

// repost has the cards of the rows put before the stage once more, where they stand: of
// one that somebody deleted nobody tells the bot, and it is sent anew.
func (b *Bot) repost(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return b.Store.Update(ctx, func(tx provisioning.Tx) error {
		for _, row := range rows {
			key, p, err := cardOf(tx, stage, row.Request)
			if err != nil {
				return err
			}
			if key == "" {
				continue
			}
			p.Shown = ""
			next := job.Job{Kind: provisioning.JobCards, Key: string(row.Request.Folio), Urgent: true, Due: b.Now()}
			if err := errors.Join(posts.Put(tx, key, p), tx.Enqueue(next)); err != nil {
				return err
			}
		}
		return nil
	})
}

// cardOf returns the post of a request's card at the stage that holds it, and its key;
// none where it was never posted. At the platform it is that of the first line in
// attention.
func cardOf(tx provisioning.Tx, stage provisioning.StageName, r provisioning.Request) (key string, p post, err error) {
	key = postOfStage(r.Folio, stage, r.Round)
	if stage == provisioning.Platform {
		if key, err = attentionKey(tx, r.Folio); err != nil || key == "" {
			return "", p, err
		}
	}
	p, found, err := posts.Get(tx, key)
	if !found {
		key = ""
	}
	return key, p, err
}

// attentionKey is that of the post of a request's first line in attention.
func attentionKey(tx provisioning.Tx, f provisioning.Folio) (string, error) {
	for key, err := range posts.Keys(tx, postsOfAttention(f)) {
		if err != nil {
			return "", err
		}
		a, err := tx.Account(stampOfAttention(key))
		if err != nil || a.State == provisioning.AccountAttention {
			return key, err
		}
	}
	return "", nil
}

// link gives each row the address of its card in the stage's channel, where the
// card stands there.
func (b *Bot) link(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return b.Store.View(ctx, func(tx provisioning.Tx) error {
		c, _, err := b.recipients.Channel(tx, stage)
		if err != nil {
			return err
		}
		for i, row := range rows {
			_, p, err := cardOf(tx, stage, row.Request)
			if err != nil {
				return err
			}
			rows[i].URL = b.linkTo(c, p)
		}
		return nil
	})
}

// linkTo returns the address that opens a post of a channel in Teams; "" where it
// is not known, or stands in a chat.
// https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams
func (b *Bot) linkTo(c recipient.Channel, p post) string {
	channel, root, _ := strings.Cut(p.Conversation.ID, ";messageid=")
	if len(p.IDs) == 0 || channel == "" || connector.IsGroupChat(channel) {
		return ""
	}
	query := url.Values{"tenantId": {b.TenantID}, "parentMessageId": {root}}
	if c.GroupID != "" && c.ChannelID == channel {
		query.Set("groupId", c.GroupID)
	}
	return "https://teams.microsoft.com/l/message/" + url.PathEscape(channel) + "/" + url.PathEscape(p.IDs[len(p.IDs)-1]) + "?" + query.Encode()
}
