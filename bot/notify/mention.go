package notify

import (
	"seducoahuila.gob.mx/altas/bot/connector"
	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// outgoing returns the message of a notice. A reminder in a stage's channel mentions those who decide
// there now.
func outgoing(n provisioning.Notice, said cards.Message, to recipient.Place) connector.Message {
	if n.Kind != provisioning.NoticeReminder || to.Stage == "" || !said.Card.None() {
		return post.Outgoing(said, to.Texts)
	}
	text, called := to.Texts.Called(said.Text, to.Deciders...)
	m := post.Outgoing(cards.Message{Text: text}, to.Texts)
	for _, p := range called {
		m.Mentions = append(m.Mentions, connector.Mention{ID: p.ID, Name: p.Name})
	}
	return m
}

// cardURL returns the deep link to the card that a reminder is about; "" if there is none.
func (nt *Notifier) cardURL(tx provisioning.Tx, n provisioning.Notice, r provisioning.Request) (string, error) {
	stage := provisioning.StageName(n.To)
	if n.Kind != provisioning.NoticeReminder || r.State != stage.Waiting() {
		return "", nil
	}
	c, _, err := nt.Recipients.Channel(tx, stage)
	if err != nil {
		return "", err
	}
	return nt.Posts.Link(tx, c, stage, r)
}
