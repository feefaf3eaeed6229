package cards

import (
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// The marks of a step: done, current, to come, ended, needs attention.
const (
	markDone    = "✓"
	markNow     = "●"
	markToCome  = "○"
	markStopped = "✗"
	markAlarm   = "▲"
)

// marked puts a mark before a word, with a non-breaking space.
func marked(mark, text string) string { return mark + "\u00a0" + text }

// timeline shows the procedure's activities in their order: what was done and by whom, where the
// request is and since when, and what is to come. A request that was returned or has ended has no
// further steps.
func (t *Texts) timeline(d RequestView) []any {
	r := d.Request
	items := []any{subheading(t.fixed["timeline.title"]), t.received(r)}
	for _, stage := range d.stages() {
		items = append(items, t.stageStep(d, stage)...)
	}
	switch r.State {
	case provisioning.StateReturned:
		with := t.fixed["timeline.with_you"]
		if d.Others {
			with = t.fixed["timeline.with_requester"]
		}
		return append(items, t.step(markNow, with, t.heldSince(d)))
	case provisioning.StateCancelled, provisioning.StateExpired:
		return append(items, t.step(markStopped, t.RequestState(r.State), t.Moment(r.EndedAt)))
	case provisioning.StateRejected:
		return items
	case provisioning.StateCompleted:
		items = append(items, t.provisioningStep(d), t.step(markDone, t.fixed["timeline.answered"], ""))
		return append(items, t.handedStep(d)...)
	}
	return append(items, t.provisioningStep(d), t.step(markToCome, t.fixed["timeline.answer"], ""))
}

func (t *Texts) received(r provisioning.Request) textBlock {
	key := "timeline.received"
	if r.Round > 1 {
		key = "timeline.corrected"
	}
	return t.step(markDone, t.fixed[key], t.Moment(r.SubmittedAt))
}

// stageStep shows a stage's decision in the present round, or that it has the request, or that it
// is to come.
func (t *Texts) stageStep(d RequestView, stage provisioning.StageName) []any {
	r := d.Request
	if decision, ok := r.Decision(stage); ok {
		return t.decided(decision, d)
	}
	switch {
	case r.State == provisioning.RequestState(stage):
		return []any{t.step(markNow, t.md("timeline.reviewing", "stage", t.theStage(stage)), t.heldSince(d))}
	case r.State.Final(), r.State == provisioning.StateReturned:
		return nil // the stage did not get it
	}
	return []any{t.step(markToCome, t.md("timeline.review", "stage", t.theStage(stage)), "")}
}

// decided shows a stage's decision with its comment.
func (t *Texts) decided(d provisioning.Decision, of RequestView) []any {
	mark := markDone
	if d.Verdict != provisioning.Approve {
		mark = styleOf(stateAfter(d.Verdict)).mark
	}
	items := []any{t.step(mark, t.verdict(d, of), t.Moment(d.At))}
	if d.Comment != "" {
		items = append(items, small(t.md("label.quoted", "comment", clip(d.Comment, maxComment))))
	}
	return items
}

// verdict shows who decided what: "Turnada por la Dirección General (Rosa Elena Villarreal)".
func (t *Texts) verdict(d provisioning.Decision, of RequestView) string {
	return t.md(verdictKey(d, of), "stage", t.theStage(d.Stage), "name", d.By.Name)
}

// verdictKey distinguishes the last stage's approval, which authorises, from that of the others,
// which turn the request over.
func verdictKey(d provisioning.Decision, of RequestView) string {
	if d.Verdict == provisioning.Approve && !of.Last(d.Stage) {
		return "verdict.turn"
	}
	return "verdict." + string(d.Verdict)
}

func stateAfter(v provisioning.Verdict) provisioning.RequestState {
	if v == provisioning.Return {
		return provisioning.StateReturned
	}
	return provisioning.StateRejected
}

// provisioningStep is the step in which the accounts are created.
func (t *Texts) provisioningStep(d RequestView) textBlock {
	r, n := d.Request, max(1, d.Request.Lines)
	switch {
	case r.State == provisioning.StateProvisioning && d.Place > 0:
		return t.step(markNow, t.count("timeline.queue", d.Place), t.heldSince(d))
	case r.State == provisioning.StateProvisioning:
		return t.step(markNow, t.count("timeline.making", n), t.heldSince(d))
	case r.State == provisioning.StateAttention:
		return t.step(markAlarm, t.fixed["timeline.attention"], t.heldSince(d))
	case r.State == provisioning.StateCompleted:
		return t.step(markDone, t.count("timeline.made", n), t.Moment(r.EndedAt))
	}
	return t.step(markToCome, t.count("timeline.make", n), "")
}

// handedStep says that the requester confirmed to have handed over the accounts, and when; nothing
// before that, and of lists, whose lines are not all known here.
func (t *Texts) handedStep(d RequestView) []any {
	ready, handed, last := d.handedOver()
	if handed == 0 || d.Request.Lines > MaxPeople {
		return nil
	}
	by := "timeline.handed"
	if d.Others {
		by = "timeline.handed_other"
	}
	if handed < ready {
		return []any{t.step(markNow, t.plain(by+"_some", "handed", thousands(handed), "ready", thousands(ready)), t.Day(last))}
	}
	return []any{t.step(markDone, t.count(by, handed), t.Day(last))}
}

// handedOver counts the accounts that are ready and those that their requester handed over, and
// returns when they last did, zero if no record says so.
func (d RequestView) handedOver() (ready, handed int, last time.Time) {
	for _, a := range d.Accounts {
		if a.State != provisioning.AccountAnnounced {
			continue
		}
		ready++
		if a.Handover.Done {
			handed++
		}
		if a.Handover.DoneAt.After(last) {
			last = a.Handover.DoneAt
		}
	}
	return ready, handed, last
}

func (t *Texts) step(mark, text, when string) textBlock {
	b := paragraph(dotted(marked(mark, text), when))
	b.Spacing = "Small"
	return b
}

// heldSince says when the present stage got the request, and how much working time has passed.
func (t *Texts) heldSince(d RequestView) string {
	return t.sinceLine(d.Request.StageSince, d.Worked)
}

// sinceLine is since when and for how much working time, on a card: "desde el sábado, 22:03 · 5 horas
// hábiles".
func (t *Texts) sinceLine(since time.Time, worked time.Duration) string {
	if since.IsZero() {
		return ""
	}
	return dotted(t.since(since, t.recentMoment(since)), t.hours(worked))
}

// sinceWorked is sinceLine in a sentence: "desde el sábado 28 de noviembre, 22:03 (5 horas hábiles)".
func (t *Texts) sinceWorked(since time.Time, worked time.Duration) string {
	if since.IsZero() {
		return ""
	}
	text := t.since(since, t.Moment(since))
	if hours := t.hours(worked); hours != "" {
		text += " (" + hours + ")"
	}
	return text
}

// hours says how many working hours have passed; "" for less than one.
func (t *Texts) hours(worked time.Duration) string {
	if n := int(worked.Hours()); n > 0 {
		return t.count("when.worked", n)
	}
	return ""
}
