package form

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

// correct opens a returned request as a form.
func (fs *Forms) correct(ctx context.Context, t turn.Context, f provisioning.Folio) (turn.Answer, error) {
	err := fs.Store.Update(ctx, func(tx provisioning.Tx) error {
		r, err := fs.Access.Correctable(tx, t.By, f)
		if err != nil {
			return err
		}
		d, found, err := drafts.Get(tx, draftKey(t.By.ID, f))
		if err != nil {
			return err
		}
		if !found || d.over() {
			if err := fs.forgetDiscarded(tx, d); err != nil {
				return err
			}
			if d, err = draftOf(tx, t, r, fs.Locale); err != nil {
				return err
			}
		}
		return fs.sendAnew(tx, d, resendInterval)
	})
	return turn.Answer{Text: t.Texts.Say("correct.open", map[string]string{"folio": string(f)})}, fs.Inquiries.Counted(ctx, t.By, f, err)
}

func (fs *Forms) correctClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	return fs.correct(ctx, t, c.Folio)
}

// draftOf returns a form with the values of a returned request.
func draftOf(tx provisioning.Tx, t turn.Context, r provisioning.Request, fallback string) (draft, error) {
	d := newDraft(t, fallback)
	d.Folio, d.Mark, d.Step = r.Folio, r.Mark, cards.StepReview
	if last, ok := r.LastDecision(); ok {
		d.Comment = last.Comment
	}
	d.Values = nonEmpty(map[string]string{
		"type": string(r.Type), "medium": string(r.Petition.Medium), "oficio": r.Petition.Number,
		"area": r.Area, "phone": r.Phone, "notes": r.Notes, "oficioDate": dateText(r.Petition.Date),
	})
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil {
			return d, err
		}
		if a.State == provisioning.AccountExcluded {
			continue
		}
		d.People = append(d.People, person{
			Values: valuesOf(a.Holder), Holder: a.Holder,
			Proposal: provisioning.Proposal{
				Address: a.Address, Exists: a.State == provisioning.AccountExists, ObjectID: a.ObjectID, Guarded: a.Guarded,
				Warnings: a.Warnings, Checked: true,
			},
		})
	}
	d.Before = d.flat()
	return d, nil
}

func dateText(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.Format(time.DateOnly)
}

// changed returns the inputs that differ from the request that the draft corrects; "people" if
// it has more or fewer of them.
func (d draft) changed() []string {
	if d.Before == nil {
		return nil
	}
	var names []string
	now, look := d.flat(), slices.Concat(petitionInputs, holderInputs)
	if strings.Count(now["cct"], "\x00") != strings.Count(d.Before["cct"], "\x00") {
		names, look = []string{"people"}, petitionInputs
	}
	for _, name := range look {
		if now[name] != d.Before[name] {
			names = append(names, name)
		}
	}
	return names
}

// flat returns the draft's values; those of its people are joined by NUL under each input.
func (d draft) flat() map[string]string {
	all := maps.Clone(d.Values)
	for _, p := range d.People {
		for _, name := range holderInputs {
			all[name] += "\x00" + p.Values[name]
		}
	}
	return all
}
