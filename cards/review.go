package cards

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

const (
	maxComment  = 400 // characters of a comment that a card shows
	maxWarnings = 3   // warnings of one person that a card shows
)

// Review is the form's last step: everything as it will be sent, the addresses
// proposed, what deserves a second look, and what exists already.
func (t *Texts) Review(f Form) Card {
	in := filledIn{f.Values, f.Errors}
	body := t.formHead(f, "form.review.title", "form.step3")
	if !f.new() && f.Refused == nil {
		body = append(body, paragraph(t.fixed["error.request.nothing_new"]))
	}
	if f.new() && slices.ContainsFunc(f.People, func(p Entry) bool { return len(p.Warnings) > 0 }) {
		body = append(body, quiet(t.fixed["form.warned"]))
	}
	body = append(body, facts(
		t.fixed["label.type"], t.fixed["type."+string(f.Type())+".choice"],
		t.fixed["label.petition"], escape(t.petition(provisioning.Petition{Medium: input.Medium(f.Values["medium"]), Number: f.Values["oficio"]})),
		t.fixed["label.date"], t.isoDate(f.Values["oficioDate"]),
		t.fixed["label.area"], escape(clip(f.Values["area"], 120)),
		t.fixed["label.phone"], escape(phone(f.Values["phone"])),
	)...)
	for i, p := range f.People {
		body = append(body, t.entry(i+1, len(f.People), p))
	}
	body = append(body, t.field(in, "notes")...)
	return Card{
		Summary: t.count("form.review.summary", len(f.People)),
		body:    body,
		actions: t.reviewButtons(f),
	}
}

func (t *Texts) reviewButtons(f Form) []action {
	send := t.execute(t.fixed["button.send"], f.data(RequestSubmit, StepReview)).usual()
	add := t.execute(t.fixed["button.add"], f.data(RequestAdd, StepReview))
	var actions []action
	switch {
	case f.new() && f.MayAdd():
		actions = []action{send, add}
	case f.new():
		actions = []action{send}
	case f.MayAdd():
		actions = []action{add.usual()}
	}
	return append(actions,
		t.amend(f),
		t.execute(t.fixed["button.back"], f.data(RequestBack, StepReview)).bare(),
		t.discard(f, StepReview),
	)
}

// amend opens the person to be corrected or taken out. Where there is one, no
// question is asked.
func (t *Texts) amend(f Form) action {
	edit := f.data(RequestEdit, StepReview)
	if len(f.People) == 1 {
		edit.Number = 1
		return t.execute(t.fixed["button.edit"], edit)
	}
	who := inputElement{
		Type: "Input.ChoiceSet", ID: "number", Label: t.fixed["input.number"], Required: true,
		ErrorMessage: t.fixed["input.number.error"], Style: "compact", Placeholder: t.fixed["input.choose"],
	}
	for i, p := range f.People {
		n := strconv.Itoa(i + 1)
		who.Choices = append(who.Choices, choice{clip(flat(p.Holder.DisplayName()), 60) + " (" + n + ")", n})
	}
	return unfold(t.fixed["button.amend"], []any{who},
		t.execute(t.fixed["button.edit"], edit),
		t.execute(t.fixed["button.remove"], f.data(RequestRemove, StepReview)).grave(),
	)
}

// entry is one person or work centre, as the requester is about to send it.
func (t *Texts) entry(n, of int, p Entry) container {
	items := []any{subheading(t.numbered(n, of, p.Holder)), small(t.details(p.Holder, true))}
	switch {
	case p.Existing != "" && p.Guarded:
		items = append(items, warning(t.md("warning.exists_guarded", "address", p.Existing.Masked())))
	case p.Existing != "":
		items = append(items, warning(t.md("warning.exists", "address", string(p.Existing))))
	case p.Pending != "" && p.Guarded:
		items = append(items, warning(t.fixed["warning.pending_guarded"]))
	case p.Pending != "":
		items = append(items, warning(t.md("warning.pending", "folio", string(p.Pending))))
	case p.Address != "":
		items = append(items, t.proposed(p.Address))
		items = append(items, t.taken(p.Taken)...)
	}
	c := box(append(items, t.warnings(guarded(p.Warnings))...)...)
	c.Separator, c.Spacing = true, "Medium"
	return c
}

// guarded returns the warnings as whoever asks may read them: an account that is there
// may be somebody else's, whose address is for those who decide.
func guarded(all []problem.Warning) []problem.Warning {
	told := slices.Clone(all)
	for i, w := range told {
		if address, there := w.Args["address"]; there {
			told[i].Args = maps.Clone(w.Args)
			told[i].Args["address"] = identity.Address(address).Masked()
		}
	}
	return told
}

// proposed tells the address that is set aside for a line.
func (t *Texts) proposed(a identity.Address) textBlock {
	b := mail(a)
	b.Text = t.md("label.proposed", "address", string(a))
	return b
}

// taken says why the address is not the one that the name leads to first.
func (t *Texts) taken(better []identity.Address) []any {
	if len(better) == 0 {
		return nil
	}
	return []any{small(t.md("warning.taken", "address", string(better[0])))}
}

// numbered is a holder's name, behind the number of the line where there are several.
func (t *Texts) numbered(n, of int, h identity.Holder) string {
	if of == 1 {
		return escape(clip(flat(h.DisplayName()), 190))
	}
	return escape(strconv.Itoa(n) + ". " + clip(flat(h.DisplayName()), 190))
}

// details tells a holder's identifiers on one line. The CURP is whole only in the
// requester's own form.
func (t *Texts) details(h identity.Holder, own bool) string {
	if centred(h.Type) {
		return dotted(t.md("label.cct_is", "cct", string(h.Centre.CCT)),
			t.md("label.responsible_is", "name", clip(h.Centre.Responsible, 120)))
	}
	number := ""
	if h.Person.EmployeeNumber != "" {
		number = t.md("label.employee_is", "number", h.Person.EmployeeNumber)
	}
	return dotted(t.md("label.curp_is", "curp", curp(h.Person.CURP, own)),
		t.md("label.cct_is", "cct", string(h.Person.CCT)), number, escape(t.schooling(h.Person)))
}

// schooling tells level, grade and group on one line.
func (t *Texts) schooling(p identity.Person) string {
	level := ""
	if p.Level != "" {
		level = t.wordOr("level."+p.Level, p.Level)
	}
	return dotted(level, sentences(flat(p.Grade), flat(p.Group)))
}

// warnings returns what deserves a second look, the first few.
func (t *Texts) warnings(all []problem.Warning) []any {
	var items []any
	all = merged(all)
	for _, w := range all[:min(len(all), maxWarnings)] {
		if text := t.render("warning."+w.Reason, escaped(w.Args), nil); text != "" {
			items = append(items, warning(text))
		}
	}
	return items
}

// merged puts one warning in place of several that say that a CURP is not of this name:
// it is of somebody else.
func merged(all []problem.Warning) []problem.Warning {
	isOther := func(w problem.Warning) bool {
		return strings.HasPrefix(w.Reason, "curp.") && strings.HasSuffix(w.Reason, "_mismatch")
	}
	others := slices.DeleteFunc(slices.Clone(all), isOther)
	if len(all)-len(others) < 2 {
		return all
	}
	return append([]problem.Warning{{Reason: "curp.person_mismatch", Field: "curp"}}, others...)
}
