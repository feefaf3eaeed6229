package provisioning

import (
	"slices"
	"strconv"

	"seducoahuila.gob.mx/altas/provisioning/identity"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// StageName names a stage of approval. It is also the state of a request that the stage holds.
type StageName string

// The stages of the procedure, and Platform, the head of department's channel, which only settles
// lines in attention.
const (
	Director    StageName = "director"
	Subdirector StageName = "subdirector"
	Platform    StageName = "platform"
)

// Stage is one step of approval. Approvers are Entra object ids; members of ApproverGroup (an Entra
// group id) may decide too.
type Stage struct {
	Name          StageName
	Approvers     []string
	ApproverGroup string
}

// Stages are the steps in order, at least one.
type Stages []Stage

// Get returns the stage of that name; false if there is none.
func (s Stages) Get(name StageName) (Stage, bool) {
	i := slices.IndexFunc(s, func(st Stage) bool { return st.Name == name })
	if i < 0 {
		return Stage{}, false
	}
	return s[i], true
}

// Of returns the stages that decide on the request: those set when it was submitted or, if it was
// stored by a version without that setting, all.
func (s Stages) Of(r Request) Stages {
	if r.Stages == nil {
		return s
	}
	return slices.DeleteFunc(slices.Clone(s), func(st Stage) bool { return !slices.Contains(r.Stages, st.Name) })
}

// Names returns the names of the stages in order; not nil.
func (s Stages) Names() []StageName {
	names := make([]StageName, 0, len(s)+1)
	for _, st := range s {
		names = append(names, st.Name)
	}
	return names
}

func (s Stages) after(name StageName) RequestState {
	i := slices.IndexFunc(s, func(st Stage) bool { return st.Name == name })
	if i >= 0 && i+1 < len(s) {
		return RequestState(s[i+1].Name)
	}
	return StateProvisioning
}

func (s Stages) holds(state RequestState) bool {
	_, ok := s.Get(StageName(state))
	return ok
}

// WithPlatform returns the names of the stages in order, then Platform: the owners of channels.
func (s Stages) WithPlatform() []StageName { return append(s.Names(), Platform) }

// Known reports whether the name is a stage's or Platform.
func (s Stages) Known(name StageName) bool { return slices.Contains(s.WithPlatform(), name) }

// Waiting returns the state of the requests that the stage must act on; for Platform that is
// StateAttention.
func (s StageName) Waiting() RequestState {
	if s == Platform {
		return StateAttention
	}
	return RequestState(s)
}

// CheckRepeated returns CodeInvalid at the CURP, with the other's number, if a form has the same
// holder already. editing is the number of the holder being replaced, from 1; 0 for none.
func CheckRepeated(holders []identity.Holder, editing int, h identity.Holder) error {
	for i, other := range holders {
		if i+1 != editing && other.Is(h) {
			return problem.Invalid("curp", "person.repeated", "number", strconv.Itoa(i+1))
		}
	}
	return nil
}

// Reached reports whether the request, in its present round, has come to the stage: it is the first,
// the one before it approved, or it has decided itself. What a correction changed is for a later stage
// only once the earlier ones have approved it.
func (s Stages) Reached(r Request, name StageName) bool {
	deciding := s.Of(r)
	i := slices.IndexFunc(deciding, func(st Stage) bool { return st.Name == name })
	if i < 0 {
		return false
	}
	if _, decided := r.Decision(name); decided || i == 0 || r.State == RequestState(name) {
		return true
	}
	before, decided := r.Decision(deciding[i-1].Name)
	return decided && before.Verdict == Approve
}
