package flow

import (
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning"
)

// Role is who does a step.
type Role string

// The roles beside the stages, whose names are roles.
const (
	Requester Role = "requester"
	Software  Role = "software" // Altas itself
	Sender    Role = "sender"   // who sends the letters of reply
	Platform       = Role(provisioning.Platform)
)

// Act is what is done in a step. Those of Software are the line's states in which they are done.
type Act string

// The acts of people.
const (
	Submit    Act = "submit"
	Turn      Act = "turn"      // a stage approves, and another decides next
	Authorize Act = "authorize" // the last stage approves
	Send      Act = "send"      // the letter of reply goes to the area
)

// Event is why the usual way is left.
type Event string

// The events.
const (
	Returned  Event = "return"    // to the requester, for correction
	Rejected  Event = "reject"    // the request ends
	Exists    Event = "exists"    // the holder has an account
	Attention Event = "attention" // the head of department decides about the line
)

// Step is one step of the usual way.
type Step struct {
	Role       Role
	Act        Act
	Activities []int   // of the procedure, 1 to 11; none in other kinds than provisioning.Create
	Exits      []Event // in the order of the events above
}

// Wait is a time limit in working days or, if it is no whole number of them, in working hours. The
// zero Wait is no limit.
type Wait struct{ Days, Hours int }

// Flow is the way of the requests of one kind. A request that is returned is submitted again.
type Flow struct {
	Kind    provisioning.RequestKind
	Steps   []Step
	Cancels bool          // the requester may cancel until the last stage has approved
	Expire  Wait          // for a stage to decide
	Correct Wait          // for a returned request
	Recent  time.Duration // no stage decides on an account announced to the requester less than this ago; 0 for always
}

// Kind is what Of needs to know of a kind of request.
type Kind struct {
	Name   provisioning.RequestKind
	Stages []provisioning.StageName // that decide, of Rules.Stages; nil for all
	Moves  provisioning.Moves       // of its lines
	Recent time.Duration            // as Flow.Recent
	Letter bool                     // a request that a stage decided on is answered by a letter
}

// Of returns the flow of a kind of request under the rules.
func Of(rules *provisioning.Rules, k Kind) Flow {
	stages := rules.Stages.Of(provisioning.Request{Stages: k.Stages})
	f := Flow{Kind: k.Name, Recent: k.Recent}
	r, _ := provisioning.Request{}.Submit(stages, time.Time{}) // legal for a new request
	f.Steps = append(f.Steps, Step{Role: Requester, Act: Submit})
	for !r.State.Authorised() {
		f.add(rules, stages, r)
		f.Steps = append(f.Steps, decision(stages, r))
		r = decided(stages, r, provisioning.Approve)
	}
	if len(stages) == 0 {
		f.Recent = 0
	}
	f.Steps = append(f.Steps, lines(k.Moves)...)
	if k.Letter && len(stages) > 0 {
		f.Steps = append(f.Steps, Step{Role: Sender, Act: Send})
	}
	if k.Name.Creates() {
		number(f.Steps)
	}
	return f
}

// add adds what may end the request while a stage holds it, or while it is returned.
func (f *Flow) add(rules *provisioning.Rules, stages provisioning.Stages, r provisioning.Request) {
	if _, err := r.Cancel(stages, time.Time{}); err == nil {
		f.Cancels = true
	}
	if _, err := r.Expire(stages, time.Time{}); err == nil {
		f.Expire = wait(rules, rules.Deadlines.Expire)
	}
	returned := decided(stages, r, provisioning.Return)
	if _, err := returned.Expire(stages, time.Time{}); err == nil {
		f.Correct = wait(rules, rules.Deadlines.Correct)
	}
}

// decided returns the request after its stage's verdict.
func decided(stages provisioning.Stages, r provisioning.Request, v provisioning.Verdict) provisioning.Request {
	d := provisioning.Decision{Stage: provisioning.StageName(r.State), Verdict: v, Comment: "-"}
	r, _ = r.Decide(stages, d) // legal for the stage that holds the request
	return r
}

// decision returns the step of the stage that holds the request.
func decision(stages provisioning.Stages, r provisioning.Request) Step {
	s := Step{Role: Role(r.State), Act: Turn}
	if decided(stages, r, provisioning.Approve).State.Authorised() {
		s.Act = Authorize
	}
	if decided(stages, r, provisioning.Return).State == provisioning.StateReturned {
		s.Exits = append(s.Exits, Returned)
	}
	if decided(stages, r, provisioning.Reject).State.Final() {
		s.Exits = append(s.Exits, Rejected)
	}
	return s
}

// usual are the states of a line in their usual order.
var usual = [...]provisioning.AccountState{
	provisioning.AccountPending, provisioning.AccountReserved, provisioning.AccountCreated, provisioning.AccountLicensed,
	provisioning.AccountRecorded, provisioning.AccountAnnounced,
}

// lines returns the steps of a line, by its legal moves.
func lines(moves provisioning.Moves) (steps []Step) {
	for state := usual[0]; !state.Final(); {
		s := Step{Role: Software, Act: Act(state)}
		if slices.Contains(moves[state], provisioning.AccountExists) {
			s.Exits = append(s.Exits, Exists)
		}
		if slices.Contains(moves[state], provisioning.AccountAttention) {
			s.Exits = append(s.Exits, Attention)
		}
		steps = append(steps, s)
		next := slices.IndexFunc(usual[:], func(to provisioning.AccountState) bool { return slices.Contains(moves[state], to) && to != usual[0] })
		if next < 0 {
			return steps
		}
		state = usual[next]
	}
	return steps
}

// number sets the procedure's activities of the steps that make accounts.
func number(steps []Step) {
	for i, s := range steps {
		steps[i].Activities = Activities(s.Role, s.Act)
	}
}

// Activities returns the numbers, 1 to 11, of the procedure's activities that a step of a request for
// accounts stands for; nil if it stands for none.
func Activities(by Role, act Act) []int {
	switch {
	case act == Submit:
		return []int{1}
	case by == Role(provisioning.Director):
		return []int{2}
	case by == Role(provisioning.Subdirector):
		return []int{3, 4}
	case act == Send:
		return []int{11}
	}
	switch provisioning.AccountState(act) {
	case provisioning.AccountPending:
		return []int{5, 6}
	case provisioning.AccountReserved:
		return []int{7, 8}
	case provisioning.AccountCreated:
		return []int{8}
	case provisioning.AccountLicensed:
		return []int{9}
	case provisioning.AccountRecorded:
		return []int{10}
	}
	return nil
}

// wait returns a deadline in working days or hours.
func wait(rules *provisioning.Rules, d time.Duration) Wait {
	day := rules.Calendar.Days(1)
	if d%day == 0 {
		return Wait{Days: int(d / day)}
	}
	return Wait{Hours: int((d + time.Hour - 1) / time.Hour)}
}
