package approval

import (
	"context"
	"errors"
	"fmt"

	"seducoahuila.gob.mx/altas/bot/post"
	"seducoahuila.gob.mx/altas/bot/turn"
	"seducoahuila.gob.mx/altas/cards"
	"seducoahuila.gob.mx/altas/provisioning"
	"seducoahuila.gob.mx/altas/provisioning/problem"
)

// Refresh updates the request's cards in the stages' channels, and posts the one of the stage
// that holds it.
func (ap *Approvals) Refresh(ctx context.Context, d cards.RequestView) error {
	var failed []error
	for _, stage := range ap.Rules.Stages.Of(d.Request) {
		for round := 1; round <= d.Request.Round; round++ {
			asked := round == d.Request.Round && d.Request.State == provisioning.RequestState(stage.Name)
			if err := ap.showStage(ctx, d.Request.Folio, stage.Name, round, asked); err != nil {
				failed = append(failed, fmt.Errorf("card of %s at %s: %w", d.Request.Folio, stage.Name, err))
			}
		}
	}
	return errors.Join(failed...)
}

func (ap *Approvals) showStage(ctx context.Context, f provisioning.Folio, stage provisioning.StageName, round int, asked bool) error {
	key := post.OfStage(f, stage, round)
	p, err := ap.Posts.Read(ctx, key)
	if err != nil || !p.Posted() && !asked {
		return err
	}
	return ap.Posts.OneAtATime(ctx, key, func() error {
		to, err := ap.Recipients.Find(ctx, string(stage))
		if err != nil {
			return err
		}
		view, err := ap.View.Approval(ctx, f, stage, round)
		if err != nil {
			return err
		}
		return ap.Posts.EnsureAt(ctx, key, to, asked, drawn(to.Texts, view, to.Deciders))
	})
}

// decide applies an approver's click, and answers with the updated card.
func (ap *Approvals) decide(ctx context.Context, t turn.Context, c cards.Click) (turn.Answer, error) {
	proven, err := ap.Access.Proven(ctx, t.By, t.Stage)
	if err != nil {
		return turn.Answer{}, err
	}
	excluded, readable := c.Excluded()
	if !readable {
		return t.Outdated(), nil
	}
	act := provisioning.Act{
		Folio: c.Folio, Stage: c.Stage, Round: c.Round, Verdict: verdicts[c.Verb],
		Comment: c.Inputs["comment"], Excluded: excluded, Click: proven,
	}
	key := post.OfStage(act.Folio, act.Stage, act.Round)
	err = ap.applyAct(ctx, act, func(tx provisioning.Tx) error { return ap.Posts.Adopt(tx, key, t.Source()) })
	wrong, atInput := turn.AtInput(err)
	switch {
	case atInput:
		return ap.approvalCard(ctx, t, act, map[string]error{wrong.Field: wrong}, c.Inputs)
	case problem.CodeOf(err) == problem.CodeConflict: // already decided: the updated card says by whom
		s, err := ap.approvalCard(ctx, t, act, nil, nil)
		return s, errors.Join(err, ap.Posts.Refresh(ctx, key, act.Folio, act.Round, t.Source()))
	case err == nil:
		return ap.approvalCard(ctx, t, act, nil, nil)
	}
	return turn.Answer{}, err
}

// applyAct applies a decision, clicked or typed, and also in the same transaction. It is first
// checked in a read transaction, so that a refused one does not wait for the write lock.
func (ap *Approvals) applyAct(ctx context.Context, act provisioning.Act, also ...func(provisioning.Tx) error) error {
	err := ap.Store.View(ctx, func(tx provisioning.Tx) error {
		auth, err := ap.Access.Authority(tx)
		if err != nil {
			return err
		}
		_, err = ap.Workflow.Deciding(tx, auth, act)
		return err
	})
	if err != nil {
		return err
	}
	return ap.Store.Update(ctx, func(tx provisioning.Tx) error {
		auth, err := ap.Access.Authority(tx)
		if err != nil {
			return err
		}
		if _, err = ap.Workflow.Decide(tx, auth, act); err != nil {
			return err
		}
		for _, do := range also {
			err = errors.Join(err, do(tx))
		}
		return err
	})
}

var verdicts = map[string]provisioning.Verdict{
	cards.ApprovalApprove: provisioning.Approve,
	cards.ApprovalReturn:  provisioning.Return,
	cards.ApprovalReject:  provisioning.Reject,
}

// approvalCard renders the stage's card in its present state, with the errors at its inputs.
func (ap *Approvals) approvalCard(ctx context.Context, t turn.Context, act provisioning.Act, faults map[string]error, typed map[string]string) (turn.Answer, error) {
	view, err := ap.View.Approval(ctx, act.Folio, act.Stage, act.Round)
	if len(faults) > 0 {
		view.Errors, view.Values, view.Tried = faults, typed, act.Verdict
	}
	card, err := ap.named(ctx, t, view, err)
	return turn.Answer{Card: card, Post: post.OfStage(act.Folio, act.Stage, act.Round)}, err
}

// ReplyOutcome replies once, in the thread of the card on which a request was authorised, with
// its outcome. The reply is stored as a post, so it is not repeated after a restart.
func (ap *Approvals) ReplyOutcome(ctx context.Context, d cards.RequestView) error {
	stages := d.Stages
	if len(stages) == 0 {
		return nil
	}
	last := stages[len(stages)-1]
	to, err := ap.Recipients.Find(ctx, string(last))
	if err != nil {
		return err
	}
	text := to.Texts.Outcome(d)
	if text == "" {
		return nil
	}
	card := post.OfStage(d.Request.Folio, last, d.Request.Round)
	return ap.Posts.SayBelow(ctx, post.OfOutcome(d.Request), card, d.Request.Folio, to, text)
}

// Card renders the card of a request at a stage.
func (ap *Approvals) Card(ctx context.Context, t turn.Context, c cards.Click) (cards.Card, error) {
	view, err := ap.View.Approval(ctx, c.Folio, c.Stage, c.Round)
	return ap.named(ctx, t, view, err)
}

// named renders the card for a person who opened it, with the names of those whom it waits for.
func (ap *Approvals) named(ctx context.Context, t turn.Context, view cards.Approval, err error) (cards.Card, error) {
	if err != nil || !view.Waits() {
		return t.Texts.Approval(view), err
	}
	to, err := ap.Recipients.Find(ctx, string(view.Stage))
	return drawn(t.Texts, view, to.Deciders), err
}

// drawn renders a stage's card. One that waits names those who decide; a decided one names nobody.
func drawn(texts *cards.Texts, view cards.Approval, deciders []provisioning.Actor) cards.Card {
	if !view.Waits() {
		deciders = nil
	}
	return texts.Mentioning(texts.Approval(view), deciders...)
}
