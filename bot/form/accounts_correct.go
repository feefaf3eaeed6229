package form

import (
	"maps"
	"slices"
	"strings"
	"time"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
)

func (ac *accounts) refill(tx provisioning.Tx, d *draft, r provisioning.Request) error {
	d.Step = cards.StepReview
	d.Values = nonEmpty(map[string]string{
		"type": string(r.Type), "medium": string(r.Petition.Medium), "oficio": r.Petition.Number,
		"area": r.Area, "phone": r.Phone, "notes": r.Notes, "oficioDate": dateText(r.Petition.Date),
	})
	for a, err := range tx.AccountsOf(r.Folio, 0) {
		if err != nil {
			return err
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
	return nil
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
