package form

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

func (ac *accounts) submission(ctx context.Context, t turn.Context, d *draft) (s provisioning.Submission, ready bool, err error) {
	p, faults := ac.petition(d.Values)
	if len(faults) > 0 || len(d.People) == 0 {
		d.Faults, d.Step = faults, cards.StepPetition
		return s, false, nil
	}
	if err := ac.recheckExisting(ctx, t, d); err != nil {
		return s, false, err
	}
	return p.submission(t, *d), true, nil
}

// recheckExisting previews again if the form says that a holder has an account: that person gets
// none, and the preview may be a month old. If the directory does not answer, the old one
// counts.
func (ac *accounts) recheckExisting(ctx context.Context, t turn.Context, d *draft) error {
	if !slices.ContainsFunc(d.People, func(p person) bool { return p.Proposal.Exists }) {
		return nil
	}
	again := *d
	again.People = slices.Clone(d.People)
	if err := ac.propose(ctx, t, &again); err != nil || len(again.Faults) > 0 {
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
		Exist: make(map[identity.Holder]provisioning.Proposal),
		Taken: make(map[identity.Address]bool), Gone: make(map[identity.Address]bool),
		Seen: make(map[identity.Holder][]problem.Warning),
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

// petition parses the inputs of the petition and the review; the errors are by input.
func (ac *accounts) petition(typed map[string]string) (petition, map[string]*fault) {
	var p petition
	f := faults{}
	p.kind = read(f, identity.ParseAccountType, typed["type"])
	p.document.Medium = read(f, input.ParseMedium, typed["medium"])
	p.document.Number = read(f, input.ParseOficio, typed["oficio"])
	date, err := input.ParseOficioDate(typed["oficioDate"], ac.Now().In(ac.Location))
	f.add(err)
	p.document.Date = date
	p.area = read(f, input.ParseArea, typed["area"])
	p.phone = read(f, input.ParsePhone, typed["phone"])
	notes, err := input.ParseNotes("notes", typed["notes"], false)
	f.add(err)
	p.notes = notes
	if _, made := ac.Rules.Types[p.kind]; p.kind != "" && !made {
		f.add(problem.Invalid("type", "type.unknown"))
	}
	return p, f
}
