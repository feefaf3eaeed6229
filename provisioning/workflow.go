package provisioning

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
)

// Workflow is where people's acts become state: each method changes a request or a
// line, and enters the jobs, notices and audit entry that follow, all in the
// transaction it is given.
type Workflow struct {
	Rules *Rules
	Kinds Kinds
	Now   func() time.Time
}

// Act is a decision as it was clicked. Round is the one the card showed; Comment is as
// it was typed.
type Act struct {
	Folio    Folio
	Stage    StageName
	Round    int
	Verdict  Verdict
	Comment  string
	Excluded []int // lines left out, with an Approve
	Click    Click
}

// Deciding returns the request that the act is about, to whoever may decide it:
// CodeForbidden for others, CodeConflict where it is no longer with the stage, or in
// another round than the card was of.
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

// Decide applies the act, if whoever clicked may: before that is settled nothing of the
// act is judged, for what is wrong at an input is shown on the request's card.
func (d *Workflow) Decide(tx Tx, auth Authority, act Act) (Request, error) {
	r, err := d.Deciding(tx, auth, act)
	if err != nil {
		return r, err
	}
	if act.Comment, err = ParseNotes("comment", act.Comment, false); err != nil {
		return r, err
	}
	next, err := r.Decide(d.Rules.Stages, Decision{
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

// exclude leaves out the lines that the approver marked: some, with a reason, never all
// that are to be made. One whose holder has an account stays as it is.
func (d *Workflow) exclude(tx Tx, r Request, act Act) error {
	if act.Verdict != Approve || len(act.Excluded) == 0 {
		return nil
	}
	if act.Comment == "" {
		return Invalid("comment", "comment.required")
	}
	left, err := tx.Tally(r.Folio)
	if err != nil {
		return err
	}
	out := make(map[Stamp]Account)
	for _, n := range act.Excluded {
		a, err := tx.Account(NewStamp(r.Folio, n))
		if CodeOf(err) == CodeNotFound || a.State == AccountExcluded {
			return Invalid("exclude", "exclude.unknown", "number", strconv.Itoa(n))
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
		return Invalid("exclude", "exclude.all")
	}
	for _, s := range slices.Sorted(maps.Keys(out)) {
		if err := d.leaveOut(tx, out[s], act.Comment); err != nil {
			return err
		}
	}
	return nil
}

// leaveOut excludes a line and gives back what was put aside for it.
func (d *Workflow) leaveOut(tx Tx, a Account, why string) error {
	next, err := a.To(AccountExcluded)
	if err != nil {
		return err
	}
	next.Note = why
	return errors.Join(d.release(tx, a), tx.PutAccount(next))
}

// release gives back what is put aside for a line.
func (d *Workflow) release(tx Tx, a Account) error {
	kind, err := d.Kinds.of(a.Kind)
	if err != nil {
		return err
	}
	return kind.Release(tx, a)
}

// Cancel ends the request on its requester's word, who sees it end: there is nothing to
// tell them.
func (d *Workflow) Cancel(tx Tx, f Folio, by Actor) (Request, error) {
	r, err := tx.Request(f)
	if err != nil {
		return r, err
	}
	if r.Requester.ID != by.ID {
		return r, Refuse(CodeNotFound, "request.not_found", "folio", string(f))
	}
	next, err := r.Cancel(d.Rules.Stages, d.Now())
	if err != nil {
		return r, err
	}
	return next, d.enter(tx, next, by, "request.cancel", "", nil)
}

// enter puts the request with all that a change of it causes. The requester is told
// nothing where n is "".
func (d *Workflow) enter(tx Tx, r Request, by Actor, act string, n NoticeKind, detail map[string]string) error {
	now := d.Now()
	entry := Entered{At: now, By: by, Act: act, Folio: r.Folio, Detail: maps.Clone(detail)}
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
		told,
	)
}
