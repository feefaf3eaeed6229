package status

import (
	"context"
	"slices"

	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/access"
)

// Waiting lists, in a personal chat, the requests that wait for the person's decision; for an
// administrator, all that wait for anybody's. Who decides nowhere gets their own requests.
func (rq *Requests) Waiting(ctx context.Context, t turn.Context) (cards.Message, error) {
	return rq.waiting(ctx, t, "")
}

// waiting is a page of Waiting, the requests after a folio.
func (rq *Requests) waiting(ctx context.Context, t turn.Context, after provisioning.Folio) (cards.Message, error) {
	groups, err := rq.Access.Groups(ctx, t.By)
	if err != nil {
		return cards.Message{}, err
	}
	var reach access.Reach
	err = rq.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		reach, err = rq.Access.Reach(tx, t.By, groups)
		return err
	})
	if err != nil {
		return cards.Message{}, err
	}
	if reach.None() {
		return rq.mine(ctx, t, "")
	}
	l, err := rq.View.Waiting(ctx, after, rq.states(reach)...)
	if err != nil {
		return cards.Message{}, err
	}
	return cards.Message{Card: t.Texts.Waiting(l)}, rq.linkRows(ctx, reach, l.Rows)
}

func (rq *Requests) waitingClick(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	m, err := rq.waiting(ctx, t, c.Folio)
	return turn.Answer{Card: m.Card}, err
}

// states returns the states of the requests that wait within a reach.
func (rq *Requests) states(reach access.Reach) []provisioning.RequestState {
	stages := reach.Stages
	if reach.All {
		stages = rq.Rules.Stages.WithPlatform()
	}
	states := make([]provisioning.RequestState, len(stages))
	for i, stage := range stages {
		states[i] = stage.Waiting()
	}
	return states
}

// linkRows sets the deep link of the rows whose card the person decides on. Others open the request
// here: the person need not be a member of the other stages' channels.
func (rq *Requests) linkRows(ctx context.Context, reach access.Reach, rows []cards.Row) error {
	return rq.Store.View(ctx, func(tx provisioning.Tx) (err error) {
		for i, row := range rows {
			stage := provisioning.StageName(row.Request.State)
			if row.Request.State == provisioning.Platform.Waiting() {
				stage = provisioning.Platform
			}
			if !slices.Contains(reach.Stages, stage) && (stage != provisioning.Platform || !reach.All) {
				continue
			}
			if rows[i].URL, err = rq.link(tx, stage, row.Request); err != nil {
				return err
			}
		}
		return nil
	})
}
