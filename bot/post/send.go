package post

import (
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Outgoing converts a message to the connector's form.
func Outgoing(m cards.Message, texts *cards.Texts) connector.Message {
	if m.Card.None() {
		return connector.Message{Text: m.Text, Locale: texts.Locale()}
	}
	return connector.Message{Card: m.Card, Summary: m.Card.Summary, Locale: texts.Locale()}
}

// transmit sends a message to a place and returns its conversation and id.
func (k *Keeper) transmit(ctx context.Context, to recipient.Place, m connector.Message) (connector.Conversation, string, error) {
	if to.Chat.ID != "" {
		id, err := k.Teams.Send(ctx, to.Chat, m)
		return to.Chat, id, delayed(err)
	}
	tried := k.Now()
	conv, id, err := k.publish(ctx, to.Channel, m)
	switch {
	case connector.IsGone(err):
		return conv, id, k.Recipients.ChannelFailed(ctx, to.Stage, tried, err)
	case err == nil:
		if err := k.Recipients.ChannelWorked(ctx, to.Stage, tried); err != nil {
			k.Log.WarnContext(ctx, "end of outage not recorded", "stage", to.Stage, "err", err)
		}
	}
	return conv, id, delayed(err)
}

// SayBelow replies once with a text in the thread of a card, if the card exists. key is that of
// the reply's own post.
func (k *Keeper) SayBelow(ctx context.Context, key, card string, f provisioning.Folio, to recipient.Place, text string) error {
	above, err := k.Read(ctx, card)
	if err != nil || !above.Stands() {
		return err
	}
	said, err := k.Read(ctx, key)
	if err != nil || said.Stands() {
		return err
	}
	m := connector.Message{Text: text, Locale: to.Texts.Locale(), ReplyTo: above.IDs[0]}
	err = k.send(ctx, key, said, recipient.Place{Chat: above.Conversation}, m, "")
	if connector.IsRejected(err) {
		return k.Recipients.CardRefused(ctx, key, f, to, err)
	}
	if connector.IsGone(err) {
		k.Log.InfoContext(ctx, "no thread to reply in", "folio", f, "err", err)
		return nil
	}
	return err
}

// SendNotice sends a notice. If its card is kept up to date, key is that of its post, and the
// attempt is recorded first: the card may be clicked before Teams responds.
func (k *Keeper) SendNotice(ctx context.Context, key string, to recipient.Place, m connector.Message) (connector.Conversation, string, error) {
	if key == "" {
		return k.transmit(ctx, to, m)
	}
	if err := k.note(ctx, key, func(p *Post) { p.sending(k.Now()) }); err != nil {
		return connector.Conversation{}, "", err
	}
	conv, id, err := k.transmit(ctx, to, m)
	if err != nil && !connector.IsAmbiguous(err) {
		err = errors.Join(err, k.note(ctx, key, (*Post).refused))
	}
	return conv, id, err
}

// NoticeSent records the message of a notice that was sent. A message without an id is adopted
// when it is clicked.
func (k *Keeper) NoticeSent(tx provisioning.Tx, key string, conv connector.Conversation, id string) error {
	p, _, err := posts.Get(tx, key)
	if err != nil {
		return err
	}
	if p.Conversation = conv; id != "" {
		p.sent(conv, id)
	}
	return posts.Put(tx, key, p)
}

// publish posts a message to a stage's channel (a new thread) or group chat.
func (k *Keeper) publish(ctx context.Context, c recipient.Channel, m connector.Message) (connector.Conversation, string, error) {
	if !connector.IsGroupChat(c.ChannelID) {
		return k.Teams.Post(ctx, c.ServiceURL, k.TenantID, c.ChannelID, m)
	}
	conv := connector.Conversation{ServiceURL: c.ServiceURL, ID: c.ChannelID, Type: connector.GroupChat, TenantID: k.TenantID, IsGroup: true}
	id, err := k.Teams.Send(ctx, conv, m)
	return conv, id, err
}

// delayed returns err as a job error with the delay of Teams' Retry-After, if there is one.
func delayed(err error) error {
	if failed, ok := errors.AsType[*connector.Error](err); ok && failed.RetryAfter > 0 {
		return job.RetryAfter(failed.RetryAfter, err)
	}
	return err
}
