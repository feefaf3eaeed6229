package cards

import (
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Sent is the requester's card right after sending: the folio, and what comes next.
// Once the first stage has passed it on, it is the Status.
func (t *Texts) Sent(d RequestView) Card {
	t = t.standing().about(d.Request.Kind)
	stages := d.stages()
	if len(stages) == 0 || d.Request.State != provisioning.RequestState(stages[0]) {
		return t.Status(d)
	}
	first := stages[0]
	body := []any{heading(t.fixed["sent.title"]), next(t.md("sent.folio", "folio", string(d.Request.Folio)))}
	body = append(body, paragraph(t.md("sent.next", "stage", t.the(first))))
	body = append(body, t.lines(d)...)
	status := t.execute(t.fixed["button.status"], d.data(RequestStatus))
	return Card{
		of:      d.of(),
		Summary: t.plain("sent.summary", "folio", string(d.Request.Folio), "stage", t.the(first)),
		body:    body, actions: append([]action{status}, t.requesterButtons(d)...),
	}
}

// Status is a request as its requester follows it.
func (t *Texts) Status(d RequestView) Card {
	t = t.about(d.Request.Kind)
	body := t.requestHead(d.Request)
	if d.Others {
		body = append(body, t.whose(d.Request)...)
	} else {
		body = append(body, t.meaning(d)...)
	}
	body = append(body, t.timeline(d)...)
	body = append(body, t.lines(d)...)
	return Card{of: d.of(), Summary: t.statusText(d), body: body, actions: t.requesterButtons(d)}
}

// StandingStatus is the Status on a message that is kept true.
func (t *Texts) StandingStatus(d RequestView) Card { return t.standing().Status(d) }

// Newer stands for a card of a request above the one that took its place. The request is
// named as Card.Of does.
func (t *Texts) Newer(of Data) Card {
	folio := string(of.Folio)
	return Card{
		Summary: sentences(t.plain("label.folio_is", "folio", folio)+".", t.fixed["request.newer"]),
		body:    []any{next(t.md("label.folio_is", "folio", folio)), small(t.fixed["request.newer"])},
		actions: []action{t.execute(t.fixed["button.status"], Data{Verb: RequestStatus, Folio: of.Folio, Mark: of.Mark})},
	}
}

// Cancel asks the requester whether a request is to end; one that can't be cancelled any
// more is shown as it stands.
func (t *Texts) Cancel(d RequestView) Card {
	if d.Others || !d.cancellable() {
		return t.Status(d)
	}
	t = t.about(d.Request.Kind)
	body := append(t.requestHead(d.Request), t.lines(d)...)
	folio := string(d.Request.Folio)
	body = append(body, next(t.md("request.cancel.ask", "folio", folio)), paragraph(t.fixed["request.cancel"]))
	return Card{
		Summary: t.plain("request.cancel.ask", "folio", folio),
		body:    body,
		actions: []action{
			t.execute(t.fixed["button.cancel_yes"], d.data(RequestCancel)).grave(),
			t.execute(t.fixed["button.status"], d.data(RequestStatus)),
		},
	}
}

// whose tells who asks, and by which document.
func (t *Texts) whose(r provisioning.Request) []any {
	return facts(
		t.fixed["label.requester"], escape(dotted(clip(flat(r.Requester.Name), 100), clip(flat(r.Area), 120))),
		t.fixed["label.phone"], escape(phone(r.Phone)),
		t.fixed["label.petition"], escape(t.petition(r.Petition)),
	)
}

// statusText is the whole of a status in two sentences, without Markdown.
func (t *Texts) statusText(d RequestView) string {
	r := d.Request
	return t.plain("status.summary", "folio", string(r.Folio), "subject", t.subject(r), "state", t.RequestState(r.State))
}

// meaning says why the request came to its state, where somebody gave a reason, and
// what the state means for the requester.
func (t *Texts) meaning(d RequestView) []any {
	r := d.Request
	var items []any
	last, ok := r.LastDecision()
	if ok && last.Comment != "" && (r.State == provisioning.StateReturned || r.State == provisioning.StateRejected) {
		items = append(items, paragraph(t.md("label.reason_is", "comment", clip(last.Comment, maxComment))))
	}
	if said := t.render("meaning."+ending(r), nil, max(1, r.Lines)); said != "" {
		items = append(items, paragraph(said))
	}
	return items
}

// ending returns the name under which the texts tell a state: its own, but for a
// request that expired on its requester's side.
func ending(r provisioning.Request) string {
	if r.Lapsed() {
		return "lapsed"
	}
	return string(r.State)
}

// requestHead is the head of every card about a request: who it is for, its
// number, its state.
func (t *Texts) requestHead(r provisioning.Request) []any {
	return []any{heading(escape(t.title(r))), t.folioState(r)}
}

func (t *Texts) title(r provisioning.Request) string {
	return t.render("request.title", map[string]string{"subject": t.subject(r)}, max(1, r.Lines))
}

func (t *Texts) folioState(r provisioning.Request) textBlock {
	l := lookOf(r.State)
	return coloured(dotted(t.md("label.folio_is", "folio", string(r.Folio)), marked(l.mark, t.RequestState(r.State))), l.colour)
}

// lines tells of each account how far it has come; of a list, the counts.
func (t *Texts) lines(d RequestView) []any {
	var items []any
	if d.Request.Lines > MaxPeople {
		return t.tallied(d)
	}
	for i, a := range d.shown() {
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

// line tells how far an account has come. Of a request that came to nothing, only
// for whom it would have been.
func (t *Texts) line(a provisioning.Account, d RequestView) []any {
	name := t.numbered(a.Number, d.Request.Lines, a.Holder)
	if d.Request.State.Final() && !a.State.Final() {
		return []any{next(name)}
	}
	how := mail(a.Address)
	how.Text = marked(accountMark(a.State), t.AccountState(a.State))
	if a.Address != "" && a.State != provisioning.AccountExcluded {
		how.Text += ": " + escape(addressFor(a, d.Request, d.Others))
	}
	items := []any{next(name), how}
	if note := t.noteFor(a, d.Others); note != "" {
		items = append(items, small(note))
	}
	return items
}

// addressFor is a line's address as it is told to its requester, or to somebody else who
// may read the request: before it is authorised, a guarded one is masked.
func addressFor(a provisioning.Account, r provisioning.Request, others bool) string {
	if a.Guarded && !others && !r.State.Authorised() {
		return a.Address.Masked()
	}
	return string(a.Address)
}

// noteFor is note, without another's folio to a requester.
func (t *Texts) noteFor(a provisioning.Account, others bool) string {
	if a.Guarded && !others && isFolio(a.Note) {
		return t.fixed["warning.pending_guarded"]
	}
	return t.note(a)
}

// note says why a line was left out. What the domain notes by itself has a text of
// its own: another request's folio, or that a correction took the line away.
func (t *Texts) note(a provisioning.Account) string {
	switch {
	case a.Note == "":
		return ""
	case a.Note == "corrected":
		return t.fixed["note.corrected"]
	case provisioning.NewStamp(provisioning.Folio(a.Note), 1).Folio() == provisioning.Folio(a.Note) && isFolio(a.Note):
		return t.md("warning.pending", "folio", a.Note)
	}
	return t.md("label.reason_is", "comment", clip(a.Note, maxComment))
}

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

func (t *Texts) tallied(d RequestView) []any {
	var pairs []string
	for _, s := range tallyOrder {
		if n := d.Tally[s]; n > 0 {
			pairs = append(pairs, marked(accountMark(s), t.AccountState(s)), thousands(n))
		}
	}
	return append([]any{subheading(t.count("label.accounts", d.Request.Lines))}, facts(pairs...)...)
}

// requesterButtons are what the requester may do with a request in its state.
func (t *Texts) requesterButtons(d RequestView) []action {
	var actions []action
	state := d.Request.State
	if d.Others {
		return nil
	}
	if state == provisioning.StateReturned {
		actions = append(actions, t.execute(t.fixed["button.correct"], d.data(RequestCorrect)).usual())
	}
	if d.cancellable() {
		yes := t.execute(t.fixed["button.cancel_yes"], d.data(RequestCancel)).grave()
		actions = append(actions, unfold(t.fixed["button.cancel"], []any{paragraph(t.fixed["request.cancel"])}, yes))
	}
	if state.Final() {
		actions = append(actions, t.execute(t.fixed["button.begin"], Data{Verb: RequestBegin}))
	}
	return actions
}

// cancellable reports whether the request is still before a stage or with its
// requester.
func (d RequestView) cancellable() bool {
	switch s := d.Request.State; s {
	case provisioning.StateProvisioning, provisioning.StateAttention:
		return false
	default:
		return !s.Final()
	}
}
