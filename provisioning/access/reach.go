package access

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Reach is which requests of others a person finds and reads, by what they may decide now. The zero
// Reach is none.
type Reach struct {
	All    bool                     // of an administrator, and in the platform's channel
	Stages []provisioning.StageName // what has reached these

	rules provisioning.Stages
}

// None reports whether no request of others is within reach.
func (r Reach) None() bool { return !r.All && len(r.Stages) == 0 }

// Reads reports whether the request is within reach.
func (r Reach) Reads(request provisioning.Request) bool {
	return r.All || slices.ContainsFunc(r.Stages, func(s provisioning.StageName) bool { return r.rules.Reached(request, s) })
}

// Finds reports whether a search by the person finds a line: one within reach, or their own. A search
// of all lines also matches addresses that are masked for the requester, and finding such a line could
// confirm a guess; so it is not found by those who have any reach.
func (r Reach) Finds(by provisioning.Actor, line provisioning.Account, request provisioning.Request) bool {
	if r.Reads(request) {
		return true
	}
	return request.Requester.ID == by.ID && (r.None() || !line.Guarded || request.State.Authorised())
}

// Groups returns those approver groups of the stages that the person belongs to. A stage that names
// the person needs no lookup.
func (a *Policy) Groups(ctx context.Context, by provisioning.Actor) ([]string, error) {
	var all []string
	for _, stage := range a.Rules.Stages {
		if by.ID == "" || stage.ApproverGroup == "" || slices.Contains(stage.Approvers, by.ID) || slices.Contains(all, stage.ApproverGroup) {
			continue
		}
		groups, err := a.groupsOf(ctx, by, stage.ApproverGroup)
		if err != nil {
			return nil, err
		}
		all = append(all, groups...)
	}
	return all, nil
}

// Reach returns the reach of a person in their personal chat: everything for an administrator; what
// reached the stages at which they decide, by name, group or a substitution in force, for others.
func (a *Policy) Reach(tx provisioning.Tx, by provisioning.Actor, groups []string) (Reach, error) {
	reach := Reach{rules: a.Rules.Stages}
	auth, err := a.Authority(tx)
	if err != nil || by.ID == "" {
		return reach, err
	}
	reach.All = auth.Administrator(by)
	for _, stage := range a.Rules.Stages.Names() {
		if auth.InOffice(stage, provisioning.Click{By: by, Channel: stage, Groups: groups}) {
			reach.Stages = append(reach.Stages, stage)
		}
	}
	return reach, nil
}

// ReachIn returns the reach of an answer in the channel of a stage, which all its members read: what
// reached that stage, whoever asks; everything in the platform's, whose department serves all
// requests. It is CodeForbidden for those who neither decide there nor administer, and in a channel of
// no stage.
func (a *Policy) ReachIn(tx provisioning.Tx, c provisioning.Click) (Reach, error) {
	auth, err := a.Authority(tx)
	switch {
	case err != nil:
		return Reach{}, err
	case !a.Rules.Stages.Known(c.Channel):
		return Reach{}, problem.Refuse(problem.CodeForbidden, "authority.channel")
	case !auth.InOffice(c.Channel, c) && !auth.Administrator(c.By):
		return Reach{}, problem.Refuse(problem.CodeForbidden, "authority.look")
	case c.Channel == provisioning.Platform:
		return Reach{All: true}, nil
	}
	return Reach{Stages: []provisioning.StageName{c.Channel}, rules: a.Rules.Stages}, nil
}

// Within returns a request that is within reach. Any other is CodeNotFound "request.not_reached", as
// is a folio that does not exist.
func (r Reach) Within(tx provisioning.Tx, f provisioning.Folio) (provisioning.Request, error) {
	request, err := tx.Request(f)
	missing := problem.CodeOf(err) == problem.CodeNotFound
	if missing || err == nil && !r.Reads(request) {
		return provisioning.Request{}, problem.Refuse(problem.CodeNotFound, "request.not_reached", "folio", string(f))
	}
	return request, err
}
