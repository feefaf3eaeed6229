package provisioning

import (
	"slices"
	"time"
)

// Authority is who may decide, as configured and as of now.
type Authority struct {
	Stages          Stages
	Administrators  []string // Entra object ids
	OneMayDecideAll bool     // one person may decide several stages of a request
	Substitutes     []Substitute
	Now             time.Time
}

// Click is what the verified activity proves: who acts, in which stage's channel
// (empty elsewhere), and which of the stages' groups they belong to. Nothing of
// it comes from a card.
type Click struct {
	By      Actor
	Channel StageName
	Groups  []string
}

// MayDecide returns nil where the click decides at the stage for the request, else
// CodeForbidden with the reason: wrong channel, own request, no office, or having
// decided another stage of the same round.
func (a Authority) MayDecide(r Request, stage StageName, c Click) error {
	switch {
	case c.By.ID == "":
		return Refuse(CodeForbidden, "authority.unknown")
	case c.Channel != stage:
		return Refuse(CodeForbidden, "authority.channel")
	case !a.holdsOffice(stage, c):
		return Refuse(CodeForbidden, "authority.office")
	case c.By.ID == r.Requester.ID:
		return Refuse(CodeForbidden, "authority.own")
	case !a.OneMayDecideAll && decidedOther(r, stage, c.By):
		return Refuse(CodeForbidden, "authority.twice")
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

// Substituting reports whether the person stands in at the stage now.
func (a Authority) Substituting(stage StageName, p Actor) bool {
	return slices.ContainsFunc(a.Substitutes, func(s Substitute) bool {
		return s.Stage == stage && s.To.ID == p.ID && s.InForce(a.Now)
	})
}

// MayNameSubstitute returns nil where the click may say who stands in at the
// stage: of whoever holds the office, in its channel; of an administrator, in any
// stage's. A substitute names no other.
func (a Authority) MayNameSubstitute(stage StageName, c Click) error {
	if _, ok := a.Stages.Get(stage); !ok {
		return Invalid("stage", "substitute.stage")
	}
	a.Substitutes = nil
	switch {
	case c.Channel == "":
		return Refuse(CodeForbidden, "authority.channel")
	case a.Administrator(c.By):
		return nil
	case c.Channel != stage:
		return Refuse(CodeForbidden, "authority.channel")
	case !a.holdsOffice(stage, c):
		return Refuse(CodeForbidden, "substitute.office")
	}
	return nil
}

// MayAttend returns nil where the click may settle lines in attention: an
// administrator, in the platform channel.
func (a Authority) MayAttend(c Click) error {
	switch {
	case c.Channel != Platform:
		return Refuse(CodeForbidden, "authority.channel")
	case !a.Administrator(c.By):
		return Refuse(CodeForbidden, "authority.office")
	}
	return nil
}

// maySettle returns nil where the click may settle a line in attention of the request: as with
// the stages, not of one's own, but for the only administrator there is.
func (a Authority) maySettle(r Request, c Click) error {
	others := slices.ContainsFunc(a.Administrators, func(id string) bool { return id != c.By.ID })
	if c.By.ID == r.Requester.ID && others {
		return Refuse(CodeForbidden, "attention.own")
	}
	return a.MayAttend(c)
}

// InOffice reports whether the click comes from somebody who decides at the stage, in its
// channel, or settles what the platform is asked.
func (a Authority) InOffice(stage StageName, c Click) bool {
	if stage == Platform {
		return a.MayAttend(c) == nil
	}
	return c.Channel == stage && a.holdsOffice(stage, c)
}

// Administrator reports whether the person administers Altas.
func (a Authority) Administrator(p Actor) bool {
	return p.ID != "" && slices.Contains(a.Administrators, p.ID)
}

func decidedOther(r Request, stage StageName, by Actor) bool {
	return slices.ContainsFunc(r.Decisions, func(d Decision) bool {
		return d.Round == r.Round && d.Stage != stage && d.By.ID == by.ID
	})
}
