package cards

import (
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/input"
)

// Petition is the form's first step: the account type, and the document of the petition.
func (t *Texts) Petition(f Form) Card {
	in := filledIn{f.Values, f.Errors}
	body := t.formHead(f, "form.petition.title", "form.step1")
	body = append(body, t.withError(in, t.choice(in, "type", "expanded", true, t.types()...))...)
	body = append(body, t.withError(in, t.choice(in, "medium", "compact", true, t.media()...))...)
	body = append(body, t.field(in, "oficio")...)
	body = append(body, t.date(in, "oficioDate")...)
	body = append(body, t.field(in, "area")...)
	body = append(body, t.field(in, "phone")...)
	return Card{
		lang:    t.locale,
		Summary: t.fixed["form.petition.summary"],
		body:    body,
		actions: []action{
			t.execute(t.fixed["button.next"], f.data(RequestNext, StepPetition)).primary(),
		},
		apart: []action{t.discard(f, StepPetition)},
	}
}

// Holder is the form's second step: one person, or the work centre.
func (t *Texts) Holder(f Form) Card {
	in := filledIn{f.Values, f.Errors}
	body := t.formHead(f, "form.holder."+string(f.Type()), "form.step2")
	switch f.Type() {
	case identity.WorkCentre:
		body = append(body, t.centreFields(f, in)...)
	default:
		body = append(body, t.personFields(f, in)...)
	}
	next, back := f.data(RequestNext, StepHolder), f.data(RequestBack, StepHolder)
	next.Number, back.Number = f.number(), f.number()
	return Card{
		lang:    t.locale,
		Summary: t.plain("form.holder.summary", "type", t.Type(f.Type())),
		body:    body,
		actions: append(t.entryButtons(f, next),
			t.execute(t.fixed["button.back"], back).withoutInputs(),
		),
		apart: []action{t.discard(f, StepHolder)},
	}
}

// number is the number of the card's person, from 1.
func (f Form) number() int {
	if f.Editing > 0 {
		return f.Editing
	}
	return len(f.People) + 1
}

func (t *Texts) personFields(f Form, in filledIn) []any {
	var body []any
	for _, name := range []string{"givenNames", "firstSurname", "secondSurname", "curp"} {
		body = append(body, t.field(in, name)...)
	}
	body = append(body, t.curpPurpose())
	body = append(body, t.cct(f, in)...)
	if f.Type() == identity.Teacher {
		return append(body, t.field(in, "employeeNumber")...)
	}
	body = append(body, t.withError(in, t.choice(in, "level", "compact", false, t.levels(f.Values["level"])...))...)
	return append(body, columns(t.field(in, "grade"), t.field(in, "group")))
}

func (t *Texts) centreFields(f Form, in filledIn) []any {
	body := t.cct(f, in)
	name := t.field(in, "centerName")
	if f.Catalogue { // the catalogue fills the name in
		known, _ := name[0].(inputElement)
		known.Required, known.Regex, known.ErrorMessage = false, "", ""
		name[0] = known
		name = append(name, small(t.fixed["input.centerName.known"]))
	}
	body = append(body, name...)
	return append(body, t.field(in, "responsible")...)
}

// partTypedCCT contains the input for a CCT that is not in the catalogue.
const partTypedCCT = "cct-part"

// cct returns the inputs for a work centre: with a catalogue, a search and, hidden below it, a text
// input for a CCT that is not in it or for a client that cannot search. The present value is
// included as a choice, because clients do not show a value that is not a choice.
func (t *Texts) cct(f Form, in filledIn) []any {
	if !f.Catalogue {
		return t.field(in, "cct")
	}
	if f.Values["cctTyped"] != "" {
		typed := filledIn{in.values, map[string]error{"cctTyped": in.errors["cct"]}}
		return append([]any{t.search("")}, t.field(typed, "cctTyped")...)
	}
	items := t.withError(in, t.search(f.Values["cct"]))
	if f.Centre != "" {
		items = append(items, small(escape(f.Centre)))
	}
	return append(items, buttons(toggle(t.fixed["button.cct_typed"], target{partTypedCCT, true})), hidden(partTypedCCT, t.field(in, "cctTyped")...))
}

// search is the search input for a work centre, with the chosen one.
func (t *Texts) search(chosen string) inputElement {
	q := t.choice(filledIn{}, "cct", "filtered", false)
	q.Value, q.Query, q.Placeholder = chosen, &query{"Data.Query", Centres}, t.fixed["input.cct.search"]
	q.Choices = []choice{{chosen, chosen}}
	if chosen == "" { // the parser of Microsoft.Teams.Cards requires a choice with a value
		q.Choices = []choice{{q.Placeholder, " "}}
	}
	return q
}

// formHead returns the title, the step, and the errors.
func (t *Texts) formHead(f Form, title, step string) []any {
	which := ""
	if n := f.number(); step == "form.step2" && (n > 1 || len(f.People) > 1) {
		which = t.count("form.person", n)
	}
	where := t.fixed[step]
	if f.Folio != "" {
		where = t.md(step+".correcting", "folio", string(f.Folio))
	}
	body := []any{band(styleEmphasis, heading(t.fixed[title]), small(dotted(where, which)))}
	if f.Folio != "" && f.Comment != "" {
		body = append(body, alert(t.md("form.returned", "comment", clip(f.Comment, maxComment))))
	}
	return append(body, t.errorSummary(f.Refused, f.Errors)...)
}

// discard asks for a confirmation before it deletes the draft.
func (t *Texts) discard(f Form, step string) action {
	yes := t.execute(t.fixed["button.discard_yes"], f.data(RequestDiscard, step)).withoutInputs().destructive()
	return showCard(t.fixed["button.discard"], []any{paragraph(t.fixed["form.discard"])}, yes)
}

// Discarded says that the requester deleted the draft.
func (t *Texts) Discarded() Card { return t.formEnded("form.discarded") }

// Lapsed says that a draft was deleted because it was not sent in time, or because the request that
// it corrects ended.
func (t *Texts) Lapsed() Card { return t.formEnded("form.lapsed") }

// Outdated replaces a form or card that is no longer current: already sent, replaced, or made by an
// older version of Altas.
func (t *Texts) Outdated() Card { return t.formEnded("form.outdated") }

func (t *Texts) formEnded(key string) Card {
	return Card{
		lang:    t.locale,
		Summary: t.fixed[key+".title"],
		body:    []any{band(styleEmphasis, heading(t.fixed[key+".title"])), paragraph(t.fixed[key])},
		actions: []action{
			t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin}),
			t.execute(t.fixed["button.mine"], Data{Verb: RequestMine}),
		},
	}
}

func (t *Texts) types() []choice {
	var all []choice
	for _, a := range identity.AccountTypes {
		all = append(all, choice{t.fixed["type."+string(a)+".choice"], string(a)})
	}
	return all
}

func (t *Texts) media() []choice {
	var all []choice
	for _, m := range input.Media() {
		all = append(all, choice{t.medium(m), string(m)})
	}
	return all
}

// levels are the school levels that the form offers, by their values.
var levels = [...]string{"inicial", "preescolar", "primaria", "secundaria", "media superior", "superior", "especial", "adultos"}

// levels returns the choices; a level outside them that a corrected request has is added.
func (t *Texts) levels(present string) []choice {
	var all []choice
	known := present == ""
	for _, l := range levels {
		all = append(all, choice{t.fixed["level."+l], l})
		known = known || l == present
	}
	if !known {
		all = append(all, choice{flat(present), present})
	}
	return all
}
