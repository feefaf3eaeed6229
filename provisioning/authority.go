package provisioning

import (
	"slices"
	"time"

	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Authority decides who may do what, by the configuration and the substitutes at Now.
type Authority struct {
	Stages          Stages
	Administrators  []string // Entra object ids
	OneMayDecideAll bool     // one person may decide several stages of a request
	Substitutes     []Substitute
	Now             time.Time
}

// Click is what the verified activity proves: the person, the stage whose channel it came from (""
// for none), and those of the stages' groups they belong to. Nothing in it comes from card data.
type Click struct {
	By      Actor
	Channel StageName
	Groups  []string
}

// MayDecide returns nil if the person may decide on the request at the stage, else CodeForbidden
// with the reason: wrong channel, own request, no approver of the stage, or decided another stage
// in the same round.
func (a Authority) MayDecide(r Request, stage StageName, c Click) error {
	switch {
	case c.By.ID == "":
		return problem.Refuse(problem.CodeForbidden, "authority.unknown")
	case c.Channel != stage:
		return problem.Refuse(problem.CodeForbidden, "authority.channel")
	case !a.holdsOffice(stage, c):
		return problem.Refuse(problem.CodeForbidden, "authority.office")
	case c.By.ID == r.Requester.ID:
		return problem.Refuse(problem.CodeForbidden, "authority.own")
	case !a.OneMayDecideAll && decidedOther(r, stage, c.By):
		return problem.Refuse(problem.CodeForbidden, "authority.twice")
	}
	return nil
}

func (a Authority) holdsOffice(stage StageName, c Click) bool {
	st, ok := a.Stages.Get(stage)
	if !ok {
		return false
	}
	if slices.Contains(st.Approvers, c.By.ID) {
		return true
	}
	if st.ApproverGroup != "" && slices.Contains(c.Groups, st.ApproverGroup) {
		return true
	}
	return a.Substituting(stage, c.By)
}

// Substituting reports whether the person is a substitute at the stage now.
func (a Authority) Substituting(stage StageName, p Actor) bool {
	return slices.ContainsFunc(a.Substitutes, func(s Substitute) bool {
		return s.Stage == stage && s.To.ID == p.ID && s.InForce(a.Now)
	})
}

// MayNameSubstitute returns nil if the person may name substitutes at the stage: an approver in the
// stage's channel, or an administrator in any stage's channel. A substitute may not.
func (a Authority) MayNameSubstitute(stage StageName, c Click) error {
	if _, ok := a.Stages.Get(stage); !ok {
		return problem.Invalid("stage", "substitute.stage")
	}
	a.Substitutes = nil
	switch {
	case c.Channel == "":
		return problem.Refuse(problem.CodeForbidden, "authority.channel")
	case a.Administrator(c.By):
		return nil
	case c.Channel != stage:
		return problem.Refuse(problem.CodeForbidden, "authority.channel")
	case !a.holdsOffice(stage, c):
		return problem.Refuse(problem.CodeForbidden, "substitute.office")
	}
	return nil
}

// MayAttend returns nil if the person may settle lines in attention: an administrator, in the
// platform channel.
func (a Authority) MayAttend(c Click) error {
	switch {
	case c.Channel != Platform:
		return problem.Refuse(problem.CodeForbidden, "authority.channel")
	case !a.Administrator(c.By):
		return problem.Refuse(problem.CodeForbidden, "authority.office")
	}
	return nil
}

// maySettle returns nil if the person may settle a line in attention of the request. As at the
// stages nobody settles their own request, except the only administrator.
func (a Authority) maySettle(r Request, c Click) error {
	others := slices.ContainsFunc(a.Administrators, func(id string) bool { return id != c.By.ID })
	if c.By.ID == r.Requester.ID && others {
		return problem.Refuse(problem.CodeForbidden, "attention.own")
	}
	return a.MayAttend(c)
}

// InOffice reports whether the person is an approver of the stage, in its channel; for Platform,
// whether they may settle lines in attention.
func (a Authority) InOffice(stage StageName, c Click) bool {
	if stage == Platform {
		return a.MayAttend(c) == nil
	}
	return c.Channel == stage && a.holdsOffice(stage, c)
}

// Administrator reports whether the person is an administrator.
func (a Authority) Administrator(p Actor) bool {
	return p.ID != "" && slices.Contains(a.Administrators, p.ID)
}

func decidedOther(r Request, stage StageName, by Actor) bool {
	return slices.ContainsFunc(r.Decisions, func(d Decision) bool {
		return d.Round == r.Round && d.Stage != stage && d.By.ID == by.ID
	})
}
