package provisioning

import (
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// RequestState is the state of a request. While a stage holds the request, it is the stage's name.
type RequestState string

// The states of a request. StateDirector and StateSubdirector are the names of
// the two stages.
const (
	StateDirector     RequestState = "director"
	StateSubdirector  RequestState = "subdirector"
	StateReturned     RequestState = "returned"     // with the requester for correction
	StateProvisioning RequestState = "provisioning" // authorised; its accounts are being created
	StateAttention    RequestState = "attention"    // at least one line is in attention
	StateCompleted    RequestState = "completed"
	StateRejected     RequestState = "rejected"
	StateCancelled    RequestState = "cancelled"
	StateExpired      RequestState = "expired" // not decided or corrected in time
)

// Authorised reports whether the last stage has approved. Some facts may be shown to the requester
// only then.
func (s RequestState) Authorised() bool {
	return s == StateProvisioning || s == StateAttention || s == StateCompleted
}

// Final reports whether the request has ended.
func (s RequestState) Final() bool {
	switch s {
	case StateCompleted, StateRejected, StateCancelled, StateExpired:
		return true
	}
	return false
}

// AccountState is the state of a line.
type AccountState string

// The states of a line in their usual order; then the others.
const (
	AccountPending   AccountState = "pending"   // proposed; not yet looked up in the directory
	AccountReserved  AccountState = "reserved"  // the address is reserved and free in the directory
	AccountCreated   AccountState = "created"   // the user exists, with our stamp
	AccountLicensed  AccountState = "licensed"  // licence and groups are assigned
	AccountRecorded  AccountState = "recorded"  // its row is in the receipts
	AccountAnnounced AccountState = "announced" // the requester was notified

	AccountExists    AccountState = "exists"    // the holder had an account; Address is that account's
	AccountAttention AccountState = "attention" // the head of department must decide
	AccountExcluded  AccountState = "excluded"  // excluded by an approver, or dropped
)

// Final reports whether the line needs no more work.
func (s AccountState) Final() bool {
	switch s {
	case AccountAnnounced, AccountExists, AccountExcluded:
		return true
	}
	return false
}

// Moves are the legal moves of a kind's lines, by the state that a line is in.
type Moves map[AccountState][]AccountState

// Move returns the line moved to next, or CodeConflict. A move out of attention clears its Trouble.
func (m Moves) Move(a Account, next AccountState) (Account, error) {
	if slices.Contains(m[a.State], next) {
		a.State = next
		if next != AccountAttention {
			a.Trouble = nil
		}
		return a, nil
	}
	return a, problem.Refuse(problem.CodeConflict, "state.account", "from", string(a.State), "to", string(next))
}

// Submit moves a new request, or a returned one that was corrected, to the first stage; without
// stages it is authorised.
func (r Request) Submit(stages Stages, at time.Time) (Request, error) {
	if r.State != "" && r.State != StateReturned {
		return r, conflict(r)
	}
	r.Round++
	if r.SubmittedAt.IsZero() {
		r.SubmittedAt = at
	}
	if len(stages) == 0 {
		return r.enter(StateProvisioning, at), nil
	}
	return r.enter(RequestState(stages[0].Name), at), nil
}

// Decide applies a stage's verdict. The request must be with that stage, else it is CodeConflict; a
// verdict other than Approve needs a comment. Authority is checked by the caller.
func (r Request) Decide(stages Stages, d Decision) (Request, error) {
	if r.State != RequestState(d.Stage) {
		return r, conflict(r)
	}
	if d.Verdict != Approve && d.Comment == "" {
		return r, problem.Invalid("comment", "comment.required")
	}
	d.Round = r.Round
	r.Decisions = append(slices.Clip(r.Decisions), d)
	switch d.Verdict {
	case Approve:
		return r.enter(stages.after(d.Stage), d.At), nil
	case Return:
		return r.enter(StateReturned, d.At), nil
	case Reject:
		return r.enter(StateRejected, d.At), nil
	}
	return r, problem.Refuse(problem.CodeInvalid, "verdict.unknown")
}

// Cancel ends a request at the requester's demand; CodeConflict once provisioning started.
func (r Request) Cancel(stages Stages, at time.Time) (Request, error) {
	if r.State != StateReturned && !stages.holds(r.State) {
		return r, conflict(r)
	}
	return r.enter(StateCancelled, at), nil
}

// Expire ends a request that was not decided, or not corrected, in time.
func (r Request) Expire(stages Stages, at time.Time) (Request, error) {
	if r.State != StateReturned && !stages.holds(r.State) {
		return r, conflict(r)
	}
	return r.enter(StateExpired, at), nil
}

// Settle returns the request in the state that follows from its lines: completed if all are final,
// attention if one is in attention, else provisioning.
func (r Request) Settle(t Tally, at time.Time) Request {
	if r.State != StateProvisioning && r.State != StateAttention {
		return r
	}
	next := StateProvisioning
	switch {
	case t.open() == 0:
		next = StateCompleted
	case t[AccountAttention] > 0:
		next = StateAttention
	}
	if next == r.State {
		return r
	}
	return r.enter(next, at)
}

func (r Request) enter(s RequestState, at time.Time) Request {
	r.State = s
	r.Version++
	r.StageSince = at
	if s.Final() {
		r.EndedAt = at
	}
	return r
}

// Tally counts a request's lines by state.
type Tally map[AccountState]int

// open returns how many lines are not final. The lines of an earlier, longer round are counted as
// excluded.
func (t Tally) open() int {
	n := 0
	for s, c := range t {
		if !s.Final() {
			n += c
		}
	}
	return n
}

func conflict(r Request) *problem.Error {
	return problem.Refuse(problem.CodeConflict, "state.request", "folio", string(r.Folio), "state", string(r.State))
}
