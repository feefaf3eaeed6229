package recovery

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/job"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// run runs the job of a request's line.
func (w *world) run(f provisioning.Folio) error {
	return w.Executor.Line(context.WithoutCancel(w.t.Context()), job.Job{Kind: provisioning.JobLine, Key: string(provisioning.NewStamp(f, 1))})
}

// mustRun is run for a line that must not fail.
func (w *world) mustRun(f provisioning.Folio) {
	w.t.Helper()
	if err := w.run(f); err != nil {
		w.t.Fatal(err)
	}
}

// authorisedRecovery returns a world in which Silvia's request for the account of lucia needs no
// stage.
func authorisedRecovery(t testing.TB) (*world, provisioning.Request) {
	t.Helper()
	w := open(t)
	w.Settings.Stages = nil
	return w, w.mustAsk("silvia", luciaEntry)
}

// The steps of a renewal in the order in which the directory sees them: the sessions end before the
// password is replaced, and those begun with the former one in between after it.
var inOrder = []string{"entry " + luciaID, "revoke " + luciaID, "replace " + luciaID, "revoke " + luciaID}

// One transaction announces the line: requester and holder are told, the receipts' job and the
// cards' are enqueued, the audit says so, and the request is completed.
func TestRenew(t *testing.T) {
	t.Parallel()
	w, r := authorisedRecovery(t)
	w.dir.users[0].Created = today.Add(-90 * day)
	w.mustRun(r.Folio)
	want(t, "calls", w.calls, inOrder)

	a, since := w.account(r.Folio), today.Add(-time.Minute)
	want(t, "state", a.State, provisioning.AccountAnnounced)
	want(t, "announced", a.AnnouncedAt, today)
	want(t, "created", a.CreatedAt, today.Add(-90*day))
	want(t, "handover", a.Handover, provisioning.Handover{Since: since, SetFrom: since, SetAt: since})
	want(t, "request", w.stored(r.Folio).State, provisioning.StateCompleted)
	want(t, "told the requester", w.kindsOf("silvia"), []provisioning.NoticeKind{provisioning.NoticeAuthorized, provisioning.NoticeReady})
	want(t, "told the holder", w.notices(luciaID), []provisioning.Notice{{
		To: luciaID, Kind: NoticeHolder, Folio: r.Folio, At: today, Once: "recovered/" + string(a.Stamp), Optional: true,
		Args: map[string]string{"name": "Persona silvia", "address": string(luciaMail)},
	}})
	want(t, "told the platform", w.kindsOf("platform"), nil)
	want(t, "receipts", w.jobs(provisioning.JobReceipt), []string{string(a.Stamp)})
	want(t, "cards", w.jobs(provisioning.JobCards), []string{string(r.Folio)})
	want(t, "deliveries", w.jobs(provisioning.JobNotices), []string{luciaID, "silvia"})
	want(t, "audit", w.acts(), []string{"altas account.recovered"})
	want(t, "entry", w.lastEntry(), provisioning.Entered{
		At: today, By: provisioning.System, Act: "account.recovered", Folio: r.Folio, Stamp: a.Stamp,
		Before: "pending", After: "announced", Detail: map[string]string{"address": string(luciaMail), "sessions": "revoked"},
	})
	former := w.account(made)
	want(t, "the line that created it", former.State, provisioning.AccountAnnounced)
	want(t, "its handover", former.Handover, provisioning.Handover{})
	want(t, "its recovery", former.Recovery, provisioning.Recovery{Folio: r.Folio, At: today})
}

// lastEntry returns the newest audit entry.
func (w *world) lastEntry() (last provisioning.Entered) {
	w.t.Helper()
	w.update(func(tx provisioning.Tx) error {
		for e, err := range tx.Entries("") {
			if last = e; err != nil {
				return err
			}
		}
		return nil
	})
	last.Seq = 0
	return last
}

// Whoever recovers their own account is not told of it twice.
func TestRenewOnesOwn(t *testing.T) {
	t.Parallel()
	w := open(t)
	w.Settings.Stages = nil
	r := w.mustAsk(luciaID, luciaEntry)
	w.mustRun(r.Folio)
	want(t, "told", w.kindsOf(luciaID), []provisioning.NoticeKind{provisioning.NoticeAuthorized, provisioning.NoticeReady})
}

// An account that was renamed, and keeps the former address, is announced by its new one.
func TestRenewARenamedAccount(t *testing.T) {
	t.Parallel()
	w, r := authorisedRecovery(t)
	w.dir.users[0].Address, w.dir.users[0].Proxies = "lucia.garza@docente.mx", []identity.Address{luciaMail}
	w.mustRun(r.Folio)
	want(t, "address", w.account(r.Folio).Address, "lucia.garza@docente.mx")
	want(t, "told", w.notices(luciaID)[0].Args["address"], "lucia.garza@docente.mx")
}

