package form

import (
	"maps"
	"slices"
	"strings"

	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// endPetition goes on to the people, or to the review if there are any, and reports whether
// their addresses must be previewed again. If the type changed, a single person's step is shown
// again, since the other type has other inputs.
func (d *draft) endPetition() bool {
	retyped := d.retype()
	d.Step, d.Editing = cards.StepHolder, 0
	switch {
	case retyped && len(d.People) == 1:
		d.Editing, d.Typed = 1, maps.Clone(d.People[0].Values)
	case len(d.People) > 0:
		d.Step = cards.StepReview
	}
	return retyped && d.Step == cards.StepReview
}

// retype converts the people to the form's present type, and reports whether any had another.
// Those whose inputs are not valid for it are dropped, such as a work centre.
func (d *draft) retype() bool {
	t, retyped := d.accountType(), false
	kept := d.People[:0]
	for _, p := range d.People {
		if p.Holder.Type != t {
			h, faults := parseHolder(t, p.Values)
			if len(faults) > 0 {
				continue
			}
			p.Holder, p.Proposal, retyped = h, provisioning.Proposal{}, true
		}
		kept = append(kept, p)
	}
	d.People = kept
	return retyped
}

// typeCCT takes the CCT from the text input, used when the search did not offer it.
func (d *draft) typeCCT() {
	if typed := strings.TrimSpace(d.Typed["cctTyped"]); typed != "" {
		d.Typed["cct"] = typed
	}
}

// enterPerson stores the entered person, and goes on to the review.
func (d *draft) enterPerson(h identity.Holder) {
	p := person{Values: nonEmpty(maps.Clone(d.Typed)), Holder: h}
	for _, name := range []string{"cctTyped", "rows"} {
		delete(p.Values, name)
	}
	if d.Editing > 0 && d.Editing <= len(d.People) {
		d.People[d.Editing-1] = p
	} else {
		d.People = append(d.People, p)
	}
	d.Typed, d.Editing, d.Step = nil, 0, cards.StepReview
}

// applyButton applies a button other than "next" and "submit". An old or forged card may offer
// to add a person beyond the limit (room).
func (d *draft) applyButton(c cards.Click, room bool) {
	n := c.Number
	switch c.Verb {
	case cards.RequestBack:
		d.back()
	case cards.RequestAdd:
		if room {
			d.Step, d.Editing = cards.StepHolder, 0
			d.Typed = d.carriedOver()
		}
	case cards.RequestPaste:
		if room {
			d.beginPasting()
		}
	case cards.RequestEdit:
		if n >= 1 && n <= len(d.People) {
			d.Step, d.Editing, d.Typed = cards.StepHolder, n, maps.Clone(d.People[n-1].Values)
		}
	case cards.RequestRemove:
		if n >= 1 && n <= len(d.People) && len(d.People) > 1 {
			d.People = slices.Delete(d.People, n-1, n)
		}
	}
}

// back goes from the review to the petition, and from a person to the review or, if there are no
// people yet, to the petition. The inputs are kept.
func (d *draft) back() {
	pasting := d.Step == cards.StepPaste
	d.Rows, d.Added = nil, 0
	switch {
	case (d.Step == cards.StepHolder || pasting) && len(d.People) > 0:
		d.Step, d.Typed, d.Editing = cards.StepReview, nil, 0
		return
	case pasting:
		d.Step = cards.StepHolder
		return
	}
	d.Step = cards.StepPetition
}

// carriedOver are the inputs of the last person that are offered for the next: pupils of a class
// share them.
func (d draft) carriedOver() map[string]string {
	shared := make(map[string]string)
	if len(d.People) == 0 {
		return shared
	}
	last := d.People[len(d.People)-1].Values
	for _, name := range []string{"cct", "level", "grade", "group"} {
		shared[name] = last[name]
	}
	return nonEmpty(shared)
}

func (d draft) accountType() identity.AccountType {
	return identity.AccountType(d.Values["type"])
}

// card renders the draft. searchable is whether there is a catalogue of work centres; centre is
// the name and place of the one whose CCT is entered.
func (d draft) card(t *cards.Texts, rules *provisioning.Rules, searchable bool, centre string) cards.Card {
	f := d.form(rules, searchable)
	f.Centre = centre
	switch d.Step {
	case cards.StepHolder:
		return t.Holder(f)
	case cards.StepPaste:
		return t.Paste(f)
	case cards.StepReview:
		return t.Review(f)
	}
	return t.Petition(f)
}

// The inputs of each step. Cards already posted use these names.
var (
	petitionInputs = []string{"type", "medium", "oficio", "oficioDate", "area", "phone", "notes"}
	holderInputs   = []string{"givenNames", "firstSurname", "secondSurname", "curp", "cct", "employeeNumber",
		"level", "grade", "group", "centerName", "responsible"}
	pasteInputs = []string{"rows", "cct", "cctTyped", "level", "grade", "group"}
)
