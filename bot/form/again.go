package form

import (
	"context"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// againClick opens a new form with the petition of a person's former request for new accounts, without
// its document's number and without people. A form that already has people is opened as it was.
func (fs *Forms) againClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	k, err := fs.of(provisioning.Create)
	if err != nil {
		return turn.Answer{}, err
	}
	if err := fs.mayAsk(ctx, t, k); err != nil {
		return turn.Answer{}, err
	}
	err = fs.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := fs.Access.Own(tx, t.By, c.Folio)
		if err != nil {
			return err
		}
		d, found, err := drafts.Get(tx, draftKey(t.By.ID, k.kind(), ""))
		if err != nil || found && d.Asked == t.ID && t.ID != "" {
			return err // repeated by Teams
		}
		if !found || d.over() {
			if err := fs.forgetDiscarded(tx, d); err != nil {
				return err
			}
			d = newDraft(t, k.kind(), fs.Locale)
			k.fill(&d, t)
		}
		if d.untouched() && r.Kind.Creates() && r.Requester.ID == t.By.ID {
			if err := d.like(tx, r); err != nil {
				return err
			}
		}
		d.Asked = t.ID
		return fs.sendAnew(tx, d, resendInterval)
	})
	return turn.Answer{Aside: t.Texts.Say("answer.form", nil)}, fs.Inquiries.Counted(ctx, t.By, c.Folio, err)
}

// untouched reports whether nobody was entered, and no rows were pasted that await a correction.
func (d draft) untouched() bool {
	return len(d.People) == 0 && len(d.Rows) == 0 && d.Typed["rows"] == ""
}

// like sets the inputs of the petition to those of a former request, and the first person's to its
// work centre and level.
func (d *draft) like(tx provisioning.Tx, r provisioning.Request) error {
	d.Step, d.Faults, d.Editing = cards.StepPetition, nil, 0
	d.Version++
	d.Values = nonEmpty(map[string]string{
		"type": string(r.Type), "medium": string(r.Petition.Medium), "area": r.Area, "phone": r.Phone,
	})
	d.Typed = nonEmpty(map[string]string{"cct": string(r.CCT)})
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil {
			return err
		}
		if level := a.Holder.Person.Level; level != "" {
			d.Typed["level"] = level
		}
		return nil
	}
	return nil
}
