package form

import (
	"context"
	"errors"
	"slices"

	"seducoahuila.gob.mx/altas/bot/recipient"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// submit submits the form as a request, once.
func (fs *Forms) submit(ctx context.Context, t turn.Context, d draft) (turn.Answer, error) {
	bounded, cancel := context.WithTimeout(ctx, redrawWithin)
	defer cancel()
	if fs.Turns.IsGuest(bounded, t) {
		return turn.Answer{}, access.ErrGuest
	}
	if err := fs.Access.MayAsk(ctx, t.By); err != nil {
		return turn.Answer{}, err
	}
	p, faults := fs.petition(d.Values)
	if len(faults) > 0 || len(d.People) == 0 {
		d.Faults, d.Step = faults, cards.StepPetition
		return fs.saveStep(ctx, t, d)
	}
	if err := fs.recheckExisting(ctx, t, &d); err != nil {
		return turn.Answer{}, err
	}
	s := p.submission(t, d)
	var now draft
	err := fs.Store.Update(ctx, func(tx provisioning.Tx) (err error) {
		if now, err = unchanged(tx, d); err != nil || now.Version != d.Version {
			return err // submitted or changed by another click
		}
		r, err := fs.Workflow.Submit(tx, s)
		if err != nil {
			return err
		}
		now = d
		now.Sent = r.Folio
		now.Version++
		return errors.Join(fs.keep(tx, now, fs.Now()), fs.rememberInputs(tx, t, s), fs.Posts.TakeOver(tx, r, d.ID))
	})
	if refused, ok := errors.AsType[*provisioning.Error](err); ok {
		d.Faults = map[string]*fault{refused.Field: refused}
		return fs.saveStep(ctx, t, d)
	}
	if err != nil {
		return turn.Answer{}, err
	}
	return fs.present(ctx, t, now, d.ID)
}

// recheckExisting previews again if the form says that a holder has an account: that person gets
// none, and the preview may be a month old. If the directory does not answer, the old one
// counts.
func (fs *Forms) recheckExisting(ctx context.Context, t turn.Context, d *draft) error {
	if !slices.ContainsFunc(d.People, func(p person) bool { return p.Proposal.Exists }) {
		return nil
	}
	again := *d
	again.People = slices.Clone(d.People)
	if err := fs.propose(ctx, t, &again); err != nil || len(again.Faults) > 0 {
		return err
	}
	for i, p := range again.People {
		if p.Proposal.Checked {
			d.People[i] = p
		}
	}
	return nil
}

// submission returns the petition with the draft's people.
func (p petition) submission(t turn.Context, d draft) provisioning.Submission {
	s := provisioning.Submission{
		Folio: d.Folio, Type: p.kind, Requester: t.By, Locale: d.Locale, Area: p.area, Phone: p.phone,
		Petition: p.document, Notes: p.notes, Holders: d.holders(), Changed: d.changed(),
		Exist: make(map[provisioning.Holder]provisioning.Proposal),
		Taken: make(map[provisioning.Address]bool), Gone: make(map[provisioning.Address]bool),
		Seen: make(map[provisioning.Holder][]provisioning.Warning),
	}
	s.CCT = s.Holders[0].CCT()
	for _, person := range d.People {
		for _, a := range person.Proposal.Taken {
			s.Taken[a] = true
		}
		s.Seen[person.Holder] = person.Proposal.Seen()
		s.Gone[person.Proposal.Gone] = person.Proposal.Gone != ""
		if person.Proposal.Exists {
			s.Exist[person.Holder] = person.Proposal
		}
	}
	return s
}

// rememberInputs stores the inputs to be offered in the requester's next form.
func (fs *Forms) rememberInputs(tx provisioning.Tx, t turn.Context, s provisioning.Submission) error {
	return fs.Recipients.Change(tx, t.By.ID, func(c *recipient.Person) { c.Area, c.Phone, c.CCT = s.Area, s.Phone, s.CCT })
}
