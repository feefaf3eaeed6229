package cards

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
)

// mostDetailed is the most people of whom a card shows all details and warnings. Of more it shows the
// name, the key, the address and the first warning of each, in two or three lines, so that the card
// stays small.
const mostDetailed = 10

// The most characters of a name and of a note, of each of many people.
const (
	compactName = 48
	compactNote = 60
)

// compact shows one of many people: what is said of their account, and the first warning.
func (t *Texts) compact(n int, h identity.Holder, whole bool, said string, warnings []string) []any {
	key := dotted(t.md("label.curp_is", "curp", curp(h.Person.CURP, whole)), t.md("label.cct_is", "cct", string(h.CCT())))
	items := []any{next(escape(strconv.Itoa(n) + ". " + clip(flat(h.DisplayName()), compactName))), small(dotted(key, said))}
	return append(items, alerts(warnings[:min(1, len(warnings))]...)...)
}

// compactEntry is entry for one of many people.
func (t *Texts) compactEntry(n int, p Entry) []any {
	said := escape(string(p.Address))
	if p.Existing != "" || p.Pending != "" {
		said = ""
	}
	return t.compact(n, p.Holder, true, said, t.entryWarnings(p))
}

// compactApplicant is applicant for one of many people.
func (t *Texts) compactApplicant(a provisioning.Account) []any {
	switch a.State {
	case provisioning.AccountExists:
		return t.compact(a.Number, a.Holder, false, "", t.lineWarnings(a))
	case provisioning.AccountExcluded:
		return t.compact(a.Number, a.Holder, false, marked(accountMark(a.State), t.AccountState(a.State)), nil)
	}
	return t.compact(a.Number, a.Holder, false, escape(string(a.Address)), t.lineWarnings(a))
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
