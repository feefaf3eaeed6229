package provisioning

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/input"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Workflow applies people's actions. Each method changes a request or a line and writes the jobs,
// notices and audit entry that follow, all in the given transaction.
type Workflow struct {
	Rules *Rules
	Kinds Kinds
	Now   func() time.Time
}

// Act is a decision as submitted. Round is the one that the card showed; Comment is unparsed.
type Act struct {
	Folio    Folio
	Stage    StageName
	Round    int
	Verdict  Verdict
	Comment  string
	Excluded []int // numbers of the lines to leave out, with an Approve
	Click    Click
}

// Deciding returns the request of the act. It is CodeForbidden if the person may not decide it,
// CodeConflict if the request is no longer with the stage, or in another round than the card's.
func (d *Workflow) Deciding(tx Tx, auth Authority, act Act) (Request, error) {
	r, err := tx.Request(act.Folio)
	if err != nil {
		return r, err
	}
	if err := auth.MayDecide(r, act.Stage, act.Click); err != nil {
		return r, err
	}
	if act.Round != r.Round || r.State != RequestState(act.Stage) {
		return r, conflict(r)
	}
	return r, nil
}

// Decide applies the act. Permission is checked before anything else in the act: errors of an input
// are shown on the request's card.
func (d *Workflow) Decide(tx Tx, auth Authority, act Act) (Request, error) {
	r, err := d.Deciding(tx, auth, act)
	if err != nil {
		return r, err
	}
	if act.Comment, err = input.ParseNotes("comment", act.Comment, false); err != nil {
		return r, err
	}
	next, err := r.Decide(d.Rules.Stages.Of(r), Decision{
		Stage: act.Stage, Verdict: act.Verdict, By: act.Click.By, At: d.Now(),
		Comment: act.Comment, Excluded: act.Excluded,
	})
	if err != nil {
		return r, err
	}
	if err := d.exclude(tx, r, act); err != nil {
		return r, err
	}
	detail := map[string]string{"stage": string(act.Stage)}
	if act.Comment != "" {
		detail["comment"] = act.Comment
	}
	if auth.Substituting(act.Stage, act.Click.By) {
		detail["as"] = "substitute"
	}
	return next, d.enter(tx, next, act.Click.By, "approval."+string(act.Verdict), noticeOf(next, act.Verdict), detail)
}

// exclude leaves out the lines that the approver marked. That needs a comment, and at least one
// pending line must remain. A line whose holder has an account stays as it is.
func (d *Workflow) exclude(tx Tx, r Request, act Act) error {
	if act.Verdict != Approve || len(act.Excluded) == 0 {
		return nil
	}
	if act.Comment == "" {
		return problem.Invalid("comment", "comment.required")
	}
	left, err := tx.Tally(r.Folio)
	if err != nil {
		return err
	}
	out := make(map[Stamp]Account)
	for _, n := range act.Excluded {
		a, err := tx.Account(NewStamp(r.Folio, n))
		if problem.CodeOf(err) == problem.CodeNotFound || a.State == AccountExcluded {
			return problem.Invalid("exclude", "exclude.unknown", "number", strconv.Itoa(n))
		}
		if err != nil {
			return err
		}
		if _, twice := out[a.Stamp]; !twice && !a.State.Final() {
			out[a.Stamp] = a
			left[a.State]--
		}
	}
	if left[AccountPending] <= 0 {
		return problem.Invalid("exclude", "exclude.all")
	}
	for _, s := range slices.Sorted(maps.Keys(out)) {
		if err := d.leaveOut(tx, out[s], act.Comment); err != nil {
			return err
		}
	}
	return nil
}

// leaveOut excludes a line and releases what is reserved for it.
func (d *Workflow) leaveOut(tx Tx, a Account, why string) error {
	next, err := d.Kinds.move(a, AccountExcluded)
	if err != nil {
		return err
	}
	next.Note = why
	return errors.Join(d.release(tx, a), tx.PutAccount(next))
}

// release frees what is reserved for a line.
func (d *Workflow) release(tx Tx, a Account) error {
	kind, err := d.Kinds.of(a.Kind)
	if err != nil {
		return err
	}
	return kind.Release(tx, a)
}

// Cancel ends the request for its requester. They get no notice, because they see the result. It is
// CodeNotFound for anyone else.
func (d *Workflow) Cancel(tx Tx, f Folio, by Actor) (Request, error) {
	r, err := tx.Request(f)
	if err != nil {
		return r, err
	}
	if r.Requester.ID != by.ID {
		return r, problem.Refuse(problem.CodeNotFound, "request.not_found", "folio", string(f))
	}
	next, err := r.Cancel(d.Rules.Stages.Of(r), d.Now())
	if err != nil {
		return r, err
	}
	return next, d.enter(tx, next, by, "request.cancel", "", nil)
}

// enter stores a changed request with its audit entry, its jobs and, unless n is "", the
// requester's notice.
func (d *Workflow) enter(tx Tx, r Request, by Actor, act string, n NoticeKind, detail map[string]string) error {
	now := d.Now()
	before, err := tx.Request(r.Folio) // of a new request the zero value
	if err != nil && problem.CodeOf(err) != problem.CodeNotFound {
		return err
	}
	entry := Entered{At: now, By: by, Act: act, Folio: r.Folio, Before: string(before.State), After: string(r.State), Detail: maps.Clone(detail)}
	var told error
	if n != "" {
		told = tell(tx, r, n, "", now)
	}
	return errors.Join(
		tx.PutRequest(r),
		tx.Record(entry),
		tx.Enqueue(job.Job{Kind: JobCards, Key: string(r.Folio), Urgent: true, Due: now}),
		tx.Enqueue(job.Job{Kind: JobStart, Key: string(r.Folio), Urgent: r.Lines <= urgentLines, Due: now}),
		tx.Enqueue(job.Job{Kind: JobRemind, Key: string(r.Folio), Due: now}),
		letterDue(tx, r, now),
		told,
	)
}
