package cards

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// mostDetailed is the most people of whom a card shows all details and warnings. Of more it shows the
// name, the key, the address and the first warning of each, in two or three lines, so that the card
// stays small.
const mostDetailed = 10

// The most characters of a name and of a note, of each of many people.
const (
	compactName = 60
	compactNote = 60
)

// compact shows one of many people: what is said of their account, and the first warning.
func (t *Texts) compact(n int, h identity.Holder, whole bool, said string, warnings []problem.Warning) []any {
	key := dotted(t.md("label.curp_is", "curp", curp(h.Person.CURP, whole)), t.md("label.cct_is", "cct", string(h.CCT())))
	items := []any{next(escape(strconv.Itoa(n) + ". " + clip(flat(h.DisplayName()), compactName))), small(dotted(key, said))}
	if first := t.warnings(warnings); len(first) > 0 {
		items = append(items, first[0])
	}
	return items
}

// compactEntry is entry for one of many people.
func (t *Texts) compactEntry(n int, p Entry) []any {
	said := escape(string(p.Address))
	switch {
	case p.Existing != "" && p.Guarded:
		said = marked(markAlarm, t.md("warning.exists_guarded", "address", p.Existing.Masked()))
	case p.Existing != "":
		said = marked(markAlarm, t.md("warning.exists", "address", string(p.Existing)))
	case p.Pending != "" && p.Guarded:
		said = marked(markAlarm, t.fixed["warning.pending_guarded"])
	case p.Pending != "":
		said = marked(markAlarm, t.md("warning.pending", "folio", string(p.Pending)))
	}
	return t.compact(n, p.Holder, true, said, maskAddresses(p.Warnings))
}

// compactApplicant is applicant for one of many people.
func (t *Texts) compactApplicant(a provisioning.Account) []any {
	said, warnings := escape(string(a.Address)), a.Warnings
	switch a.State {
	case provisioning.AccountExists:
		said = marked(markAlarm, t.md("warning.exists", "address", string(a.Address)))
	case provisioning.AccountExcluded:
		said, warnings = marked(accountMark(a.State), t.AccountState(a.State)), nil
	}
	return t.compact(a.Number, a.Holder, false, said, warnings)
}

// compactLine is line for one of many accounts.
func (t *Texts) compactLine(a provisioning.Account, d RequestView) []any {
	name := strconv.Itoa(a.Number) + ". " + clip(flat(a.Holder.DisplayName()), compactName)
	if d.Request.State.Final() && !a.State.Final() {
		return []any{next(escape(name))}
	}
	state := marked(accountMark(a.State), t.AccountState(a.State))
	if a.Address != "" && a.State != provisioning.AccountExcluded {
		state += ": " + escape(addressFor(a, d.Request, d.Others))
	}
	a.Note = clip(a.Note, compactNote)
	return []any{next(escape(name)), small(dotted(state, t.noteFor(a, d.Others)))}
}
