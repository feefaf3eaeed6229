package cards

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/flow"
)

// Sent is the requester's card after the submission: the folio, and the next stage. When the first
// stage has decided, it is Status.
func (t *Texts) Sent(d RequestView) Card {
	t = t.withAbsoluteDates().about(d.Request.Kind)
	stages := d.stages()
	if len(stages) == 0 || d.Request.State != provisioning.RequestState(stages[0]) {
		return t.Status(d)
	}
	first := stages[0]
	head := []any{heading(marked(markDone, t.fixed["sent.title"])), next(t.md("sent.folio", "folio", string(d.Request.Folio)))}
	body := []any{band(styleGood, append(head, t.activity(d.Request.Kind, flow.Requester, flow.Submit)...)...)}
	body = append(body, paragraph(t.md("sent.next", "stage", t.theStage(first))))
	body = append(body, t.lines(d)...)
	status := t.execute(t.fixed["button.status"], d.data(RequestStatus))
	return Card{
		lang:    t.locale,
		of:      d.of(),
		Summary: t.plain("sent.summary", "folio", string(d.Request.Folio), "stage", t.theStage(first)),
		body:    body, actions: append([]action{status}, t.requesterButtons(d)...), apart: t.cancelButton(d),
	}
}

// Status shows a request to its requester.
func (t *Texts) Status(d RequestView) Card {
	t = t.about(d.Request.Kind)
	body := t.requestHead(d.Request)
	if d.Others {
		body = append(body, t.requesterFacts(d.Request)...)
	} else {
		body = append(body, t.meaning(d)...)
	}
	body = append(body, t.timeline(d)...)
	body = append(body, t.lines(d)...)
	return Card{lang: t.locale, of: d.of(), Summary: t.statusText(d), body: body, actions: t.requesterButtons(d), apart: t.cancelButton(d)}
}

// StandingStatus is Status for a message that is kept up to date.
func (t *Texts) StandingStatus(d RequestView) Card { return t.withAbsoluteDates().Status(d) }

// Newer replaces an older card of a request when a new one is posted below it. of is the request as
// in Card.Of.
func (t *Texts) Newer(of Data) Card {
	folio := string(of.Folio)
	return Card{
		lang:    t.locale,
		Summary: sentences(t.plain("label.folio_is", "folio", folio)+".", t.fixed["request.newer"]),
		body:    []any{next(t.md("label.folio_is", "folio", folio)), small(t.fixed["request.newer"])},
		actions: []action{t.execute(t.fixed["button.status"], Data{Verb: RequestStatus, Folio: of.Folio, Mark: of.Mark})},
	}
}

// Cancel asks the requester to confirm the cancellation. If the request cannot be cancelled any
// more, it is Status.
func (t *Texts) Cancel(d RequestView) Card {
	if d.Others || !d.cancellable() {
		return t.Status(d)
	}
	t = t.about(d.Request.Kind)
	body := append(t.requestHead(d.Request), t.lines(d)...)
	folio := string(d.Request.Folio)
	body = append(body, next(t.md("request.cancel.ask", "folio", folio)), paragraph(t.fixed["request.cancel"]))
	return Card{
		lang:    t.locale,
		Summary: t.plain("request.cancel.ask", "folio", folio),
		body:    body,
		actions: []action{
			t.execute(t.fixed["button.cancel_yes"], d.data(RequestCancel)).destructive(),
			t.execute(t.fixed["button.status"], d.data(RequestStatus)),
		},
	}
}

// requesterFacts shows the requester and the petition's document.
func (t *Texts) requesterFacts(r provisioning.Request) []any {
	return wideFacts(
		t.fixed["label.requester"], escape(dotted(clip(flat(r.Requester.Name), 100), clip(flat(r.Area), 120))),
		t.fixed["label.phone"], escape(phone(r.Phone)),
		t.fixed["label.petition"], escape(t.petition(r.Petition)),
	)
}

// statusText is the status in one line of plain text.
func (t *Texts) statusText(d RequestView) string {
	r := d.Request
	return t.plain("status.summary", "folio", string(r.Folio), "subject", t.asked(r), "state", t.RequestState(r.State))
}

// meaning shows the reason for the request's state, if one was given, and what the state means for
// the requester.
func (t *Texts) meaning(d RequestView) []any {
	r := d.Request
	var items []any
	last, ok := r.LastDecision()
	if ok && last.Comment != "" && (r.State == provisioning.StateReturned || r.State == provisioning.StateRejected) {
		items = append(items, paragraph(t.md("label.reason_is", "comment", clip(last.Comment, maxComment))))
	}
	if text := t.render("meaning."+stateKey(r), nil, max(1, r.Lines)); text != "" {
		items = append(items, paragraph(text))
	}
	return items
}

// stateKey returns the key part of a request's state: the state itself, or "lapsed" if the
// requester let it expire.
func stateKey(r provisioning.Request) string {
	if r.Lapsed() {
		return "lapsed"
	}
	return string(r.State)
}

// requestHead is the head of a request's cards: its holders, folio and state.
func (t *Texts) requestHead(r provisioning.Request) []any {
	return []any{band(styleOf(r.State).band, heading(escape(t.title(r))), badges(t.stateBadge(r.State)), t.folioLine(r.Folio))}
}

