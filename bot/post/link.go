package post

import (
	"net/url"
	"strings"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning"
)

// cardOf returns the post of a request's card at the stage that holds it, and its key; "" if it
// was never posted. At the platform it is that of the first line in attention.
func cardOf(tx provisioning.Tx, stage provisioning.StageName, r provisioning.Request) (key string, p Post, err error) {
	key = OfStage(r.Folio, stage, r.Round)
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

// Redraw marks the card of a request at a stage to be sent again to Teams even if unchanged;
// found is false if there is none.
func Redraw(tx provisioning.Tx, stage provisioning.StageName, r provisioning.Request) (found bool, err error) {
	key, p, err := cardOf(tx, stage, r)
	if err != nil || key == "" {
		return false, err
	}
	p.Shown = ""
	return true, posts.Put(tx, key, p)
}

// Link returns the deep link to a request's card at a stage; "" if there is none.
func (k *Keeper) Link(tx provisioning.Tx, c recipient.Channel, stage provisioning.StageName, r provisioning.Request) (string, error) {
	_, p, err := cardOf(tx, stage, r)
	if err != nil {
		return "", err
	}
	return k.linkTo(c, p), nil
}

// attentionKey returns the key of the post of a request's first line in attention; "" for none.
func attentionKey(tx provisioning.Tx, f provisioning.Folio) (string, error) {
	for key, err := range posts.Keys(tx, postsOfAttention(f)) {
		if err != nil {
			return "", err
		}
		a, err := tx.Account(LineOf(key))
		if err != nil || a.State == provisioning.AccountAttention {
			return key, err
		}
	}
	return "", nil
}

// linkTo returns the deep link to a post in a channel; "" if its id is not known, or if it is in
// a chat.
// https://learn.microsoft.com/microsoftteams/platform/concepts/build-and-test/deep-link-teams
func (k *Keeper) linkTo(c recipient.Channel, p Post) string {
	channel, root, _ := strings.Cut(p.Conversation.ID, ";messageid=")
	if len(p.IDs) == 0 || channel == "" || connector.IsGroupChat(channel) {
		return ""
	}
	query := url.Values{"tenantId": {k.TenantID}, "parentMessageId": {root}}
	if c.GroupID != "" && c.ChannelID == channel {
		query.Set("groupId", c.GroupID)
	}
	return "https://teams.microsoft.com/l/message/" + url.PathEscape(channel) + "/" + url.PathEscape(p.IDs[len(p.IDs)-1]) + "?" + query.Encode()
}
