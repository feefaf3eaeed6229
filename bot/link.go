package bot

import (
	"context"
	"net/url"
	"strings"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// link gives each row the address of its card in the stage's channel, where the
// card stands there.
func (b *Bot) link(ctx context.Context, stage provisioning.StageName, rows []cards.Row) error {
	return b.Store.View(ctx, func(tx provisioning.Tx) error {
		c, _, err := b.channel(tx, stage)
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
	p, found, err := posts.get(tx, key)
	if !found {
		key = ""
	}
	return key, p, err
}

// attentionKey is that of the post of a request's first line in attention.
func attentionKey(tx provisioning.Tx, f provisioning.Folio) (string, error) {
	for key, err := range tx.Keys(posts.kind, postsOfAttention(f)) {
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

// linkTo returns the address that opens a post of a channel in Teams; "" where it
// is not known, or stands in a chat.
// https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams
func (b *Bot) linkTo(c Channel, p post) string {
	channel, root, _ := strings.Cut(p.Conversation.ID, ";messageid=")
	if len(p.IDs) == 0 || channel == "" || isGroupChat(channel) {
		return ""
	}
	query := url.Values{"tenantId": {b.TenantID}, "parentMessageId": {root}}
	if c.GroupID != "" && c.ChannelID == channel {
		query.Set("groupId", c.GroupID)
	}
	return "https://teams.microsoft.com/l/message/" + url.PathEscape(channel) + "/" + url.PathEscape(p.IDs[len(p.IDs)-1]) + "?" + query.Encode()
}