// lines shows the state of each account; for a long list, the number in each state.
func (t *Texts) lines(d RequestView) []any {
	var items []any
	if d.Request.Lines > MaxPeople {
		return t.tallyFacts(d)
	}
	for i, a := range d.shown() {
		if d.Request.Lines > mostDetailed {
			items = append(items, t.compactLine(a, d)...)
			continue
		}
		line := box(t.line(a, d)...)
		if line.Spacing = "Small"; i == 0 {
			line.Spacing = "None"
		}
		items = append(items, line)
	}
	if len(items) == 0 {
		return nil
	}
	return append([]any{subheading(t.count("label.accounts", d.Request.Lines))}, items...)
}

// line shows an account's state. If the request ended without it, only the holder is shown.
func (t *Texts) line(a provisioning.Account, d RequestView) []any {
	name := t.numbered(a.Number, d.Request.Lines, a.Holder)
	if d.Request.State.Final() && !a.State.Final() {
		return []any{next(name)}
	}
	state := addressText(a.Address)
	state.Text = marked(accountMark(a.State), t.AccountState(a.State))
	if a.Address != "" && a.State != provisioning.AccountExcluded {
		state.Text += ": " + escape(addressFor(a, d.Request, d.Others))
	}
	items := []any{next(name), state}
	if note := t.noteFor(a, d.Others); note != "" {
		items = append(items, small(note))
	}
	return items
}

// addressFor is a line's address for its requester or, if others is set, for another person who may
// read the request. For the requester a guarded one is masked until the request is authorised.
func addressFor(a provisioning.Account, r provisioning.Request, others bool) string {
	if a.Guarded && !others && !r.State.Authorised() {
		return a.Address.Masked()
	}
	return string(a.Address)
}

// noteFor is note without the folio of another person's request, if the reader is the requester.
func (t *Texts) noteFor(a provisioning.Account, others bool) string {
	if a.Guarded && !others && isFolio(a.Note) {
		return t.fixed["warning.pending_guarded"]
	}
	return t.note(a)
}

// note says why a line was excluded. Two notes of provisioning have texts of their own: another
// request's folio, and "corrected", of a line that a correction removed.
func (t *Texts) note(a provisioning.Account) string {
	switch {
	case a.Note == "":
		return ""
	case a.Note == noteCorrected:
		return t.fixed["note.corrected"]
	case provisioning.NewStamp(provisioning.Folio(a.Note), 1).Folio() == provisioning.Folio(a.Note) && isFolio(a.Note):
		return t.md("warning.pending", "folio", a.Note)
	}
	return t.md("label.reason_is", "comment", clip(a.Note, maxComment))
}

// noteCorrected is provisioning's note of a line that a correction removed.
const noteCorrected = "corrected"

func isFolio(s string) bool {
	if len(s) != len("2026-000123") || s[4] != '-' {
		return false
	}
	_, year := strconv.Atoi(s[:4])
	_, number := strconv.Atoi(s[5:])
	return year == nil && number == nil
}

var tallyOrder = [...]provisioning.AccountState{
	provisioning.AccountAnnounced, provisioning.AccountExists, provisioning.AccountRecorded, provisioning.AccountLicensed,
	provisioning.AccountCreated, provisioning.AccountReserved, provisioning.AccountPending,
	provisioning.AccountAttention, provisioning.AccountExcluded,
}

func (t *Texts) tallyFacts(d RequestView) []any {
	var pairs []string
	for _, s := range tallyOrder {
		if n := d.Tally[s]; n > 0 {
			pairs = append(pairs, marked(accountMark(s), t.AccountState(s)), thousands(n))
		}
	}
	return append([]any{subheading(t.count("label.accounts", d.Request.Lines))}, facts(pairs...)...)
}

// requesterButtons are the requester's actions in the request's state, without the one that cancels
// it.
func (t *Texts) requesterButtons(d RequestView) []action {
	var actions []action
	state := d.Request.State
	if d.Others {
		return nil
	}
	if d.Open > 0 {
		actions = append(actions, t.toHandOver(d))
	}
	if state == provisioning.StateReturned {
		actions = append(actions, t.execute(t.fixed["button.correct"], d.data(RequestCorrect)).primary())
	}
	if d.Request.Kind.Creates() && state != provisioning.StateReturned {
		again := Data{Verb: RequestAgain, Folio: d.Request.Folio, Mark: d.Request.Mark}
		actions = append(actions, t.execute(t.fixed["button.again"], again))
	}
	if state.Final() {
		actions = append(actions, t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin, Kind: d.Request.Kind}))
	}
	return actions
}

// cancelButton asks for a confirmation; there is none where the request cannot be cancelled.
func (t *Texts) cancelButton(d RequestView) []action {
	if d.Others || !d.cancellable() {
		return nil
	}
	yes := t.execute(t.fixed["button.cancel_yes"], d.data(RequestCancel)).destructive()
	return []action{showCard(t.fixed["button.cancel"], []any{paragraph(t.fixed["request.cancel"])}, yes)}
}

// cancellable reports whether the request is at a stage or returned to its requester.
func (d RequestView) cancellable() bool {
	switch s := d.Request.State; s {
	case provisioning.StateProvisioning, provisioning.StateAttention:
		return false
	default:
		return !s.Final()
	}
}