// The job that runs again finds the line announced, and does nothing.
func TestRenewTwice(t *testing.T) {
	t.Parallel()
	w, r := authorisedRecovery(t)
	w.mustRun(r.Folio)
	once, acts := w.account(r.Folio), w.acts()
	w.later(time.Hour)
	w.mustRun(r.Folio)
	want(t, "line", w.account(r.Folio), once)
	want(t, "calls", w.calls, inOrder)
	want(t, "audit", w.acts(), acts)
	want(t, "told", w.kindsOf("silvia"), []provisioning.NoticeKind{provisioning.NoticeAuthorized, provisioning.NoticeReady})
}

// The step itself, done twice before its change is written, is told once.
func TestRenewTwiceAtOnce(t *testing.T) {
	t.Parallel()
	w, r := authorisedRecovery(t)
	a := w.account(r.Folio)
	first, err := w.renew(t.Context(), a)
	second, again := w.renew(t.Context(), a)
	if err := errors.Join(err, again, w.db.Update(t.Context(), func(tx provisioning.Tx) error { return first(tx, a) })); err != nil {
		t.Fatal(err)
	}
	wanted := w.account(r.Folio)
	err = w.db.Update(t.Context(), func(tx provisioning.Tx) error { return second(tx, wanted) })
	if problem.CodeOf(err) != problem.CodeConflict {
		t.Errorf("err = %v", err)
	}
	want(t, "line", w.account(r.Folio), wanted)
	want(t, "told", w.kindsOf(luciaID), []provisioning.NoticeKind{NoticeHolder})
}

// Accounts whose password an application may not renew go to attention with the account concerned.
// The directory is not changed, but by what it refused.
func TestObstacles(t *testing.T) {
	t.Parallel()
	user := func(change func(*provisioning.Entry)) func(*world) {
		return func(w *world) { change(&w.dir.users[0]) }
	}
	fails := func(call string, err error) func(*world) {
		return func(w *world) { w.dir.fails[call] = err }
	}
	forbidden := job.Permanent(problem.Refuse(problem.CodeForbidden, provisioning.DirectoryNoPermission))
	refused := job.Permanent(problem.Refuse(problem.CodeInvalid, provisioning.DirectoryRefused))
	for name, tt := range map[string]struct {
		given func(*world)
		want  string
		named bool // the trouble has the account
		calls int  // of inOrder
	}{
		"synchronised":                       {user(func(e *provisioning.Entry) { e.Synced = true }), TroubleSynchronised, true, 1},
		"disabled":                           {user(func(e *provisioning.Entry) { e.Enabled = false }), TroubleDisabled, true, 1},
		"synchronised and disabled":          {user(func(e *provisioning.Entry) { e.Synced, e.Enabled = true, false }), TroubleSynchronised, true, 1},
		"of another address":                 {user(func(e *provisioning.Entry) { e.Address = "otra@docente.mx" }), TroubleReplaced, true, 1},
		"of another address, synchronised":   {user(func(e *provisioning.Entry) { e.Address, e.Synced = "otra@docente.mx", true }), TroubleReplaced, true, 1},
		"of an approver by now":              {func(w *world) { w.group = []string{luciaID} }, TroubleOffice, true, 1},
		"of a substitute by now":             {func(w *world) { w.named = []provisioning.Substitute{{To: actor(luciaID), Until: today.Add(day)}} }, TroubleOffice, true, 1},
		"an administrator's":                 {fails("replace", forbidden), TroubleProtected, true, 3},
		"gone":                               {func(w *world) { w.dir.users = nil }, "trouble.gone", false, 1},
		"deleted":                            {user(func(e *provisioning.Entry) { e.Deleted = today }), "trouble.gone", false, 1},
		"refused":                            {fails("replace", refused), "trouble.refused", false, 3},
		"not to be read":                     {fails("entry", forbidden), "trouble.permission", false, 1},
		"sessions that it may not end":       {fails("revoke", forbidden), TroubleProtected, true, 2},
		"sessions that it no longer may end": {fails("revoke again", forbidden), TroubleProtected, true, 4},
		"gone when its sessions are to end":  {fails("revoke", job.Permanent(problem.Refuse(problem.CodeNotFound, provisioning.DirectoryNotFound))), "trouble.gone", false, 2},
		"gone when its password is replaced": {fails("replace", job.Permanent(problem.Refuse(problem.CodeNotFound, provisioning.DirectoryNotFound))), "trouble.gone", false, 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := authorisedRecovery(t)
			tt.given(w)
			var seen []provisioning.Entry
			if tt.named {
				seen = slices.Clone(w.dir.users)
			}
			w.mustRun(r.Folio)
			a := w.account(r.Folio)
			if a.State != provisioning.AccountAttention || a.Trouble == nil {
				t.Fatalf("state %s, trouble %v", a.State, a.Trouble)
			}
			want(t, "reason", a.Trouble.Reason, tt.want)
			want(t, "accounts", a.Trouble.Entries, seen)
			want(t, "resume", a.Trouble.Resume, provisioning.AccountPending)
			want(t, "calls", w.calls, inOrder[:tt.calls])
			want(t, "request", w.stored(r.Folio).State, provisioning.StateAttention)
			want(t, "told", w.kindsOf("silvia"), []provisioning.NoticeKind{provisioning.NoticeAuthorized, provisioning.NoticeAttention})
			want(t, "told the holder", w.kindsOf(luciaID), nil)
			want(t, "receipts", w.jobs(provisioning.JobReceipt), nil)
			want(t, "handover", a.Handover, provisioning.Handover{})
		})
	}
}

