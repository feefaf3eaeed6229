package preference

import (
	"cmp"
	"context"
	"errors"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/bot/words"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/job"
)

// buttonWords are the words for each kind of buttons.
var buttonWords = map[string]cards.Buttons{
	"telefono": cards.SubmitButtons, "para telefono": cards.SubmitButtons, "celular": cards.SubmitButtons, "movil": cards.SubmitButtons,
	"phone": cards.SubmitButtons, "for a phone": cards.SubmitButtons, "mobile": cards.SubmitButtons, "submit": cards.SubmitButtons,
	"computadora": cards.ExecuteButtons, "para computadora": cards.ExecuteButtons, "normales": cards.ExecuteButtons,
	"computer": cards.ExecuteButtons, "for a computer": cards.ExecuteButtons, "normal": cards.ExecuteButtons, "execute": cards.ExecuteButtons,
}

// buttons offers the kinds of buttons, or sets the named one.
func (pf *Preferences) buttons(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	chosen, named := buttonWords[words.Plain(rest)]
	if !named {
		return cards.Message{Card: t.Texts.ChooseButtons()}, nil
	}
	said, err := pf.setButtons(ctx, t, chosen)
	return cards.Message{Text: said}, err
}

func (pf *Preferences) buttonsClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if !c.Buttons.Valid() {
		return t.Outdated(), nil
	}
	said, err := pf.setButtons(ctx, t, c.Buttons)
	return turn.Answer{Text: said}, err
}

// setButtons stores the kind of a person's buttons, enqueues the update of the cards in their
// chat, and returns the reply. The organisation's own kind is stored as "", so that the person
// follows when it changes.
func (pf *Preferences) setButtons(ctx context.Context, t turn.Context, chosen cards.Buttons) (string, error) {
	err := pf.Store.Update(ctx, func(tx provisioning.Tx) error {
		kept := chosen
		if chosen == cmp.Or(pf.Buttons, cards.ExecuteButtons) {
			kept = ""
		}
		return errors.Join(pf.Recipients.Change(tx, t.By.ID, func(c *recipient.Person) { c.Buttons = kept }), pf.updateCards(tx, t.By.ID))
	})
	if chosen == cards.SubmitButtons {
		return t.Texts.Say("buttons.set.submit", nil), err
	}
	return t.Texts.Say("buttons.set.execute", nil), err
}

// accountsUpdated is the maximum of account cards that are updated when a person changes their
// buttons; the others follow with their next update.
const accountsUpdated = 50

// updateCards enqueues the update of the cards in a person's chat: their forms, their newest
// requests, and the accounts of those.
func (pf *Preferences) updateCards(tx provisioning.Tx, person string) error {
	now := pf.Now()
	errs := []error{pf.Forms(tx, person)}
	requests, accounts := 0, 0
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		if requests++; err != nil || requests > recipient.LookBack {
			return errors.Join(append(errs, err)...)
		}
		errs = append(errs, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: now}))
		for stamp, err := range post.AccountsPosted(tx, r.Folio) {
			if accounts++; err != nil || accounts > accountsUpdated {
				errs = append(errs, err)
				break
			}
			errs = append(errs, tx.Enqueue(job.Job{Kind: post.JobAccount, Key: string(stamp), Due: now}))
		}
	}
	return errors.Join(errs...)
}
