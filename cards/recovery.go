package cards

import (
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/problem"
	"seducoahuila.gob.mx/altas/provisioning/recovery"
)

// StepIdentify is the first step of the form that recovers an account; the last is StepReview.
const StepIdentify = "identify"

// recoveryRules are those of the recovery form's own text inputs.
var recoveryRules = map[string]rule{
	"holderKey":        {limit: 30, example: true, help: true},
	"holderName":       {limit: 120, pattern: namePattern, example: true},
	"identityDocument": {required: true, limit: 60, pattern: nonEmptyPattern, example: true, help: true},
}

// RecoveryAtOnce is the reason of the warning that nobody decides: sending the form renews the
// password.
const RecoveryAtOnce = "recovery.at_once"

// partHolder contains the inputs that identify an account by its holder, if the address is not
// known.
const partHolder = "holder-part"

// Identify is the recovery form's first step: the account, and how its holder was identified.
func (t *Texts) Identify(f Form) Card {
	t = t.about(f.Kind)
	in := filledIn{f.Values, f.Errors}
	head := t.formHead(f, "recovery.title", "form.step1")
	body := slices.Insert(head, 1, any(paragraph(t.fixed["recovery.whose"]))) // below title and step
	body = append(body, t.field(in, "address")...)
	body = append(body, t.byHolder(in)...)
	body = append(body, t.withError(in, t.choice(in, "identityMedium", "compact", true, t.identityMedia()...))...)
	body = append(body, t.text(in, "identityDocument", recoveryRules["identityDocument"])...)
	return Card{
		lang:    t.locale,
		Summary: t.fixed["recovery.summary"],
		body:    body,
		actions: []action{t.execute(t.fixed["button.next"], f.data(RequestNext, StepIdentify)).primary(), t.discard(f, StepIdentify)},
	}
}

// byHolder returns the inputs that find an account by its holder. They are hidden unless one of
// them has a value or an error.
func (t *Texts) byHolder(in filledIn) []any {
	items := t.text(in, "holderKey", recoveryRules["holderKey"])
	items = append(items, t.curpPurpose())
	items = append(items, t.text(in, "holderName", recoveryRules["holderName"])...)
	items = append(items, t.withError(in, t.choice(in, "type", "compact", false, t.types()...))...)
	for _, name := range []string{"holderKey", "holderName", "type"} {
		if in.values[name] != "" || in.errors[name] != nil {
			return items
		}
	}
	return []any{buttons(toggle(t.fixed["button.no_address"], target{partHolder, true})), hidden(partHolder, items...)}
}

func (t *Texts) identityMedia() []choice {
	var all []choice
	for _, m := range recovery.IdentityMedia() {
		all = append(all, choice{t.medium(m), string(m)})
	}
	return all
}

// Recover is the recovery form's last step: the account found, and what happens next.
func (t *Texts) Recover(f Form) Card {
	t = t.about(f.Kind)
	in := filledIn{f.Values, f.Errors}
	body := t.formHead(f, "recovery.review", "form.step3")
	for _, p := range f.People {
		body = append(body, subheading(escape(clip(flat(p.Holder.DisplayName()), 190))), addressText(p.Existing))
		body = append(body, alerts(t.warnings(p.Warnings)...)...)
		body = append(body, wideFacts(
			t.fixed["label.type"], t.fixed["type."+string(p.Holder.Type)+".choice"],
			t.fixed["label.cct"], escape(string(p.Holder.CCT())),
			t.fixed["label.petition"], escape(t.petition(provisioning.Petition{Medium: input.Medium(f.Values["identityMedium"]), Number: f.Values["identityDocument"]})),
		)...)
	}
	send := t.execute(t.fixed["button.renew"], f.data(RequestSubmit, StepReview))
	if !f.atOnce() {
		body = append(body, paragraph(t.fixed["recovery.next"]))
		body = append(body, t.field(in, "notes")...)
		send = t.execute(t.fixed["button.send"], f.data(RequestSubmit, StepReview))
	}
	return Card{
		lang:    t.locale,
		Summary: t.fixed["recovery.review_summary"],
		body:    body,
		actions: []action{
			send.primary(),
			t.execute(t.fixed["button.back"], f.data(RequestBack, StepReview)).withoutInputs(),
			t.discard(f, StepReview),
		},
	}
}

// atOnce reports whether sending the form renews the password.
func (f Form) atOnce() bool {
	return slices.ContainsFunc(f.People, func(p Entry) bool {
		return slices.ContainsFunc(p.Warnings, func(w problem.Warning) bool { return w.Reason == RecoveryAtOnce })
	})
}
