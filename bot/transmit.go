package bot

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// transmit sends a message to a place and returns where it stands.
func (b *Bot) transmit(ctx context.Context, to place, m connector.Message) (connector.Conversation, string, error) {
	if to.chat.ID != "" {
		id, err := b.Teams.Send(ctx, to.chat, m)
		return to.chat, id, delayed(err)
	}
	tried := b.Now()
	conv, id, err := b.publish(ctx, to.channel, m)
	switch {
	case connector.IsGone(err):
		return conv, id, b.silenced(ctx, to.stage, tried, err)
	case err == nil:
		if err := b.restored(ctx, to.stage, tried); err != nil {
			b.Log.WarnContext(ctx, "outage not forgotten", "stage", to.stage, "err", err)
		}
	}
	return conv, id, delayed(err)
}

// publish posts a message to a stage's channel, or group chat.
func (b *Bot) publish(ctx context.Context, c Channel, m connector.Message) (connector.Conversation, string, error) {
	if !isGroupChat(c.ChannelID) {
		return b.Teams.Post(ctx, c.ServiceURL, b.TenantID, c.ChannelID, m)
	}
	conv := connector.Conversation{ServiceURL: c.ServiceURL, ID: c.ChannelID, Type: connector.GroupChat, TenantID: b.TenantID, IsGroup: true}
	id, err := b.Teams.Send(ctx, conv, m)
	return conv, id, err
}

// delayed passes on how long Teams asked to wait.
func delayed(err error) error {
	if failed, ok := errors.AsType[*connector.Error](err); ok && failed.RetryAfter > 0 {
		return job.RetryAfter(failed.RetryAfter, err)
	}
	return err
}
