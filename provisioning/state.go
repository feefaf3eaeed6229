package provisioning

import (
	"slices"
	"time"
)

// RequestState is how far a request has come. A stage that holds it gives the
// state its name.
type RequestState string

// The states of a request. StateDirector and StateSubdirector are the names of
// the two stages.
const (
	StateDirector     RequestState = "director"
	StateSubdirector  RequestState = "subdirector"
	StateReturned     RequestState = "returned"     // with the requester, to be corrected
	StateProvisioning RequestState = "provisioning" // authorised; its accounts are being made
	StateAttention    RequestState = "attention"    // at least one line waits for the head of department
	StateCompleted    RequestState = "completed"
	StateRejected     RequestState = "rejected"
	StateCancelled    RequestState = "cancelled"
	StateExpired      RequestState = "expired" // nobody decided in time
)

// Authorised reports whether the last stage has approved: what is only told to a requester
// then may be told.
func (s RequestState) Authorised() bool {
	return s == StateProvisioning || s == StateAttention || s == StateCompleted
}

// Final reports whether nothing can happen to the request any more.
func (s RequestState) Final() bool {
	switch s {
	case StateCompleted, StateRejected, StateCancelled, StateExpired:
		return true
	}
	return false
}

// AccountState is how far a line has come.
type AccountState string

// The states of a line, in the order of the plan; then those off the main road.
const (
	AccountPending   AccountState = "pending"   // proposed; the directory was not asked yet
	AccountReserved  AccountState = "reserved"  // the address is free everywhere and ours
	AccountCreated   AccountState = "created"   // the user exists, with our stamp
	AccountLicensed  AccountState = "licensed"  // licence and groups are assigned
	AccountRecorded  AccountState = "recorded"  // the receipts database has its row
	AccountAnnounced AccountState = "announced" // the requester is told

	AccountExists    AccountState = "exists"    // the holder had an account; its address is reported
	AccountAttention AccountState = "attention" // waits for the head of department
	AccountExcluded  AccountState = "excluded"  // left out by an approver, or dropped
)

// Final reports whether the line needs no more work.
func (s AccountState) Final() bool {
	switch s {
	case AccountAnnounced, AccountExists, AccountExcluded:
		return true
	}
	return false
}

// accountMoves is every legal move of a line. Attention returns to where it came
// from.
var accountMoves = map[AccountState][]AccountState{
	AccountPending:   {AccountReserved, AccountExists, AccountExcluded, AccountAttention},
	AccountReserved:  {AccountCreated, AccountPending, AccountExists, AccountExcluded, AccountAttention},
	AccountCreated:   {AccountLicensed, AccountAttention},
	AccountLicensed:  {AccountRecorded, AccountAnnounced, AccountAttention},
	AccountRecorded:  {AccountAnnounced, AccountAttention},
	AccountAttention: {AccountPending, AccountReserved, AccountCreated, AccountLicensed, AccountRecorded, AccountExists, AccountExcluded},
}

// To returns the line moved to next, or CodeConflict. Leaving attention clears
// its Trouble.
func (a Account) To(next AccountState) (Account, error) {
	if slices.Contains(accountMoves[a.State], next) {
		a.State = next
		if next != AccountAttention {
			a.Trouble = nil
		}
		return a, nil
	}
	return a, Refuse(CodeConflict, "state.account", "from", string(a.State), "to", string(next))
}

// Submit sends a request to the first stage: a new one, or a returned one that
// was corrected.
func (r Request) Submit(stages Stages, at time.Time) (Request, error) {
	if r.State != "" && r.State != StateReturned {
		return r, conflict(r)
	}
	r.Round++
	if r.SubmittedAt.IsZero() {
		r.SubmittedAt = at
	}
	return r.enter(RequestState(stages[0].Name), at), nil
}

// Decide applies a stage's verdict. The request must be with that stage, in its
// present round; who may decide is asked first, of Authority.
func (r Request) Decide(stages Stages, d Decision) (Request, error) {
	if r.State != RequestState(d.Stage) {
		return r, conflict(r)
	}
	if d.Verdict != Approve && d.Comment == "" {
		return r, Invalid("comment", "comment.required")
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
	return r, Refuse(CodeInvalid, "verdict.unknown")
}

// Cancel ends a request on the requester's word, until provisioning starts.
func (r Request) Cancel(stages Stages, at time.Time) (Request, error) {
	if r.State != StateReturned && !stages.holds(r.State) {
		return r, conflict(r)
	}
	return r.enter(StateCancelled, at), nil
}

// Expire ends a request that no stage decided, or nobody corrected, in time.
func (r Request) Expire(stages Stages, at time.Time) (Request, error) {
	if r.State != StateReturned && !stages.holds(r.State) {
		return r, conflict(r)
	}
	return r.enter(StateExpired, at), nil
}

// Settle returns the request in the state that its lines make true: completed
// when all are final, attention when one waits for the head of department.
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

// open returns how many lines need more work. Those of an earlier, longer round
// are counted among the excluded.
func (t Tally) open() int {
	n := 0
	for s, c := range t {
		if !s.Final() {
			n += c
		}
	}
	return n
}

func conflict(r Request) *Error {
	return Refuse(CodeConflict, "state.request", "folio", string(r.Folio), "state", string(r.State))
}
