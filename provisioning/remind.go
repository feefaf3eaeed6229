package provisioning

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Reminder sends reminders to the holder of a request, escalates to the platform channel a stage
// that does not decide, and expires requests that are not decided or corrected.
type Reminder struct {
	Store Store
	Rules *Rules
	Now   func() time.Time
}

// Remind does what is due for the request of a JobRemind, and enqueues the job for the next due
// time. What is due follows from the request's state and its time in it. Each notice is posted
// once, and none after the request has left the state.
func (m *Reminder) Remind(ctx context.Context, j job.Job) error {
	err := m.Store.Update(ctx, func(tx Tx) error {
		r, err := tx.Request(Folio(j.Key))
		if err != nil {
			return err
		}
		return m.look(tx, r)
	})
	if problem.CodeOf(err) == problem.CodeNotFound {
		return job.Permanent(err)
	}
	return err
}

// vigil is what is scheduled while a request stays in one state.
type vigil struct {
	prompts []prompt // in order of due time, for each kind
	ends    time.Duration
	end     NoticeKind // notice to the requester when it expires
}

// prompt is one reminder: its kind, its addressee, and the working time after which it is due.
type prompt struct {
	kind  NoticeKind
	to    string
	after time.Duration
}

// vigil returns the schedule of a request's present state; the zero vigil if no person has to act.
func (m *Reminder) vigil(r Request) vigil {
	d := m.Rules.Deadlines
	reminders := func(to string) []prompt {
		var all []prompt
		for _, after := range d.Remind {
			all = append(all, prompt{NoticeReminder, to, after})
		}
		return all
	}
	var v vigil
	switch {
	case r.State == StateAttention:
		v = vigil{prompts: reminders(string(Platform))}
	case r.State == StateReturned:
		v = vigil{prompts: []prompt{{NoticeUncorrected, r.Requester.ID, d.Correct / 2}}, ends: d.Correct, end: NoticeLapsed}
	case m.Rules.Stages.Of(r).holds(r.State):
		v = vigil{prompts: append(reminders(string(r.State)), prompt{NoticeEscalated, string(Platform), d.Escalate}), ends: d.Expire, end: NoticeExpired}
	}
	v.prompts = slices.DeleteFunc(v.prompts, func(p prompt) bool { return p.after <= 0 })
	return v
}

// look does what is due for the request.
func (m *Reminder) look(tx Tx, r Request) error {
	v, now := m.vigil(r), m.Now()
	if r.StageSince.After(now) { // written while the clock was ahead
		r.StageSince = now
		if err := tx.PutRequest(r); err != nil {
			return err
		}
	}
	var next time.Time
	due := make(map[NoticeKind]prompt) // of several of a kind only the last: after an outage each addressee gets one
	for _, p := range v.prompts {
		if at := m.instant(r.StageSince, p.after); at.After(now) {
			next = sooner(next, at)
			continue
		}
		due[p.kind] = p
	}
	warned, err := m.warned(tx, r, v, len(due) > 0)
	if err != nil {
		return err
	}
	for _, p := range v.prompts {
		if due[p.kind] == p {
			err = errors.Join(err, m.post(tx, r, v, p))
		}
	}
	if v.ends > 0 {
		end := m.end(r, v, warned)
		if !end.After(now) {
			return errors.Join(err, m.expire(tx, r, v.end))
		}
		next = sooner(next, end)
	}
	if !next.IsZero() {
		err = errors.Join(err, tx.Enqueue(job.Job{Kind: JobRemind, Key: string(r.Folio), Due: next}))
	}
	return err
}

// instant returns the first working hour at which so much working time has passed.
func (m *Reminder) instant(since time.Time, after time.Duration) time.Time {
	return m.Rules.Calendar.Next(m.Rules.Calendar.Add(since, after))
}

// end returns when the request expires: at its deadline, but not before the holder has had some
// time since the first reminder. After an outage no request expires without one.
func (m *Reminder) end(r Request, v vigil, warned time.Time) time.Time {
	end := m.instant(r.StageSince, v.ends)
	if len(v.prompts) == 0 {
		return end
	}
	first := v.prompts[0].after
	if at := m.instant(warned, min(first, (v.ends-first)/2)); at.After(end) {
		return at
	}
	return end
}

// warnedKind is the document kind, by folio, of when the present holder of a request was first
// reminded.
const warnedKind = "reminded"

type warning struct {
	Version int       `json:"version"` // the request's version in this state
	At      time.Time `json:"at"`
}

// warned returns when the present holder was first reminded. If they were not it returns now, and
// stores it if a reminder is due.
func (m *Reminder) warned(tx Tx, r Request, v vigil, due bool) (time.Time, error) {
	var w warning
	_, err := tx.Load(warnedKind, string(r.Folio), &w)
	switch {
	case err != nil:
		return time.Time{}, err
	case len(v.prompts) == 0:
		return m.Now(), tx.Drop(warnedKind, string(r.Folio))
	case w.Version == r.Version && !w.At.After(m.Now()):
		return w.At, nil
	case due:
		w = warning{r.Version, m.Now()}
		return w.At, tx.Save(warnedKind, string(r.Folio), w)
	}
	return m.Now(), nil
}

// post posts the prompt's notice, unless it was posted already.
func (m *Reminder) post(tx Tx, r Request, v vigil, p prompt) error {
	n := Notice{
		To: p.to, Kind: p.kind, Folio: r.Folio, At: m.Now(), Args: map[string]string{"version": strconv.Itoa(r.Version)},
		Once: fmt.Sprintf("%s/%d/%d/%s/%s", r.Folio, r.Round, r.Version, p.kind, p.after),
	}
	if v.ends > 0 {
		n.Args["ends"] = m.instant(r.StageSince, v.ends).Format(time.RFC3339)
	}
	return Send(tx, n)
}

// expire ends a request that was not decided or corrected in time.
func (m *Reminder) expire(tx Tx, r Request, told NoticeKind) error {
	next, err := r.Expire(m.Rules.Stages.Of(r), m.Now())
	if err != nil {
		return err
	}
	d := Workflow{Rules: m.Rules, Now: m.Now}
	return d.enter(tx, next, System, "request.expire", told, map[string]string{"from": string(r.State)})
}

// sooner returns the earlier of two instants; a zero a counts as none.
func sooner(a, b time.Time) time.Time {
	if a.IsZero() || b.Before(a) {
		return b
	}
	return a
}
