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

// buttonWords are what people call the ways to draw buttons.
var buttonWords = map[string]cards.Buttons{
	"telefono": cards.SubmitButtons, "para telefono": cards.SubmitButtons, "celular": cards.SubmitButtons, "movil": cards.SubmitButtons,
	"phone": cards.SubmitButtons, "for a phone": cards.SubmitButtons, "mobile": cards.SubmitButtons, "submit": cards.SubmitButtons,
	"computadora": cards.ExecuteButtons, "para computadora": cards.ExecuteButtons, "normales": cards.ExecuteButtons,
	"computer": cards.ExecuteButtons, "for a computer": cards.ExecuteButtons, "normal": cards.ExecuteButtons, "execute": cards.ExecuteButtons,
}

// buttons offers the ways to draw buttons, or takes the one named.
func (pf *Preferences) buttons(ctx context.Context, t turn.Context, rest string) (cards.Message, error) {
	chosen, named := buttonWords[words.Plain(rest)]
	if !named {
		return cards.Message{Card: t.Texts.ChooseButtons()}, nil
	}
	said, err := pf.drawWith(ctx, t, chosen)
	return cards.Message{Text: said}, err
}

func (pf *Preferences) buttonsClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	if !c.Buttons.Valid() {
		return t.Outdated(), nil
	}
	said, err := pf.drawWith(ctx, t, c.Buttons)
	return turn.Answer{Text: said}, err
}

// drawWith keeps how a person wants their buttons, has the cards that stand in their chat
// drawn so, and returns what to tell them. Only what differs from the organisation's is
// kept: whoever has its buttons goes along when it changes them.
func (pf *Preferences) drawWith(ctx context.Context, t turn.Context, chosen cards.Buttons) (string, error) {
	err := pf.Store.Update(ctx, func(tx provisioning.Tx) error {
		kept := chosen
		if chosen == cmp.Or(pf.Buttons, cards.ExecuteButtons) {
			kept = ""
		}
		return errors.Join(pf.Recipients.Change(tx, t.By.ID, func(c *recipient.Person) { c.Buttons = kept }), pf.redrawFor(tx, t.By.ID))
	})
	if chosen == cards.SubmitButtons {
		return t.Texts.Say("buttons.set.submit", nil), err
	}
	return t.Texts.Say("buttons.set.execute", nil), err
}

// accountsRedrawn is how many cards of accounts are redrawn at most when a person changes
// their buttons; those of longer lists follow when something else changes them.
const accountsRedrawn = 50

// redrawFor has the cards in a person's chat drawn anew: their forms, those of their newest
// requests, and of the accounts that came of those.
func (pf *Preferences) redrawFor(tx provisioning.Tx, person string) error {
	now := pf.Now()
	errs := []error{pf.Forms(tx, person)}
	requests, accounts := 0, 0
	for r, err := range tx.ListRequests(provisioning.RequestFilter{Requester: person}) {
		if requests++; err != nil || requests > recipient.LookBack {
			return errors.Join(append(errs, err)...)
		}
		errs = append(errs, tx.Enqueue(job.Job{Kind: provisioning.JobCards, Key: string(r.Folio), Due: now}))
		for stamp, err := range post.AccountsPosted(tx, r.Folio) {
			if accounts++; err != nil || accounts > accountsRedrawn {
				errs = append(errs, err)
				break
			}
			errs = append(errs, tx.Enqueue(job.Job{Kind: post.JobAccount, Key: string(stamp), Due: now}))
		}
	}
	return errors.Join(errs...)
}
