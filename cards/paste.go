package cards

import "seducoahuila.gob.mx/altas/provisioning/identity"

// RowFault is a pasted row that was not accepted.
type RowFault struct {
	Number int    // of its line in what was pasted, from 1
	Name   string // of the person, as far as it was read
	Field  string // the input that the error is about; "" for the whole row
	Err    error
}

// maxRowFaults is how many of them a card shows.
const maxRowFaults = 10

// MaxPasted is the most characters that may be pasted.
const MaxPasted = 10000

// Paste is the form's second step for several people: rows copied from a spreadsheet, and what holds
// for those that do not say otherwise.
func (t *Texts) Paste(f Form) Card {
	in := filledIn{f.Values, f.Errors}
	body := t.formHead(f, "form.paste.title", "form.step2many")
	if f.Accepted > 0 {
		body = append(body, paragraph(marked(markDone, t.count("form.paste.accepted", f.Accepted))))
	}
	body = append(body, t.rowFaults(f.Rows)...)
	rows := rules["rows"]
	body = append(body, paragraph(t.fixed[pasteHow(f.Type())]))
	body = append(body, t.text(in, "rows", rows)...)
	body = append(body, t.curpPurpose(), subheading(t.fixed["form.paste.shared"]))
	body = append(body, t.sharedFields(f, in)...)
	next, back := f.data(RequestNext, StepPaste), f.data(RequestBack, StepPaste)
	leave := "button.back"
	if f.Accepted > 0 {
		leave = "button.paste_leave"
	}
	return Card{
		lang:    t.locale,
		Summary: t.plain("form.holder.summary", "type", t.Type(f.Type())),
		body:    body,
		actions: []action{
			t.execute(t.fixed["button.next"], next).primary(),
			t.execute(t.fixed[leave], back).withoutInputs(),
		},
		apart: []action{t.discard(f, StepPaste)},
	}
}

// pasteHow is the key of what the columns are.
func pasteHow(kind identity.AccountType) string {
	if kind == identity.Student {
		return "form.paste.how.alumno"
	}
	return "form.paste.how.docente"
}

// sharedFields are the inputs for all rows that have no cell for them.
func (t *Texts) sharedFields(f Form, in filledIn) []any {
	var body []any
	if f.Catalogue {
		body = t.cct(f, in)
	} else {
		optional := rules["cct"]
		optional.required = false
		body = t.text(in, "cct", optional)
	}
	if f.Type() != identity.Student {
		return body
	}
	body = append(body, t.withError(in, t.choice(in, "level", "compact", false, t.levels(f.Values["level"])...))...)
	return append(body, columns(t.field(in, "grade"), t.field(in, "group")))
}

// rowFaults says of each row that was not accepted what is wrong.
func (t *Texts) rowFaults(all []RowFault) []any {
	var items []any
	for _, r := range all[:min(len(all), maxRowFaults)] {
		what := t.Reason(r.Err)
		if label := t.fixed["changed."+r.Field]; label != "" {
			what = label + ": " + what
		}
		items = append(items, errorText("", t.md("form.paste.row", "number", thousands(r.Number), "name", clip(flat(r.Name), 60))+" "+what))
	}
	if more := len(all) - len(items); more > 0 {
		items = append(items, small(t.count("form.paste.more", more)))
	}
	if len(items) > 0 {
		items = append(items, small(t.fixed["form.paste.kept"]))
	}
	return items
}