// What may pass is retried: the line stays pending, nobody is told, and the next run repeats the
// step from its beginning.
func TestTemporaryFailures(t *testing.T) {
	t.Parallel()
	unavailable := problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryUnavailable)
	for name, tt := range map[string]struct {
		call  string
		err   error
		calls int // of inOrder, that the failed run made
	}{
		"the account is not read":      {"entry", unavailable, 1},
		"nor the approvers' groups":    {"groups", unavailable, 1},
		"the password is not replaced": {"replace", unavailable, 3},
		"it may have been replaced":    {"replace", problem.Refuse(problem.CodeUnavailable, "password.unseen"), 3},
		"the sessions are not ended":   {"revoke", unavailable, 2},
		"nor those begun in between":   {"revoke again", unavailable, 4},
		"the directory throttles":      {"revoke", job.RetryAfter(time.Minute, problem.Refuse(problem.CodeUnavailable, provisioning.DirectoryThrottled)), 2},
		"without a known cause":        {"replace", errors.New("connection reset"), 3},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, r := authorisedRecovery(t)
			w.dir.fails[tt.call] = tt.err
			if err := w.run(r.Folio); !errors.Is(err, tt.err) || job.IsPermanent(err) {
				t.Errorf("err = %v", err)
			}
			want(t, "state", w.account(r.Folio).State, provisioning.AccountPending)
			want(t, "calls", w.calls, inOrder[:tt.calls])
			want(t, "audit", w.acts(), nil)
			want(t, "told the holder", w.kindsOf(luciaID), nil)

			delete(w.dir.fails, tt.call)
			w.mustRun(r.Folio)
			want(t, "state", w.account(r.Folio).State, provisioning.AccountAnnounced)
			want(t, "calls", w.calls, slices.Concat(inOrder[:tt.calls], inOrder))
			want(t, "audit", w.acts(), []string{"altas account.recovered"})
			want(t, "told", w.kindsOf("silvia"), []provisioning.NoticeKind{provisioning.NoticeAuthorized, provisioning.NoticeReady})
		})
	}
}

// A line that its request's end or an approver excluded meanwhile is not renewed.
func TestNotAuthorisedNotRenewed(t *testing.T) {
	t.Parallel()
	for _, state := range []provisioning.RequestState{
		provisioning.StateSubdirector, provisioning.StateReturned, provisioning.StateRejected, provisioning.StateCancelled, provisioning.StateExpired,
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w := open(t)
			r := w.mustAsk("silvia", luciaEntry)
			w.becomes(r.Folio, state)
			w.mustRun(r.Folio)
			want(t, "calls", w.calls, nil)
			want(t, "state", w.account(r.Folio).State, provisioning.AccountPending)
		})
	}
}

// The job of the receipts notes the recovery on the account's row, once it can.
func TestTheReceiptsNoteTheRecovery(t *testing.T) {
	t.Parallel()
	w, r := authorisedRecovery(t)
	w.mustRun(r.Folio)
	receipt := job.Job{Kind: provisioning.JobReceipt, Key: string(provisioning.NewStamp(r.Folio, 1))}
	w.rows.err = away()
	if err := w.Executor.Receipt(t.Context(), receipt); problem.CodeOf(err) != problem.CodeUnavailable {
		t.Errorf("err = %v", err)
	}
	want(t, "recorded", w.account(r.Folio).RecordedAt, time.Time{})
	w.rows.err = nil
	w.later(time.Hour)
	if err := w.Executor.Receipt(t.Context(), receipt); err != nil {
		t.Error(err)
	}
	want(t, "recovered", w.rows.recovered, []string{string(luciaMail) + " " + string(r.Folio) + " 2026-11-16T15:00:00Z"})
	want(t, "recorded", w.account(r.Folio).RecordedAt, today.Add(time.Hour))
}
