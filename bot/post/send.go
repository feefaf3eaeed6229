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

// Outgoing returns a message as the connector sends it.
func Outgoing(m cards.Message, texts *cards.Texts) connector.Message {
	if m.Card.None() {
		return connector.Message{Text: m.Text, Locale: texts.Locale()}
	}
	return connector.Message{Card: m.Card, Summary: m.Card.Summary, Locale: texts.Locale()}
}

// transmit sends a message to a place and returns where it stands.
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
			k.Log.WarnContext(ctx, "outage not forgotten", "stage", to.Stage, "err", err)
		}
	}
	return conv, id, delayed(err)
}

// SayBelow says a text once, below the first message of a card that stands, where the thread is
// there. key is of what is said.
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
		k.Log.InfoContext(ctx, "no thread to answer in", "folio", f, "err", err)
		return nil
	}
	return err
}

// SendNotice transmits what a notice says. Where its card is kept true, by a key, it is written down
// first that it may stand: somebody may click on it before Teams has answered.
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

// NoticeSent keeps where the card of a notice stands. One without an id is kept once somebody
// clicks on it.
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

// publish posts a message to a stage's channel, or group chat.
func (k *Keeper) publish(ctx context.Context, c recipient.Channel, m connector.Message) (connector.Conversation, string, error) {
	if !connector.IsGroupChat(c.ChannelID) {
		return k.Teams.Post(ctx, c.ServiceURL, k.TenantID, c.ChannelID, m)
	}
	conv := connector.Conversation{ServiceURL: c.ServiceURL, ID: c.ChannelID, Type: connector.GroupChat, TenantID: k.TenantID, IsGroup: true}
	id, err := k.Teams.Send(ctx, conv, m)
	return conv, id, err
}

// delayed passes on how long Teams asked to wait.
func delayed(err error) error {
	if failed, ok := errors.AsType[*connector.Error](err); ok && failed.RetryAfter > 0 {
		return job.RetryAfter(failed.RetryAfter, err)
	}
	return err
}
