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
	maxComment  = 400 // length of a comment on a card, in characters
	maxWarnings = 3   // number of warnings of one person on a card
)

// Review is the form's last step: everything that will be sent, the proposed addresses, the
// warnings, and existing accounts.
func (t *Texts) Review(f Form) Card {
	in := filledIn{f.Values, f.Errors}
	body := t.formHead(f, "form.review.title", "form.step3")
	if !f.hasNew() && f.Refused == nil {
		body = append(body, alert(t.fixed["error.request.nothing_new"]))
	}
	if f.hasNew() && slices.ContainsFunc(f.People, func(p Entry) bool { return len(p.Warnings) > 0 }) {
		body = append(body, subtle(t.fixed["form.warned"]))
	}
	body = append(body, wideFacts(
		t.fixed["label.type"], t.fixed["type."+string(f.Type())+".choice"],
		t.fixed["label.petition"], escape(t.petition(provisioning.Petition{Medium: input.Medium(f.Values["medium"]), Number: f.Values["oficio"]})),
		t.fixed["label.date"], t.isoDate(f.Values["oficioDate"]),
		t.fixed["label.area"], escape(clip(f.Values["area"], 120)),
		t.fixed["label.phone"], escape(phone(f.Values["phone"])),
	)...)
	for i, p := range f.People {
		if len(f.People) > mostDetailed {
			body = append(body, t.compactEntry(i+1, p)...)
			continue
		}
		body = append(body, t.entry(i+1, len(f.People), p))
	}
	body = append(body, t.field(in, "notes")...)
	return Card{
		lang:    t.locale,
		Summary: t.count("form.review.summary", len(f.People)),
		body:    body,
		actions: t.reviewButtons(f), apart: []action{t.discard(f, StepReview)},
	}
}

func (t *Texts) reviewButtons(f Form) []action {
	send := t.execute(t.fixed["button.send"], f.data(RequestSubmit, StepReview)).primary()
	add := t.execute(t.fixed["button.add"], f.data(RequestAdd, StepReview))
	var actions []action
	switch {
	case f.hasNew() && f.MayAdd():
		actions = []action{send, add}
	case f.hasNew():
		actions = []action{send}
	case f.MayAdd():
		actions = []action{add.primary()}
	}
	return append(actions,
		t.amend(f),
		t.execute(t.fixed["button.back"], f.data(RequestBack, StepReview)).withoutInputs(),
	)
}

// amend returns the button that edits or removes a person. With only one person there is nothing to
// choose.
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
		who.Choices = append(who.Choices, choice{clip(flat(p.Holder.DisplayName()), 40) + " (" + n + ")", n})
	}
	return showCard(t.fixed["button.amend"], []any{who},
		t.execute(t.fixed["button.edit"], edit),
		t.execute(t.fixed["button.remove"], f.data(RequestRemove, StepReview)).destructive(),
	)
}

// entry is one person or work centre of the draft.
func (t *Texts) entry(n, of int, p Entry) container {
	items := []any{subheading(t.numbered(n, of, p.Holder))}
	items = append(items, alerts(t.entryWarnings(p)...)...)
	items = append(items, below(small(t.details(p.Holder, true)), items))
	if p.Existing == "" && p.Pending == "" && p.Address != "" {
		items = append(items, t.proposed(p.Address))
		items = append(items, t.taken(p.Taken)...)
	}
	c := box(items...)
	c.Separator, c.Spacing = true, "Medium"
	return c
}

// entryWarnings returns what the requester is warned of about a person: first that there is an
// account or another request.
func (t *Texts) entryWarnings(p Entry) []string {
	texts := t.warnings(maskAddresses(p.Warnings))
	var first string
	switch {
	case p.Existing != "" && p.Guarded:
		first = t.md("warning.exists_guarded", "address", p.Existing.Masked())
	case p.Existing != "":
		first = t.md("warning.exists", "address", string(p.Existing))
	case p.Pending != "" && p.Guarded:
		first = t.fixed["warning.pending_guarded"]
	case p.Pending != "":
		first = t.md("warning.pending", "folio", string(p.Pending))
	default:
		return texts
	}
	return append([]string{first}, texts...)
}

// maskAddresses returns the warnings for the requester: the address of another person's account is
// masked.
func maskAddresses(all []problem.Warning) []problem.Warning {
	masked := slices.Clone(all)
	for i, w := range masked {
		if address, there := w.Args["address"]; there {
			masked[i].Args = maps.Clone(w.Args)
			masked[i].Args["address"] = identity.Address(address).Masked()
		}
	}
	return masked
}

// proposed shows the address reserved for a line.
func (t *Texts) proposed(a identity.Address) textBlock {
	b := addressText(a)
	b.Text = t.md("label.proposed", "address", string(a))
	return b
}

// taken says that the first pattern's address belongs to another user.
func (t *Texts) taken(better []identity.Address) []any {
	if len(better) == 0 {
		return nil
	}
	return []any{small(t.md("warning.taken", "address", string(better[0])))}
}

// numbered is a holder's name, with the line's number if there are several.
func (t *Texts) numbered(n, of int, h identity.Holder) string {
	if of == 1 {
		return escape(clip(flat(h.DisplayName()), 190))
	}
	return escape(strconv.Itoa(n) + ". " + clip(flat(h.DisplayName()), 190))
}

// details shows a holder's identifiers on one line. The CURP is masked unless whole is set: only in
// the requester's own form.
func (t *Texts) details(h identity.Holder, whole bool) string {
	if isWorkCentre(h.Type) {
		return dotted(t.md("label.cct_is", "cct", string(h.Centre.CCT)),
			t.md("label.responsible_is", "name", clip(h.Centre.Responsible, 120)))
	}
	number := ""
	if h.Person.EmployeeNumber != "" {
		number = t.md("label.employee_is", "number", h.Person.EmployeeNumber)
	}
	return dotted(t.md("label.curp_is", "curp", curp(h.Person.CURP, whole)),
		t.md("label.cct_is", "cct", string(h.Person.CCT)), number, escape(t.schooling(h.Person)))
}

// schooling is level, grade and group on one line.
func (t *Texts) schooling(p identity.Person) string {
	level := ""
	if p.Level != "" {
		level = t.wordOr("level."+p.Level, p.Level)
	}
	return dotted(level, sentences(flat(p.Grade), flat(p.Group)))
}

// warnings returns the texts of the first maxWarnings warnings.
func (t *Texts) warnings(all []problem.Warning) []string {
	var texts []string
	all = mergeNameMismatches(all)
	for _, w := range all[:min(len(all), maxWarnings)] {
		if text := t.render("warning."+w.Reason, escaped(w.Args), nil); text != "" {
			texts = append(texts, text)
		}
	}
	return texts
}

// mergeNameMismatches replaces several warnings that the CURP does not match a name by one: it is
// another person's.
func mergeNameMismatches(all []problem.Warning) []problem.Warning {
	isOther := func(w problem.Warning) bool {
		return strings.HasPrefix(w.Reason, "curp.") && strings.HasSuffix(w.Reason, "_mismatch")
	}
	others := slices.DeleteFunc(slices.Clone(all), isOther)
	if len(all)-len(others) < 2 {
		return all
	}
	return append([]problem.Warning{{Reason: "curp.person_mismatch", Field: "curp"}}, others...)
}
