package privacy

import (
	"context"
	"strings"
	"time"
	"unicode"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/privacy"
)

// reopenInterval is the time within which a repeated click does not send the form again: people
// click twice, and on two devices.
const reopenInterval = time.Minute

// Routes returns the command and the action verb of the notice.
func (ns *Notices) Routes() turn.Routes {
	return turn.Routes{
		Personal: map[string]turn.Verb{cards.PrivacyAcknowledge: ns.acknowledge},
		Commands: []turn.Command{{
			Name: "privacy", Offered: true, Sentence: true,
			Words:    []string{"privacidad", "aviso", "aviso de privacidad", "privacy", "privacy notice"},
			Personal: ns.show,
		}},
	}
}

// show shows the notice, with when the person acknowledged it or the button that does.
func (ns *Notices) show(ctx context.Context, t turn.Context, _ words.Asked) (cards.Message, error) {
	a, _, err := ns.Register.Has(ctx, t.By.ID)
	return cards.Message{Card: t.Texts.Privacy(cards.Privacy{Notice: ns.Register.Notice, At: a.At})}, err
}

// acknowledge stores the acknowledgement of the version that the clicked card shows, if it is the
// one in force, and opens the form. For another version the notice in force is shown.
func (ns *Notices) acknowledge(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	view := cards.Privacy{Notice: ns.Register.Notice, Opens: cards.Data{Kind: c.Kind, Folio: c.Folio, Mark: c.Mark}}
	if c.Notice != view.Notice.Version {
		return turn.Answer{Card: t.Texts.Privacy(view)}, nil
	}
	a, first, err := ns.store(ctx, t)
	if err != nil {
		return turn.Answer{}, err
	}
	view.At = a.At
	answer := turn.Answer{Card: t.Texts.PrivacyAcknowledged(view)}
	if view.Opens == (cards.Data{}) {
		return answer, nil
	}
	if !t.InPlace() { // the form is the reply
		answer = turn.Answer{}
	}
	interval := reopenInterval
	if first {
		interval = 0
	}
	return answer, ns.Open(ctx, t, c, interval)
}

func (ns *Notices) store(ctx context.Context, t turn.Context) (a privacy.Acknowledgement, first bool, err error) {
	err = ns.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		a, first, err = ns.Register.Acknowledge(tx, t.By, t.Texts.Locale())
		return err
	})
	return a, first, err
}

// Instead returns the notice that answers a text with a CURP from a person who has not acknowledged
// it: the text is neither used nor stored. due is false if the text is to be answered. It is for
// personal chats: who acts in a stage's channel does so for the authority that gives the notice.
func (ns *Notices) Instead(ctx context.Context, t turn.Context, text string) (m cards.Message, due bool, err error) {
	if !t.Personal() || !containsCURP(text) {
		return m, false, nil
	}
	_, acknowledged, err := ns.Register.Has(ctx, t.By.ID)
	if err != nil || acknowledged {
		return m, false, err
	}
	return cards.Message{Card: t.Texts.Privacy(cards.Privacy{Notice: ns.Register.Notice, Why: cards.WhyTyped})}, true, nil
}

// containsCURP is identity.ContainsCURP that also finds a CURP typed with separators.
func containsCURP(text string) bool {
	return identity.ContainsCURP(text) || identity.ContainsCURP(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, text))
}
