package bot

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// transmit sends a message to a place and returns where it stands.
func (b *Bot) transmit(ctx context.Context, to recipient.Place, m connector.Message) (connector.Conversation, string, error) {
	if to.Chat.ID != "" {
		id, err := b.Teams.Send(ctx, to.Chat, m)
		return to.Chat, id, delayed(err)
	}
	tried := b.Now()
	conv, id, err := b.publish(ctx, to.Channel, m)
	switch {
	case connector.IsGone(err):
		return conv, id, b.recipients.ChannelFailed(ctx, to.Stage, tried, err)
	case err == nil:
		if err := b.recipients.ChannelWorked(ctx, to.Stage, tried); err != nil {
			b.Log.WarnContext(ctx, "outage not forgotten", "stage", to.Stage, "err", err)
		}
	}
	return conv, id, delayed(err)
}

// publish posts a message to a stage's channel, or group chat.
func (b *Bot) publish(ctx context.Context, c recipient.Channel, m connector.Message) (connector.Conversation, string, error) {
	if !connector.IsGroupChat(c.ChannelID) {
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
